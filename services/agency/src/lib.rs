//! 成员单位节点: one agency's tasks, its papers and its answers. One instance per agency code, hosted by the
//! office or run at the agency's own site: the same program, a database and an account of its own.
//!
//! **Owns** the tasks dispatched to this agency, the agency's papers with their numbers, sealed copies of the
//! texts it opened, and who of its people looked at what.
//! **Never** sees anything of another agency; keeps a petitioner's identity; holds a transaction over the
//! network.
//! It announces its own dispatches at addresses that its head names ([`webhooks`]), for systems without NATS.
//! **In**: `dispatch.<code>.>` (assignments, recalls, rulings, supervision orders). **Out**: `returns.<code>.>`
//! (receipts, signatures, objections, acceptance notices, extensions, opinions, service, completion, replies to
//! orders). **Asks** intake to open content and to store papers.

pub mod commands;
pub mod config;
pub mod consumers;
pub mod domain;
pub mod error;
mod intake;
mod publish;
pub mod rights;
mod run;
pub mod store;
mod svc;
pub mod sweeps;
pub mod webhooks;

use std::sync::Arc;

use bus::{Bus, ConsumerLoop, Relay};
use calendar::Law;
use db::{Db, Migration, MigrationSet};
use kernel::{AgencyCode, Clocks, IdMint};
use telemetry::Health;
use tokio::sync::Notify;
use trust::{AgencyIdentity, KeyRing};
use web::door::Door;

pub use config::Config;
pub use run::{RunError, run};
pub use svc::service;

/// The tables of an agency's own database.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "agency",
    steps: &[
        Migration {
            number: 1,
            name: "agency",
            sqlite: include_str!("../migrations/sqlite/0001_agency.sql"),
            postgres: include_str!("../migrations/postgres/0001_agency.sql"),
        },
        Migration {
            number: 2,
            name: "orders",
            sqlite: include_str!("../migrations/sqlite/0002_orders.sql"),
            postgres: include_str!("../migrations/postgres/0002_orders.sql"),
        },
        Migration {
            number: 3,
            name: "objections",
            sqlite: include_str!("../migrations/sqlite/0003_objections.sql"),
            postgres: include_str!("../migrations/postgres/0003_objections.sql"),
        },
        Migration {
            number: 4,
            name: "co",
            sqlite: include_str!("../migrations/sqlite/0004_co.sql"),
            postgres: include_str!("../migrations/postgres/0004_co.sql"),
        },
        Migration {
            number: 5,
            name: "meetings",
            sqlite: include_str!("../migrations/sqlite/0005_meetings.sql"),
            postgres: include_str!("../migrations/postgres/0005_meetings.sql"),
        },
        Migration {
            number: 6,
            name: "webhooks",
            sqlite: include_str!("../migrations/sqlite/0006_webhooks.sql"),
            postgres: include_str!("../migrations/postgres/0006_webhooks.sql"),
        },
    ],
};

/// What an agency's node is given; it opens nothing itself.
#[derive(Clone)]
pub struct Deps {
    /// Whose node it is.
    pub code: AgencyCode,
    /// Its database, opened with [`MIGRATIONS`].
    pub db: Db,
    /// Its hand on the bus: `Side::Agency(code)`.
    pub bus: Bus,
    /// Both clocks.
    pub clocks: Clocks,
    /// Ids and chance.
    pub mint: IdMint,
    /// Verifies who asks.
    pub door: Arc<Door>,
    /// Opens what intake seals to this agency.
    pub identity: AgencyIdentity,
    /// Seals what the agency keeps.
    pub key_ring: KeyRing,
    /// Its settings.
    pub config: Arc<Config>,
    /// The dates of the law.
    pub law: Arc<Law>,
    /// Where it says how it is.
    pub health: Health,
}

/// The moving parts, each to be stepped by a simulation or looped by [`run`].
pub struct Parts {
    /// Sends the returns.
    pub relay: Relay,
    /// Takes in the dispatches and answers with receipts.
    pub consumer: ConsumerLoop,
    /// Announces dispatches at the agency's own addresses.
    pub announcer: sweeps::Announcer,
    /// Rung when announcements may have been queued.
    pub heard: Arc<Notify>,
}

/// Builds the moving parts of an agency's node.
#[must_use]
pub fn parts(deps: &Deps) -> Parts {
    let name = format!("agency_{}", deps.code);
    let relay = Relay::new(deps.db.clone(), deps.bus.clone(), &name)
        .reporting(deps.health.check(&format!("{name}.relay")));
    let handler = Arc::new(consumers::Dispatches::new(Arc::new(deps.clone())));
    let consumer =
        ConsumerLoop::dispatches(deps.db.clone(), deps.bus.clone(), &deps.code, &deps.config.site, handler)
            .reporting(deps.health.check(&format!("{name}.dispatches")));
    let heard = Arc::new(Notify::new());
    let consumer = consumer.waking(heard.clone());
    Parts { relay, consumer, announcer: sweeps::Announcer::new(deps), heard }
}
