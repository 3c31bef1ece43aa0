//! Cumulative receipts: sent by an agency with its own commit, taken by the sender of the dispatches.

use contracts::agency::ReceivedV1;
use db::{
    Draft, Sql, StoreError, Tx, chain,
    inbox::{Applied as Mark, SubjectKey},
    outbox::{self, Receipt},
};
use kernel::{AgencyCode, Clock, UnixMillis};

/// Most dispatches sent again for one gap.
const GAP_MAX: i64 = 64;
/// A dispatch sent less than this ago is on its way and not sent again, in milliseconds.
const ON_ITS_WAY_MS: i64 = 2_000;

static FIRST_PARKED: Sql =
    Sql::same("SELECT min(version) FROM parked WHERE consumer = $1 AND order_key = $2 AND subject_id = $3");

/// Rows to be sent again under a number of attempt that the server has not seen (bus.md F6).
static SEND_AGAIN: Sql = Sql::same(
    "UPDATE outbox SET sent_at = NULL, attempt = attempt + 1
     WHERE agency IS NOT NULL AND agency = $1 AND agency_seq >= $2 AND agency_seq <= $3
       AND received_at IS NULL AND sent_at < $4",
);

pub(crate) const ALL: &[&Sql] = &[&FIRST_PARKED, &SEND_AGAIN];

/// Says what the site holds of one sender's dispatches, and what it misses. Sent after each batch that had
/// any, known ones included: the receipt before it may be lost.
pub(super) async fn send(
    tx: &mut Tx<'_>,
    consumer: &str,
    agency: &AgencyCode,
    site: &str,
    sender: &SubjectKey,
    mark: Option<&Mark>,
) -> Result<(), StoreError> {
    let query = tx.query(&FIRST_PARKED).bind(consumer).bind(&sender.order_key).bind(&sender.subject_id);
    let (parked,): (Option<i64>,) = query.one().await?;
    let to_seq = mark.map_or(0, |m| m.version);
    let receipt = ReceivedV1 {
        sender: sender.order_key.clone(),
        from_seq: to_seq.min(1),
        to_seq,
        head: mark.and_then(|m| m.hash.clone()).unwrap_or_else(|| chain::GENESIS.to_owned()),
        missing_from: parked.filter(|first| *first > to_seq + 1).map(|_| to_seq + 1),
        site: site.to_owned(),
    };
    let now = tx.clocks().business.now();
    let draft = Draft::of(&receipt.sender, now, &receipt)?.returned_by(agency);
    tx.publish(draft).await.map(drop)
}

/// What a receipt did at the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptTaken {
    /// Dispatches closed; an unknown number or another hash is an alarm.
    pub receipt: Receipt,
    /// Dispatches that go out again, because the site misses them.
    pub sent_again: u64,
}

/// Takes a receipt in the transaction of the message that brought it: closes what the agency holds, and has
/// what it misses sent again. `agency` is the one that the hub stamped on the message.
///
/// # Errors
/// What the store says.
pub async fn take_receipt(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    received: &ReceivedV1,
) -> Result<ReceiptTaken, StoreError> {
    let receipt = if received.to_seq == 0 {
        Receipt::Closed(0)
    } else {
        outbox::mark_received(tx, agency, received.to_seq, &received.head).await?
    };
    let sent_again = match received.missing_from {
        Some(from) => {
            let before = tx.clocks().technical.now().plus_ms(-ON_ITS_WAY_MS);
            send_again(tx, agency, from, from.saturating_add(GAP_MAX - 1), before).await?
        }
        None => 0,
    };
    Ok(ReceiptTaken { receipt, sent_again })
}

/// Has an agency's dispatches without receipt sent again, both ends included, unless they were sent at or
/// after an instant (technical clock). The relay finds them at its next look.
pub(crate) async fn send_again(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    from_seq: i64,
    to_seq: i64,
    before: UnixMillis,
) -> Result<u64, StoreError> {
    tx.query(&SEND_AGAIN).bind(agency).bind(from_seq).bind(to_seq).bind(before).run().await
}
