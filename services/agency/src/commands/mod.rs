//! Commands and queries: load → decide → store → reply.

pub mod meeting;
pub mod open;
pub mod order;
mod paper;
pub mod part;
pub mod queries;
pub mod resolution_task;
pub mod step;
pub mod webhook;

use db::StoreError;
use kernel::Refusal;

use crate::{domain::task::Task, error, store::papers::Entered};

/// A refusal is a value and commits; a store error rolls back.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// What the first turn of a command with a paper came to.
pub(crate) enum First<R> {
    /// Nothing is left to do: it has no paper, or it was done before under the same key.
    Done(R),
    /// The paper is entered; intake gets it next.
    Paper(Box<Task>, Box<Entered>),
}

impl<R> First<R> {
    /// How [`web::once::turn`] keeps and gives back an answer.
    const TURN: (fn(R) -> Self, fn(&Self) -> Option<&R>) = (Self::Done, |first| match first {
        Self::Done(reply) => Some(reply),
        Self::Paper(..) => None,
    });
}

/// A job's outcome as the caller hears it.
///
/// # Errors
/// The refusal, or `agency_store_away`.
pub(crate) fn heard<T>(outcome: Outcome<T>) -> Result<T, Refusal> {
    outcome.unwrap_or_else(|error| Err(error::store(&error)))
}
