//! What the relay does: rows to send, and their marks.

use kernel::UnixMillis;

use crate::{
    Db, Sql, StoreError, Tx, chain,
    lease::{self, Lease},
    outbox::{
        MAX_PAGE,
        row::{Line, OutboxRow, columns, rows},
    },
    pending::JsonRows,
};

// Split: SQLite is told its index, or it walks the whole table in the order of `seq`.
static UNSENT: Sql = Sql::split(
    concat!(
        columns!(),
        "INDEXED BY outbox_unsent WHERE sent_at IS NULL AND seq NOT IN (SELECT value FROM jsonb_each($1)) \
         ORDER BY seq LIMIT $2"
    ),
    concat!(
        columns!(),
        "WHERE sent_at IS NULL AND seq NOT IN (SELECT CAST(v AS BIGINT) \
         FROM jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) ORDER BY seq LIMIT $2"
    ),
);

static LOG_HEAD: Sql = Sql::split(
    "SELECT seq, hash FROM log_head WHERE one = 1",
    // Split: PostgreSQL holds the head until the commit, though the lease has one holder.
    "SELECT seq, hash FROM log_head WHERE one = 1 FOR UPDATE",
);

static HASHES: Sql = Sql::split(
    "SELECT o.seq, o.hash FROM jsonb_each($1) k CROSS JOIN outbox o ON o.seq = k.value->>0
     WHERE o.log_seq IS NULL ORDER BY o.seq",
    "SELECT seq, hash FROM outbox WHERE log_seq IS NULL AND seq IN (SELECT CAST(v->>0 AS BIGINT)
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) ORDER BY seq",
);

static MARK: Sql = Sql::split(
    "UPDATE outbox SET sent_at = $2, attempt = u.attempt, stream = u.stream, stream_seq = u.stream_seq
     FROM (SELECT value->>0 AS seq, value->>1 AS attempt, value->>2 AS stream, value->>3 AS stream_seq
           FROM jsonb_each($1)) AS u
     WHERE outbox.seq = u.seq",
    "UPDATE outbox SET sent_at = $2, attempt = u.attempt, stream = u.stream, stream_seq = u.stream_seq
     FROM (SELECT CAST(v->>0 AS BIGINT) AS seq, CAST(v->>1 AS BIGINT) AS attempt, v->>2 AS stream,
                  CAST(v->>3 AS BIGINT) AS stream_seq
           FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) AS u
     WHERE outbox.seq = u.seq",
);

static LOG: Sql = Sql::split(
    "UPDATE outbox SET log_seq = u.log_seq, log_hash = u.log_hash
     FROM (SELECT value->>0 AS seq, value->>1 AS log_seq, value->>2 AS log_hash FROM jsonb_each($1)) AS u
     WHERE outbox.seq = u.seq",
    "UPDATE outbox SET log_seq = u.log_seq, log_hash = u.log_hash
     FROM (SELECT CAST(v->>0 AS BIGINT) AS seq, CAST(v->>1 AS BIGINT) AS log_seq, v->>2 AS log_hash
           FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)) AS u
     WHERE outbox.seq = u.seq",
);

static MOVE_LOG_HEAD: Sql = Sql::same("UPDATE log_head SET seq = $2, hash = $3 WHERE one = 1 AND seq = $1");

static REOPEN: Sql = Sql::same(
    "UPDATE outbox SET sent_at = NULL, stream = NULL, stream_seq = NULL
     WHERE sent_at IS NOT NULL AND (
        (agency IS NULL AND at >= $1) OR (agency IS NOT NULL AND received_at IS NULL))",
);

pub(crate) const ALL: &[&Sql] = &[&UNSENT, &LOG_HEAD, &HASHES, &MARK, &LOG, &MOVE_LOG_HEAD, &REOPEN];

/// Rows the bus has not taken, oldest first, without those that are in flight. Rows of one subject come in
/// the order of their versions: hold a row back while an earlier one of its subject is in flight.
///
/// # Errors
/// What the store says.
pub async fn unsent(db: &Db, in_flight: &[i64], limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    let in_flight = serde_json::to_string(in_flight).map_err(|e| StoreError::other(e.to_string()))?;
    let limit = limit.clamp(1, MAX_PAGE);
    let lines: Vec<Line> = db
        .peek(move |tx| Box::pin(async move { tx.query(&UNSENT).bind(in_flight).bind(limit).all().await }))
        .await?;
    rows(lines)
}

/// A row that the bus has acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The row.
    pub seq: i64,
    /// The attempt under which it went out: 0 first, one more for each re-send.
    pub attempt: i64,
    /// The stream that keeps it.
    pub stream: String,
    /// Its number there.
    pub stream_seq: i64,
}

/// Marks rows as sent, and appends those that are new to the service-wide log: the holder of the lease is
/// the only one that orders rows. Also the mark of a re-send. Returns how many lines the log grew.
///
/// # Errors
/// [`StoreError::Stale`] when the lease has passed to another holder: forget what is in flight.
pub async fn mark_sent(tx: &mut Tx<'_>, lease: &Lease, sent: &[Sent]) -> Result<u64, StoreError> {
    if sent.is_empty() {
        return Ok(0);
    }
    lease::confirm(tx, lease).await?;
    let mut marks = JsonRows::default();
    for one in sent {
        marks.push(&(one.seq, one.attempt, &one.stream, one.stream_seq))?;
    }
    let marks = marks.into_text()?;
    let new: Vec<(i64, String)> = tx.query(&HASHES).bind(&marks).all().await?;
    let now = tx.technical_now();
    let touched = tx.query(&MARK).bind(marks).bind(now).run().await?;
    if touched != sent.len() as u64 {
        return Err(StoreError::other(format!("marked {touched} of {} rows", sent.len())));
    }
    append_to_log(tx, &new).await
}

async fn append_to_log(tx: &mut Tx<'_>, rows: &[(i64, String)]) -> Result<u64, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let (before, mut hash): (i64, String) = tx.query(&LOG_HEAD).one().await?;
    let mut log_seq = before;
    let mut lines = JsonRows::default();
    for (seq, row_hash) in rows {
        log_seq = log_seq.saturating_add(1);
        hash = chain::log_hash(&hash, log_seq, *seq, row_hash);
        lines.push(&(seq, log_seq, &hash))?;
    }
    tx.query(&LOG).bind(lines.into_text()?).run().await?;
    tx.query(&MOVE_LOG_HEAD).bind(before).bind(log_seq).bind(hash).run_one().await?;
    Ok(rows.len() as u64)
}

/// Makes rows unsent again after the streams were lost: facts and returns that happened since an instant
/// (the streams' `max_age` back), and every dispatch without a receipt. Returns how many. Their places in
/// the log stay.
///
/// # Errors
/// What the store says.
pub async fn reopen(tx: &mut Tx<'_>, since: UnixMillis) -> Result<u64, StoreError> {
    tx.query(&REOPEN).bind(since).run().await
}
