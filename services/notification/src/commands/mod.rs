//! One file per command: load → decide → store → reply.

pub mod again;
pub mod inbox;
pub mod letters;
pub mod print;
pub mod queries;

use contracts::{codes::NoticeTrouble, notification::commands::NoticesChanged};
use db::{StoreError, Tx};
use kernel::{Actor, Clock, NoticeId, Refusal};

use crate::{domain::notice::Notice, error, publish::publish, rights, store};

/// A refusal is a value and commits; a store error rolls back.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// Most notices of one command.
pub const MAX_AT_ONCE: usize = 50;

/// Loads a notice to a petitioner that the actor may handle.
pub async fn load_for(tx: &mut Tx<'_>, actor: &Actor, id: NoticeId) -> Outcome<Notice> {
    load_at(tx, actor, (id, None)).await
}

/// The same at the version that a person saw, when it is named.
pub async fn load_at(tx: &mut Tx<'_>, actor: &Actor, (id, seen): (NoticeId, Option<i64>)) -> Outcome<Notice> {
    let found = store::load(tx, id).await?.map(|listed| listed.notice);
    let Some(notice) = found else {
        // Whoever may handle none learns nothing of what is there.
        let none = rights::desk(actor, false).or_else(|_| rights::desk(actor, true));
        return Ok(none.and(Err(error::NO_SUCH_NOTICE.refuse())));
    };
    let stale = || error::NOTICE_STALE.refuse().at("expected_version").with("found", notice.version);
    let found = rights::desk(actor, notice.restricted);
    let fresh = || if seen.is_none_or(|seen| seen == notice.version) { Ok(()) } else { Err(stale()) };
    Ok(found.and_then(|()| fresh()).map(|()| notice))
}

/// Stores a changed notice and says so.
pub async fn keep(tx: &mut Tx<'_>, notice: &Notice, loaded: i64) -> Result<(), StoreError> {
    if notice.version == loaded {
        return Ok(());
    }
    store::save(tx, notice, loaded).await?;
    publish(tx, notice, tx.clocks().business.now(), None).await
}

/// A letter that has no address goes another way.
pub async fn without_address(
    tx: &mut Tx<'_>,
    id: NoticeId,
    trouble: NoticeTrouble,
) -> Result<(), StoreError> {
    let Some(mut notice) = store::load(tx, id).await?.map(|listed| listed.notice) else { return Ok(()) };
    if notice.may_print().is_ok() {
        let (loaded, now) = (notice.version, tx.clocks().technical.now());
        notice.other_way(trouble, now);
        keep(tx, &notice, loaded).await?;
    }
    Ok(())
}

/// What a caller hears.
#[must_use]
pub fn changed(count: usize) -> NoticesChanged {
    NoticesChanged { changed: i64::try_from(count).unwrap_or(i64::MAX) }
}
