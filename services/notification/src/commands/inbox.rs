//! 站内通知: what an agency's people, or a role of the office, find in their inbox.

use contracts::{
    Page,
    notification::commands::{InboxItem, ListInbox, Mark, NoticesChanged, ReadInbox, Unread},
};
use db::Tx;
use kernel::{Actor, Clock, Refusal};

use super::{Outcome, changed};
use crate::{error, rights, store, store::rows::Listed, svc::Words};

/// Most notices of one reading.
const MAX_READ: usize = 200;

/// One page of the caller's inboxes, in words.
pub async fn list(
    tx: &mut Tx<'_>,
    actor: &Actor,
    wish: &ListInbox,
    words: &Words,
) -> Outcome<Page<InboxItem>> {
    let audiences = match rights::inboxes(actor) {
        Ok(audiences) => audiences,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (items, next) = store::inbox(tx, &audiences, wish.unread_only, &wish.page).await?;
    let agencies = store::agencies(tx).await?;
    let items = items.into_iter().map(|listed| item(listed, wish.english, words, &agencies));
    Ok(items.collect::<Result<_, Refusal>>().map(|items| Page { items, next }))
}

fn item(
    listed: Listed,
    english: bool,
    words: &Words,
    agencies: &[store::Agency],
) -> Result<InboxItem, Refusal> {
    let said = words.of(&listed, english, agencies, None)?;
    let notice = listed.notice;
    Ok(InboxItem {
        notice_id: notice.id,
        template: notice.template,
        title: said.title,
        paragraphs: said.paragraphs,
        subject_id: notice.subject_id,
        assignment_id: notice.told.get("assignment_id").cloned(),
        at: notice.queued_at,
        read: notice.read,
    })
}

/// Notes what was read.
pub async fn read(tx: &mut Tx<'_>, actor: &Actor, command: &ReadInbox) -> Outcome<NoticesChanged> {
    let audiences = match rights::inboxes(actor) {
        Ok(audiences) => audiences,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if command.notices.len() > MAX_READ {
        return Ok(Err(error::TOO_MANY_LETTERS.refuse().at("notices").with("most", MAX_READ)));
    }
    let now = tx.clocks().business.now();
    let count = store::mark_read(tx, &audiences, &command.notices, now).await?;
    if count > 0 {
        store::raise_mark(tx).await?;
    }
    Ok(Ok(changed(usize::try_from(count).unwrap_or(usize::MAX))))
}

/// How many are unread.
pub async fn unread(tx: &mut Tx<'_>, actor: &Actor) -> Outcome<Unread> {
    match rights::inboxes(actor) {
        Ok(audiences) => Ok(Ok(Unread { unread: store::unread(tx, &audiences).await? })),
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// The mark of all inboxes; it says nothing of anybody.
pub async fn mark(tx: &mut Tx<'_>) -> Outcome<Mark> {
    Ok(Ok(Mark { mark: store::mark(tx).await? }))
}
