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

use crate::error;

/// A refusal is a value and commits; a store error rolls back.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// A job's outcome as the caller hears it.
///
/// # Errors
/// The refusal, or `agency_store_away`.
pub(crate) fn heard<T>(outcome: Outcome<T>) -> Result<T, Refusal> {
    outcome.unwrap_or_else(|error| Err(error::store(&error)))
}
