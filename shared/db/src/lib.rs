//! Both databases behind one face: one SQL text, one write path, the outbox as a hash-chained log, the
//! inbox, leases and dead letters. See `README.md` for the traps of the two dialects.
//!
//! Owns: connections, transactions, group commit, migrations, and the tables every service has alike.
//! Never: rules of the domain, the network, the clock (both clocks are given).

mod acting;
pub mod answered;
pub mod audit;
pub mod chain;
mod config;
mod database;
pub mod dead_letter;
mod deferred;
mod draft;
mod error;
pub mod inbox;
mod job;
mod json;
pub mod lease;
pub mod meta;
mod migrate;
mod open;
pub mod outbox;
pub mod parked;
mod pending;
mod publish;
mod query;
pub mod series;
mod sql;
#[cfg(feature = "testing")]
pub mod testing;
pub mod together;
mod tx;
pub mod value;
mod writer;

pub use acting::acting_as;
pub use config::DbConfig;
pub use database::{Db, Dialect, WriteStats};
pub use draft::{Draft, MAX_BODY_BYTES, Published};
pub use error::{Cause, StoreError, parse};
pub use futures::future::BoxFuture;
pub use json::JsonText;
pub use migrate::{Migration, MigrationSet};
pub use query::{Query, Row};
pub use sql::Sql;
pub use tx::Tx;
pub use value::Value;
pub use writer::MAX_GROUP;

/// Every statement of this crate: `testing::prepare_all` prepares them on both databases, as each service
/// does with its own `store::sql::ALL`.
#[must_use]
pub fn statements() -> Vec<&'static [&'static Sql]> {
    let mut all = vec![tx::ALL, publish::ALL, inbox::ALL, parked::ALL, dead_letter::ALL];
    all.extend([lease::ALL, meta::ALL, audit::ALL, series::ALL, answered::ALL]);
    all.extend(outbox::ALL);
    all
}
