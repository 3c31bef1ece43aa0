//! What notification shows: states and dates, nobody's name.

use contracts::{
    Page,
    notification::commands::{ListNotices, NoticeCounts, NoticeView},
};
use db::Tx;
use kernel::{Actor, MatterId, NoticeId, civil_date};

use super::Outcome;
use crate::{domain::audience::Audience, error, rights, store, store::rows::Listed};

/// One page of notices to petitioners.
pub async fn list(tx: &mut Tx<'_>, actor: &Actor, wish: &ListNotices) -> Outcome<Page<NoticeView>> {
    if let Err(refusal) = rights::list(actor, wish.restricted) {
        return Ok(Err(refusal));
    }
    let (items, next) = store::page(tx, wish).await?;
    Ok(Ok(Page { items: items.into_iter().filter_map(view).collect(), next }))
}

/// One notice to a petitioner.
pub async fn one(tx: &mut Tx<'_>, actor: &Actor, id: NoticeId) -> Outcome<NoticeView> {
    let unseen = || error::NO_SUCH_NOTICE.refuse();
    let found = store::load(tx, id).await?;
    // Whoever may see none learns nothing of what is there; to the others what they may not see is not there.
    if let Err(refusal) = rights::list(actor, false).or_else(|_| rights::list(actor, true)) {
        return Ok(Err(refusal));
    }
    let seen = found.filter(|listed| rights::list(actor, listed.notice.restricted).is_ok());
    Ok(seen.and_then(view).ok_or_else(unseen))
}

/// The notices of a matter to its petitioner.
pub async fn of_matter(tx: &mut Tx<'_>, actor: &Actor, id: MatterId) -> Outcome<Vec<NoticeView>> {
    let known = store::matter(tx, id).await?.map(|m| m.restricted);
    let (ordinary, officer) = (rights::list(actor, false), rights::list(actor, true));
    let seen = match known {
        Some(false) => ordinary,
        Some(true) if officer.is_ok() => officer,
        // To those who must not know of an accusation there is none; and what is not here yet is not there.
        Some(true) | None => ordinary.or(officer).and_then(|()| Err(error::NO_SUCH_NOTICE.refuse())),
    };
    if let Err(refusal) = seen {
        return Ok(Err(refusal));
    }
    Ok(Ok(store::of_matter(tx, id).await?.into_iter().filter_map(view).collect()))
}

/// Notices by state; of accusations none.
pub async fn counts(tx: &mut Tx<'_>, actor: &Actor) -> Outcome<NoticeCounts> {
    if let Err(refusal) = rights::count(actor) {
        return Ok(Err(refusal));
    }
    let mut counts = NoticeCounts { twice: store::twice(tx).await?, ..NoticeCounts::default() };
    for (kind, state, n) in store::counts(tx).await? {
        match kind.as_str() {
            "petitioner" => *counts.petitioners.entry(state).or_default() += n,
            "desk" => *counts.desks.entry(state).or_default() += n,
            _ => counts.inbox += n,
        }
    }
    Ok(Ok(counts))
}

fn view(listed: Listed) -> Option<NoticeView> {
    let Listed { notice, number } = listed;
    if notice.audience != Audience::Petitioner {
        return None;
    }
    Some(NoticeView {
        notice_id: notice.id,
        matter_id: notice.matter_id?,
        number: number.filter(|_| !notice.restricted),
        restricted: notice.restricted,
        template: notice.template,
        template_version: notice.template_version,
        channel: notice.channel,
        state: notice.state,
        trouble: notice.trouble,
        queued_on: civil_date(notice.queued_at),
        attempts: notice.attempts,
        next_attempt_at: notice.next_attempt_at,
        sent_on: notice.sent_on,
        delivered_on: notice.delivered_on,
        way: notice.way,
        proof: notice.proof,
        version: notice.version,
    })
}
