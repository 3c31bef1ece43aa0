//! Facts of the domain → messages. Exhaustive: a new fact does not compile until it is decided here.

use db::{Draft, Published, StoreError, Tx};
use kernel::{EventId, MatterId, UnixMillis};

use crate::domain::fact::Fact;

/// Publishes what happened about a matter.
///
/// # Errors
/// What the store says.
pub async fn publish(
    tx: &mut Tx<'_>,
    matter: MatterId,
    fact: &Fact,
    at: UnixMillis,
    cause: Option<EventId>,
) -> Result<Published, StoreError> {
    let draft = draft(matter, fact, at)?;
    tx.publish(match cause {
        Some(cause) => draft.caused_by(cause),
        None => draft,
    })
    .await
}

fn draft(matter: MatterId, fact: &Fact, at: UnixMillis) -> Result<Draft, StoreError> {
    match fact {
        Fact::Warned(f) => Draft::of(matter, at, f),
        Fact::Breached(f) => Draft::of(matter, at, f),
        Fact::Issued(f) => Draft::of(matter, at, f),
        Fact::Acknowledged(f) => Draft::of(matter, at, f),
        Fact::Replied(f) => Draft::of(matter, at, f),
        Fact::Closed(f) => Draft::of(matter, at, f),
        Fact::SentBack(f) => Draft::of(matter, at, f),
    }
}
