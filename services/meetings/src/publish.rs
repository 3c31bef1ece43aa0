//! Facts of the domain → messages. Exhaustive: a new fact does not compile until it is decided here.
//!
//! What is about a matter carries its id, what is about a meeting as a whole the meeting's.

use db::{Draft, Published, StoreError, Tx};
use kernel::{EventId, UnixMillis};

use crate::domain::fact::Fact;

/// Publishes what happened.
///
/// # Errors
/// What the store says.
pub async fn publish(
    tx: &mut Tx<'_>,
    fact: &Fact,
    at: UnixMillis,
    cause: Option<EventId>,
) -> Result<Published, StoreError> {
    let draft = draft(fact, at)?;
    tx.publish(match cause {
        Some(cause) => draft.caused_by(cause),
        None => draft,
    })
    .await
}

fn draft(fact: &Fact, at: UnixMillis) -> Result<Draft, StoreError> {
    match fact {
        Fact::Proposed(f) => Draft::of(f.matter_id, at, f),
        Fact::Settled(f) => Draft::of(f.matter_id, at, f),
        Fact::Called(f) => Draft::of(f.terms.meeting_id, at, f.as_ref()),
        Fact::Moved(f) => Draft::of(f.terms.meeting_id, at, f.as_ref()),
        Fact::CalledOff(f) => Draft::of(f.terms.meeting_id, at, f.as_ref()),
        Fact::Replied(f) => Draft::of(f.meeting_id, at, f),
        Fact::Held(f) => Draft::of(f.meeting_id, at, f),
        Fact::Adopted(f) => Draft::of(f.matter_id, at, f),
        Fact::Fixed(f) => Draft::of(f.meeting_id, at, f),
        Fact::Issued(f) => Draft::of(f.matter_id, at, f),
        Fact::Received(f) => Draft::of(f.matter_id, at, f),
        Fact::Reported(f) => Draft::of(f.matter_id, at, f),
        Fact::Checked(f) => Draft::of(f.matter_id, at, f),
        Fact::Overdue(f) => Draft::of(f.matter_id, at, f),
    }
}
