//! What a consumer has taken in: marks of messages ([`crate::Tx::first_time`]) and the last version
//! applied of each subject.

use std::collections::BTreeMap;

use kernel::UnixMillis;

use crate::{Sql, StoreError, Tx, pending::JsonRows};

/// Whose versions: `Message::order_key` and `subject_id` of facts and returns; of numbered dispatches the
/// sender and an empty subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectKey {
    /// `Message::order_key`.
    pub order_key: String,
    /// `Message::subject_id`.
    pub subject_id: String,
}

impl SubjectKey {
    /// A key.
    #[must_use]
    pub fn new(order_key: impl Into<String>, subject_id: impl Into<String>) -> Self {
        Self { order_key: order_key.into(), subject_id: subject_id.into() }
    }
}

/// How far a consumer has come with a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The last version (or number) applied.
    pub version: i64,
    /// The hash of that dispatch, where a consumer follows a chain.
    pub hash: Option<String>,
}

static APPLIED: Sql = Sql::split(
    "SELECT a.order_key, a.subject_id, a.version, a.hash FROM jsonb_each($2) k
     CROSS JOIN applied a ON a.consumer = $1 AND a.order_key = k.value->>0 AND a.subject_id = k.value->>1",
    // Split: the two databases name the spreading of a JSON array differently.
    "SELECT order_key, subject_id, version, hash FROM applied
     WHERE consumer = $1 AND (order_key, subject_id) IN
        (SELECT v->>0, v->>1 FROM jsonb_array_elements(CAST(CAST($2 AS TEXT) AS JSONB)) AS e(v))",
);

static SET_APPLIED: Sql = Sql::split(
    "INSERT INTO applied (consumer, order_key, subject_id, version, hash)
     SELECT $1, value->>0, value->>1, value->>2, value->>3 FROM jsonb_each($2) WHERE true
     ON CONFLICT (consumer, order_key, subject_id) DO UPDATE
     SET version = excluded.version, hash = excluded.hash WHERE excluded.version > applied.version",
    "INSERT INTO applied (consumer, order_key, subject_id, version, hash)
     SELECT CAST($1 AS TEXT), v->>0, v->>1, CAST(v->>2 AS BIGINT), v->>3
     FROM jsonb_array_elements(CAST(CAST($2 AS TEXT) AS JSONB)) AS e(v)
     ON CONFLICT (consumer, order_key, subject_id) DO UPDATE
     SET version = excluded.version, hash = excluded.hash WHERE excluded.version > applied.version",
);

static FORGET: Sql = Sql::split(
    "DELETE FROM inbox WHERE (consumer, message_id) IN
        (SELECT consumer, message_id FROM inbox INDEXED BY inbox_by_age WHERE at < $1 LIMIT $2)",
    // Split: SQLite is told its index.
    "DELETE FROM inbox WHERE (consumer, message_id) IN
        (SELECT consumer, message_id FROM inbox WHERE at < $1 LIMIT $2)",
);

pub(crate) const ALL: &[&Sql] = &[&APPLIED, &SET_APPLIED, &FORGET];

/// Most rows that one call of [`forget_before`] deletes.
const MAX_FORGOTTEN: i64 = 10_000;

/// How far a consumer has come with these subjects; one that it never saw is not in the answer.
///
/// # Errors
/// What the store says.
pub async fn applied(
    tx: &mut Tx<'_>,
    consumer: &str,
    keys: &[SubjectKey],
) -> Result<BTreeMap<SubjectKey, Applied>, StoreError> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut wanted: Vec<&SubjectKey> = keys.iter().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut rows = JsonRows::default();
    for key in wanted {
        rows.push(&(&key.order_key, &key.subject_id))?;
    }
    let found: Vec<(String, String, i64, Option<String>)> =
        tx.query(&APPLIED).bind(consumer).bind(rows.into_text()?).all().await?;
    Ok(found
        .into_iter()
        .map(|(order_key, subject_id, version, hash)| {
            (SubjectKey { order_key, subject_id }, Applied { version, hash })
        })
        .collect())
}

/// Notes how far a consumer has come. A lower version than the one noted changes nothing. Each key once.
///
/// # Errors
/// What the store says.
pub async fn set_applied(
    tx: &mut Tx<'_>,
    consumer: &str,
    marks: &BTreeMap<SubjectKey, Applied>,
) -> Result<(), StoreError> {
    if marks.is_empty() {
        return Ok(());
    }
    let mut sorted: Vec<_> = marks.iter().collect();
    // One order for all writers, or two consumers deadlock on PostgreSQL.
    sorted.sort_unstable_by_key(|(key, _)| *key);
    let mut rows = JsonRows::default();
    for (key, mark) in sorted {
        rows.push(&(&key.order_key, &key.subject_id, mark.version, &mark.hash))?;
    }
    tx.query(&SET_APPLIED).bind(consumer).bind(rows.into_text()?).run().await?;
    Ok(())
}

/// Deletes marks older than an instant (technical clock), at most 10,000 a call: longer ago than any
/// stream keeps messages. Returns how many.
///
/// # Errors
/// What the store says.
pub async fn forget_before(tx: &mut Tx<'_>, before: UnixMillis) -> Result<u64, StoreError> {
    tx.query(&FORGET).bind(before).bind(MAX_FORGOTTEN).run().await
}
