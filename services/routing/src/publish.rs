//! Facts of the domain → messages. Exhaustive: a new fact does not compile until it is decided here.

use db::{Draft, Published, StoreError, Tx};
use kernel::{EventId, MatterId, UnixMillis};

use crate::domain::{fact::Fact, matter::Matter};

/// Publishes what happened to a matter and applies it, so that row, chain and version go together.
pub async fn publish(
    tx: &mut Tx<'_>,
    matter: &mut Matter,
    fact: Fact,
    at: UnixMillis,
    cause: Option<EventId>,
) -> Result<Published, StoreError> {
    let draft = draft(matter.id, &fact, at)?;
    let draft = match cause {
        Some(cause) => draft.caused_by(cause),
        None => draft,
    };
    let published = tx.publish(draft).await?;
    matter.apply(&fact);
    if published.version == matter.version {
        return Ok(published);
    }
    Err(StoreError::corrupt("matter", "version", matter.id))
}

/// The message of a fact.
pub fn draft(matter: MatterId, fact: &Fact, at: UnixMillis) -> Result<Draft, StoreError> {
    match fact {
        Fact::Proposed(f) => Draft::of(matter, at, f),
        Fact::Screened(f) => Draft::of(matter, at, f),
        Fact::Forwarded(f) => Draft::of(matter, at, f),
        Fact::Recalled(f) => Draft::of(matter, at, f),
        Fact::Delivered(f) => Draft::of(matter, at, f),
        Fact::Signed(f) => Draft::of(matter, at, f),
        Fact::Accepted(f) => Draft::of(matter, at, f),
        Fact::Deemed(f) => Draft::of(matter, at, f),
        Fact::Issued(f) => Draft::of(matter, at, f),
        Fact::Served(f) => Draft::of(matter, at, f),
        Fact::Closed(f) => Draft::of(matter, at, f),
        Fact::Objected(f) => Draft::of(matter, at, f),
        Fact::ObjectionDecided(f) => Draft::of(matter, at, f),
        Fact::DisputeRaised(f) => Draft::of(matter, at, f),
        Fact::CompetenceDecided(f) => Draft::of(matter, at, f),
        Fact::Extended(f) => Draft::of(matter, at, f),
        Fact::ResolutionSetAside(f) => Draft::of(matter, at, f),
        Fact::CoAssigned(f) => Draft::of(matter, at, f),
        Fact::CoAnswered(f) => Draft::of(matter, at, f),
        Fact::CoReleased(f) => Draft::of(matter, at, f),
        Fact::SetAside(f) => Draft::of(matter, at, f),
    }
}
