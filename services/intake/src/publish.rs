//! From what happened to what is said: each fact of the domain as a draft for the outbox.

use db::{Draft, StoreError};
use kernel::UnixMillis;

use crate::domain::fact::Fact;

/// The draft of a fact. Its subject is the submission; a registration is the first word about it.
///
/// # Errors
/// When the fact does not serialise.
pub fn draft(fact: &Fact, at: UnixMillis) -> Result<Draft, StoreError> {
    let id = fact.submission();
    match fact {
        Fact::Registered(body) => Draft::of(id, at, body).map(Draft::genesis),
        Fact::Linked(body) => Draft::of(id, at, body),
        Fact::Opened(body) => Draft::of(id, at, body),
        Fact::Reissued(body) => Draft::of(id, at, body),
    }
}
