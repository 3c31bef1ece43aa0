//! Facts about the database itself; the epoch above all.

use crate::{Db, Sql, StoreError, Tx, error::parse};

static GET: Sql = Sql::same("SELECT value FROM meta WHERE name = $1");
static SET: Sql = Sql::same(
    "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
);

pub(crate) const ALL: &[&Sql] = &[&GET, &SET];

const EPOCH: &str = "epoch";

/// A value by name.
///
/// # Errors
/// What the store says.
pub async fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    let value: Option<(String,)> = tx.query(&GET).bind(name).optional().await?;
    Ok(value.map(|(value,)| value))
}

/// Sets a value.
///
/// # Errors
/// What the store says.
pub async fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.query(&SET).bind(name).bind(value).run_one().await
}

/// The epoch: raised at each rebuild of the streams. A database that was restored from an old backup has a
/// lower one than the streams, and the suite refuses to start.
///
/// # Errors
/// What the store says.
pub async fn epoch(db: &Db) -> Result<i64, StoreError> {
    let value = db.peek(|tx| Box::pin(async move { get(tx, EPOCH).await })).await?;
    value.map_or(Ok(1), |text| parse("meta", "value", EPOCH, &text))
}

/// Raises the epoch. A lower one than the present is an error.
///
/// # Errors
/// [`StoreError::Stale`] when it is not higher.
pub async fn raise_epoch(tx: &mut Tx<'_>, to: i64) -> Result<(), StoreError> {
    let now = match get(tx, EPOCH).await? {
        Some(text) => parse("meta", "value", EPOCH, &text)?,
        None => 1,
    };
    if to <= now { Err(StoreError::Stale) } else { set(tx, EPOCH, &to.to_string()).await }
}
