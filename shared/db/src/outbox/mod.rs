//! The outbox as the relay, the reconciler and the rebuild see it. Jobs write to it through
//! [`crate::Tx::publish`] and [`crate::Tx::dispatch`] alone.

mod delivery;
mod receipts;
pub(crate) mod row;

pub use delivery::{Sent, mark_sent, reopen, unsent};
pub use receipts::{Receipt, mark_received, unreceipted};
pub use row::{AgencyHead, OutboxCounts, OutboxRow, agency_heads, by_id, counts, dispatches, page};

use crate::Sql;

/// Most rows that one call gives.
pub const MAX_PAGE: i64 = 1024;

pub(crate) const ALL: &[&[&Sql]] = &[row::ALL, delivery::ALL, receipts::ALL];
