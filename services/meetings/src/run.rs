//! Putting meetings together, and running it.

use std::sync::Arc;

use bus::{Bus, BusError, ConsumerLoop, ConsumerSpec, Reconciler, Relay, Serving, Shutdown};
use db::{Db, Migration, MigrationSet};
use kernel::{Clock, Clocks};
use telemetry::Health;
use tokio::sync::Notify;
use web::door::Door;

use crate::{
    Config,
    consumers::{facts::Facts, returns::Returns},
    svc,
    sweeps::Sweep,
};

/// The tables of meetings.
pub static MIGRATIONS: MigrationSet = MigrationSet {
    name: "meetings",
    steps: &[
        Migration {
            number: 1,
            name: "meetings",
            sqlite: include_str!("../migrations/sqlite/0001_meetings.sql"),
            postgres: include_str!("../migrations/postgres/0001_meetings.sql"),
        },
        Migration {
            number: 2,
            name: "units",
            sqlite: include_str!("../migrations/sqlite/0002_units.sql"),
            postgres: include_str!("../migrations/postgres/0002_units.sql"),
        },
    ],
};

/// What meetings needs.
#[derive(Clone)]
pub struct Deps {
    /// Its store.
    pub db: Db,
    /// The bus, as meetings.
    pub bus: Bus,
    /// Both clocks.
    pub clocks: Clocks,
    /// Verifies actors.
    pub door: Arc<Door>,
    /// Settings.
    pub config: Config,
    /// Where it says how it is.
    pub health: Health,
}

/// Every moving part, each of which can be stepped by a simulation.
pub struct Parts {
    /// Empties the outbox.
    pub relay: Relay,
    /// Fills the inbox: facts of intake and routing, agencies' returns.
    pub consumers: Vec<ConsumerLoop>,
    /// Sends again what has no receipt.
    pub reconciler: Reconciler,
    /// Rings what is due.
    pub sweep: Sweep,
    /// Rung when something may have become due.
    pub heard: Arc<Notify>,
}

/// Meetings could not start.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// The moving parts.
#[must_use]
pub fn parts(deps: &Deps) -> Parts {
    let (db, bus) = (deps.db.clone(), deps.bus.clone());
    let heard = Arc::new(Notify::new());
    let check = |name: &str| deps.health.check(name);
    let spec = ConsumerSpec::facts("meetings", &["intake", "routing"]);
    let returns = ConsumerSpec::returns("meetings");
    Parts {
        relay: Relay::new(db.clone(), bus.clone(), "meetings").reporting(check("meetings relay")),
        consumers: vec![
            ConsumerLoop::new(db.clone(), bus.clone(), spec, Arc::new(Facts))
                .waking(heard.clone())
                .reporting(check("meetings facts")),
            ConsumerLoop::new(db.clone(), bus.clone(), returns, Arc::new(Returns))
                .reporting(check("meetings returns")),
        ],
        reconciler: Reconciler::new(db.clone(), bus).after_ms(deps.config.receipt_within_ms),
        sweep: Sweep { db },
        heard,
    }
}

/// Runs until asked to end.
///
/// # Errors
/// When the endpoints cannot be served.
pub async fn run(deps: Deps, shutdown: Shutdown) -> Result<(), RunError> {
    let serving: Serving = deps.bus.serve(svc::service(&deps)).await?;
    let parts = parts(&deps);
    let consumers = futures::future::join_all(parts.consumers.iter().map(|c| c.run(shutdown.clone())));
    futures::future::join4(
        parts.relay.run(shutdown.clone()),
        consumers,
        parts.reconciler.run(shutdown.clone()),
        bus::keep_sweeping(&deps.health.check("meetings timers"), &parts.heard, shutdown.clone(), || {
            parts.sweep.ring(deps.clocks.business.now())
        }),
    )
    .await;
    serving.stop().await;
    Ok(())
}
