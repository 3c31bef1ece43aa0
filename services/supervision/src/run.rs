//! Putting supervision together, and running it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bus::{Bus, BusError, ConsumerLoop, ConsumerSpec, Reconciler, Relay, Serving, Shutdown};
use calendar::Law;
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

/// Supervision's tables.
pub static MIGRATIONS: MigrationSet = MigrationSet {
    name: "supervision",
    steps: &[
        Migration {
            number: 1,
            name: "supervision",
            sqlite: include_str!("../migrations/sqlite/0001_supervision.sql"),
            postgres: include_str!("../migrations/postgres/0001_supervision.sql"),
        },
        Migration {
            number: 2,
            name: "co",
            sqlite: include_str!("../migrations/sqlite/0002_co.sql"),
            postgres: include_str!("../migrations/postgres/0002_co.sql"),
        },
    ],
};

/// What dates go by.
pub struct Rules {
    /// Dates of the law.
    pub law: Law,
    /// Stages of warnings, in percent.
    pub stages: Vec<i64>,
}

/// What supervision needs.
#[derive(Clone)]
pub struct Deps {
    /// Its store.
    pub db: Db,
    /// The bus, as supervision.
    pub bus: Bus,
    /// Both clocks.
    pub clocks: Clocks,
    /// Verifies actors.
    pub door: Arc<Door>,
    /// Dates of the law.
    pub law: Law,
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
    /// Rung when duties may have begun.
    pub heard: Arc<Notify>,
}

/// Supervision could not start.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// The moving parts.
#[must_use]
pub fn parts(deps: &Deps) -> Parts {
    let heard = Arc::new(Notify::new());
    let (db, bus) = (deps.db.clone(), deps.bus.clone());
    let rules = Arc::new(Rules { law: deps.law.clone(), stages: deps.config.warn_at_percent.clone() });
    let facts = Arc::new(Facts { rules: rules.clone() });
    let check = |name: &str| deps.health.check(name);
    let spec = ConsumerSpec::facts("supervision", &["intake", "routing"]);
    Parts {
        relay: Relay::new(db.clone(), bus.clone(), "supervision").reporting(check("supervision relay")),
        consumers: vec![
            ConsumerLoop::new(db.clone(), bus.clone(), spec, facts)
                .waking(heard.clone())
                .reporting(check("supervision facts")),
            ConsumerLoop::new(
                db.clone(),
                bus.clone(),
                ConsumerSpec::returns("supervision"),
                Arc::new(Returns),
            )
            .reporting(check("supervision returns")),
        ],
        reconciler: Reconciler::new(db.clone(), bus).after_ms(deps.config.receipt_within_ms),
        sweep: Sweep { db, rules },
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
        sweep(&deps, &parts, shutdown.clone()),
    )
    .await;
    serving.stop().await;
    Ok(())
}

async fn sweep(deps: &Deps, parts: &Parts, shutdown: Shutdown) {
    let check = deps.health.check("supervision timers");
    // Years of the calendar that provisional dates were looked at with; none at the start.
    let (refreshed, sweep) = (&AtomicUsize::new(usize::MAX), &parts.sweep);
    bus::keep_sweeping(&check, &parts.heard, shutdown, || async move {
        let known = deps.law.calendar.generation();
        if refreshed.load(Ordering::Relaxed) != known {
            sweep.refresh().await?;
            refreshed.store(known, Ordering::Relaxed);
        }
        sweep.ring(deps.clocks.business.now()).await
    })
    .await;
}
