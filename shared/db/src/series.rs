//! Numbering, as a restored database must treat it.

use crate::{Db, Sql, StoreError};

static NAMES: Sql = Sql::same("SELECT name FROM series ORDER BY name");
static BEGIN: Sql = Sql::same("INSERT INTO series (name, next) VALUES ($1, 1) ON CONFLICT (name) DO NOTHING");
static SKIP: Sql = Sql::same("UPDATE series SET next = next + $1 RETURNING name, next");

pub(crate) const ALL: &[&Sql] = &[&NAMES, &BEGIN, &SKIP];

/// Every series that was begun.
///
/// # Errors
/// What the store says.
pub async fn names(db: &Db) -> Result<Vec<String>, StoreError> {
    let names: Vec<(String,)> = db.peek(|tx| Box::pin(async move { tx.query(&NAMES).all().await })).await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// Leaves out the next `count` numbers of every series, also of those `begun` since the backup was taken, and gives
/// each with the number that comes next. A number that was shown to a person after the backup must not be given to
/// another.
///
/// # Errors
/// What the store says.
pub async fn skip(db: &Db, count: i64, begun: Vec<String>) -> Result<Vec<(String, i64)>, StoreError> {
    db.write(move |tx| {
        let begun = begun.clone();
        Box::pin(async move {
            for name in &begun {
                tx.query(&BEGIN).bind(name.as_str()).run().await?;
            }
            tx.query(&SKIP).bind(count).all().await
        })
    })
    .await
}
