//! Query codes that were given anew, and how often that was tried.

use chrono::NaiveDate;
use db::{StoreError, Tx};
use kernel::{SubmissionId, UnixMillis, UserId};

use super::sql;

/// A code that was given anew.
#[derive(Debug, sqlx::FromRow)]
pub struct Reissued {
    /// How often so far.
    pub times: i64,
    /// The request that made it, hashed.
    pub request: Option<String>,
}

/// Tries of one day.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Tries {
    /// Documents that did not fit.
    pub wrong: i64,
    /// Codes given.
    pub given: i64,
}

/// The last code given anew.
///
/// # Errors
/// What the store says.
pub async fn last(tx: &mut Tx<'_>, id: SubmissionId) -> Result<Option<Reissued>, StoreError> {
    tx.query(&sql::LOAD_CODE).bind(id).optional().await
}

/// The day's tries, held until the commit.
///
/// # Errors
/// What the store says.
pub async fn hold_tries(tx: &mut Tx<'_>, id: SubmissionId, day: NaiveDate) -> Result<Tries, StoreError> {
    tx.query(&sql::HOLD_TRIES).bind(id).bind(day).run().await?;
    tx.query(&sql::LOAD_TRIES).bind(id).bind(day).one().await
}

/// Counts a document that did not fit.
///
/// # Errors
/// What the store says.
pub async fn count_wrong(tx: &mut Tx<'_>, id: SubmissionId, day: NaiveDate) -> Result<(), StoreError> {
    tx.query(&sql::COUNT_WRONG).bind(id).bind(day).run_one().await
}

/// Whether a petitioner of the submission has a document with this blind index.
///
/// # Errors
/// What the store says.
pub async fn has_document(tx: &mut Tx<'_>, id: SubmissionId, index: &str) -> Result<bool, StoreError> {
    let found: (i64,) = tx.query(&sql::HAS_DOCUMENT).bind(id).bind(index).one().await?;
    Ok(found.0 > 0)
}

/// A new code on its way into the store.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// Whose.
    pub id: SubmissionId,
    /// The sealed code.
    pub code: Vec<u8>,
    /// What a look-up is compared with.
    pub code_hash: Vec<u8>,
    /// The request that makes it, hashed.
    pub request: Option<String>,
    /// When.
    pub at: UnixMillis,
    /// By whom.
    pub by: UserId,
}

/// Puts the new code in place of the one before and counts it.
///
/// # Errors
/// What the store says.
pub async fn put(tx: &mut Tx<'_>, new: &NewCode, times: i64, day: NaiveDate) -> Result<(), StoreError> {
    tx.query(&sql::PUT_CODE)
        .bind(new.id)
        .bind(times)
        .bind(new.code.as_slice())
        .bind(new.code_hash.as_slice())
        .bind(new.request.as_deref())
        .bind(new.at)
        .bind(new.by)
        .run_one()
        .await?;
    tx.query(&sql::COUNT_GIVEN).bind(new.id).bind(day).run_one().await
}
