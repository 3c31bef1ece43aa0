//! The bus: NATS JetStream between the services, and the same semantics in memory.
//!
//! Owns: the connection, the streams and consumers (from code), the server's configuration and its
//! process, the relay that empties outboxes, the loops that fill inboxes, receipts' net, dead letters.
//! Never: business rules. No service publishes; it writes an outbox row in its own transaction
//! (`architecture.md` section 3) and the relay here carries it. The only user of async-nats.

mod access;
mod bus;
pub mod call;
pub mod config;
mod consume;
mod delivery;
mod error;
pub mod keys;
mod lease;
mod memory;
mod nats;
mod rebuild;
mod reconcile;
mod relay;
pub mod selfcheck;

pub mod server;
mod shutdown;
mod spec;
pub mod streams;
mod sweep;

pub use bus::{Bus, Consumer, Outgoing, Serving};
pub use call::{AgencyCommandHandler, Call, CommandHandler, Endpoint, EndpointHandler, Reply, Service};
pub use consume::{
    Applied, ConsumeError, Consumed, ConsumerLoop, Handler, MAX_TRIES, ReceiptTaken, take_receipt,
};
pub use delivery::{Delivery, Raw};
pub use error::{BusError, CallError};
pub use memory::MemoryBus;
pub use nats::NatsBus;
pub use rebuild::{Rebuilt, rebuild, reopen};
pub use reconcile::{Reconciled, Reconciler};
pub use relay::{MAX_OUTSTANDING, Progress, Relay, RelayError};
pub use shutdown::{Shutdown, asked, shutdown, wait};
pub use spec::{
    ACK_WAIT_MS, Connect, ConsumerSpec, ConsumerState, DOMAIN, Epoch, FETCH_MAX, PubAck, Side, StreamSpec,
    StreamState, WORKER, message_id, subject_matches,
};
pub use sweep::keep_sweeping;

/// Every SQL statement of this crate, for the test that prepares each on both databases.
#[must_use]
pub fn statements() -> Vec<&'static [&'static db::Sql]> {
    [&[lease::ALL], consume::ALL].concat()
}
