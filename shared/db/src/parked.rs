//! Messages that came before their predecessors: kept, bounded, and taken up in order.

use std::collections::HashMap;

use contracts::Message;
use kernel::UnixMillis;

use crate::{Db, Sql, StoreError, Tx, inbox::SubjectKey, pending::JsonRows};

/// Most messages that one consumer may have parked. At the limit nothing more is parked: leave the rest on
/// the bus.
pub const MAX_PARKED: i64 = 10_000;

/// A message to be parked.
#[derive(Debug, Clone, Copy)]
pub struct Parking<'m> {
    /// Whose versions it waits for.
    pub key: &'m SubjectKey,
    /// Its version (or number).
    pub version: i64,
    /// The NATS subject it came by.
    pub subject: &'m str,
    /// The message.
    pub message: &'m Message,
}

static COUNT: Sql = Sql::same("SELECT count(*) FROM parked WHERE consumer = $1");

static PARK: Sql = Sql::split(
    "INSERT INTO parked (consumer, order_key, subject_id, version, subject, headers, body, at)
     SELECT $1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, CAST($3 AS BIGINT)
     FROM jsonb_each($2) WHERE true ON CONFLICT DO NOTHING",
    // Split: the two databases name the spreading of a JSON array differently.
    "INSERT INTO parked (consumer, order_key, subject_id, version, subject, headers, body, at)
     SELECT CAST($1 AS TEXT), v->>0, v->>1, CAST(v->>2 AS BIGINT), v->>3, v->>4, v->>5, CAST($3 AS BIGINT)
     FROM jsonb_array_elements(CAST(CAST($2 AS TEXT) AS JSONB)) AS e(v) ON CONFLICT DO NOTHING",
);

static NEXT: Sql = Sql::same(
    "SELECT version, subject, headers, body FROM parked
     WHERE consumer = $1 AND order_key = $2 AND subject_id = $3 ORDER BY version LIMIT $4",
);

static DROP: Sql = Sql::same(
    "DELETE FROM parked WHERE consumer = $1 AND order_key = $2 AND subject_id = $3 AND version <= $4",
);

static OLDEST: Sql =
    Sql::same("SELECT count(*) AS parked, min(at) AS oldest_at FROM parked WHERE consumer = $1");

pub(crate) const ALL: &[&Sql] = &[&COUNT, &PARK, &NEXT, &DROP, &OLDEST];

/// Parks messages. `false`, and nothing parked, when that would go over [`MAX_PARKED`].
///
/// # Errors
/// What the store says.
pub async fn park(tx: &mut Tx<'_>, consumer: &str, messages: &[Parking<'_>]) -> Result<bool, StoreError> {
    if messages.is_empty() {
        return Ok(true);
    }
    let (already,): (i64,) = tx.query(&COUNT).bind(consumer).one().await?;
    if already.saturating_add(i64::try_from(messages.len()).unwrap_or(i64::MAX)) > MAX_PARKED {
        return Ok(false);
    }
    let mut rows = JsonRows::default();
    for one in messages {
        let headers = one.message.headers();
        let headers: HashMap<&str, &str> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let headers = serde_json::to_string(&headers).map_err(|e| StoreError::other(e.to_string()))?;
        let (key, message) = (one.key, one.message);
        rows.push(&(&key.order_key, &key.subject_id, one.version, one.subject, headers, &message.body))?;
    }
    let now = tx.technical_now();
    tx.query(&PARK).bind(consumer).bind(rows.into_text()?).bind(now).run().await?;
    Ok(true)
}

/// A message that was parked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Its version (or number).
    pub version: i64,
    /// The NATS subject it came by.
    pub subject: String,
    /// The message.
    pub message: Message,
}

#[derive(sqlx::FromRow)]
struct Line {
    version: i64,
    subject: String,
    headers: String,
    body: String,
}

/// Takes out what now follows without a gap on `applied`, at most `limit`, in order; and drops what is not
/// newer than it.
///
/// # Errors
/// What the store says.
pub async fn take_following(
    tx: &mut Tx<'_>,
    consumer: &str,
    key: &SubjectKey,
    applied: i64,
    limit: i64,
) -> Result<Vec<Parked>, StoreError> {
    let limit = limit.clamp(1, MAX_PARKED);
    let query = tx.query(&NEXT).bind(consumer).bind(&key.order_key).bind(&key.subject_id);
    let lines: Vec<Line> = query.bind(limit).all().await?;
    let (mut last, mut taken, mut seen) = (applied, Vec::new(), None);
    for line in lines {
        if line.version > last.saturating_add(1) {
            break;
        }
        seen = Some(line.version);
        if line.version > last {
            last = line.version;
            taken.push(read(line)?);
        }
    }
    if let Some(seen) = seen {
        let query = tx.query(&DROP).bind(consumer).bind(&key.order_key).bind(&key.subject_id);
        query.bind(seen).run().await?;
    }
    Ok(taken)
}

fn read(line: Line) -> Result<Parked, StoreError> {
    let corrupt =
        |column| StoreError::corrupt("parked", column, format!("{}/{}", line.subject, line.version));
    let headers: HashMap<String, String> =
        serde_json::from_str(&line.headers).map_err(|_| corrupt("headers"))?;
    let header = |name: &str| headers.get(name).cloned();
    let message =
        Message::from_wire(&line.subject, &header, line.body.as_bytes()).map_err(|_| corrupt("body"))?;
    Ok(Parked { version: line.version, subject: line.subject, message })
}

/// How much a consumer has parked, and since when (technical clock).
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct ParkedCounts {
    /// Messages.
    pub parked: i64,
    /// When the oldest was parked, milliseconds.
    pub oldest_at: Option<i64>,
}

impl ParkedCounts {
    /// When the oldest was parked.
    #[must_use]
    pub fn oldest(&self) -> Option<UnixMillis> {
        self.oldest_at.map(UnixMillis)
    }
}

/// Counts what a consumer has parked, for health and alarms.
///
/// # Errors
/// What the store says.
pub async fn counts(db: &Db, consumer: &str) -> Result<ParkedCounts, StoreError> {
    let consumer = consumer.to_owned();
    db.peek(move |tx| Box::pin(async move { tx.query(&OLDEST).bind(consumer).one().await })).await
}
