//! Receipts, not acks, close a dispatch.

use kernel::{AgencyCode, UnixMillis};

use crate::{
    Db, Sql, StoreError, Tx,
    outbox::{
        MAX_PAGE,
        row::{Line, OutboxRow, columns, rows},
    },
};

static HASH_AT: Sql =
    Sql::same("SELECT agency_hash FROM outbox WHERE agency IS NOT NULL AND agency = $1 AND agency_seq = $2");

static RECEIVE: Sql = Sql::same(
    "UPDATE outbox SET received_at = $3
     WHERE agency IS NOT NULL AND agency = $1 AND agency_seq <= $2 AND received_at IS NULL",
);

// Split: SQLite is told its index, or it may sort the whole table.
static UNRECEIPTED: Sql = Sql::split(
    concat!(
        columns!(),
        "INDEXED BY outbox_unreceipted WHERE agency IS NOT NULL AND received_at IS NULL AND sent_at < $1 \
         ORDER BY sent_at, seq LIMIT $2"
    ),
    concat!(
        columns!(),
        "WHERE agency IS NOT NULL AND received_at IS NULL AND sent_at < $1 ORDER BY sent_at, seq LIMIT $2"
    ),
);

pub(crate) const ALL: &[&Sql] = &[&HASH_AT, &RECEIVE, &UNRECEIPTED];

/// What a cumulative receipt did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It closed so many dispatches; none when it came again or late.
    Closed(u64),
    /// It names a dispatch that was never made.
    Unknown,
    /// Its hash is not the one of that dispatch: the site holds something else. An alarm.
    HeadDiffers,
}

/// Takes a cumulative receipt: the agency holds every dispatch up to `to_seq`, whose hash is `head`.
///
/// # Errors
/// What the store says.
pub async fn mark_received(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    to_seq: i64,
    head: &str,
) -> Result<Receipt, StoreError> {
    let known: Option<(String,)> = tx.query(&HASH_AT).bind(agency).bind(to_seq).optional().await?;
    match known {
        None => Ok(Receipt::Unknown),
        Some((hash,)) if hash != head => Ok(Receipt::HeadDiffers),
        Some(_) => {
            let now = tx.technical_now();
            Ok(Receipt::Closed(tx.query(&RECEIVE).bind(agency).bind(to_seq).bind(now).run().await?))
        }
    }
}

/// Dispatches that were last sent before an instant (technical clock) and have no receipt, in the order of
/// their numbers. Publish each as attempt `row.attempt + 1` and give that to
/// [`crate::outbox::mark_sent`].
///
/// # Errors
/// What the store says.
pub async fn unreceipted(db: &Db, before: UnixMillis, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let lines: Vec<Line> = db
        .peek(move |tx| Box::pin(async move { tx.query(&UNRECEIPTED).bind(before).bind(limit).all().await }))
        .await?;
    let mut rows = rows(lines)?;
    rows.sort_by(|a, b| {
        let key = |row: &OutboxRow| row.message.dispatch.as_ref().map(|d| (d.agency.clone(), d.seq));
        key(a).cmp(&key(b))
    });
    Ok(rows)
}
