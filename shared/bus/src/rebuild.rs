//! `lianxi bus rebuild`: the streams from nothing, by what the outboxes hold.

use db::{Db, StoreError, meta, outbox};
use kernel::{AgencyCode, Clock};

use crate::{Bus, ConsumeError, Epoch, streams};

/// What a rebuild did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    /// The new epoch.
    pub epoch: Epoch,
    /// Outbox rows that go out again.
    pub reopened: u64,
}

/// Deletes every stream and makes it anew in a new epoch, and opens the outboxes again: facts and returns as
/// far back as streams keep them, and every dispatch without receipt. The relays send them; inboxes drop what
/// they know. Repeat it if it fails half-way. Services may run meanwhile: what they publish into the gap stays
/// unsent in their outbox.
///
/// # Errors
/// When the bus or a database is away.
pub async fn rebuild(bus: &Bus, databases: &[Db], agencies: &[AgencyCode]) -> Result<Rebuilt, ConsumeError> {
    let mut after = 0;
    for db in databases {
        after = after.max(meta::epoch(db).await?);
    }
    let epoch = streams::recreate(bus, agencies, after).await?;
    let mut reopened = 0;
    for db in databases {
        reopened += reopen(db, epoch.number).await?;
    }
    tracing::warn!(epoch = epoch.number, first_seq = epoch.first_seq, reopened, "streams rebuilt");
    Ok(Rebuilt { epoch, reopened })
}

/// Brings one database into an epoch: also what an agency's own site does when it learns of a rebuild.
///
/// # Errors
/// What the store says.
pub async fn reopen(db: &Db, epoch: i64) -> Result<u64, StoreError> {
    db.write(move |tx| {
        Box::pin(async move {
            let since = tx.clocks().business.now().plus_ms(-streams::MAX_AGE_MS);
            match meta::raise_epoch(tx, epoch).await {
                // Already there: the command is repeated after a failure.
                Ok(()) | Err(StoreError::Stale) => outbox::reopen(tx, since).await,
                Err(error) => Err(error),
            }
        })
    })
    .await
}
