//! Putting routing together, and running it.

use std::sync::Arc;

use bus::{Bus, BusError, ConsumerLoop, ConsumerSpec, Relay, Serving, Shutdown};
use calendar::Law;
use db::{Db, Migration, MigrationSet};
use kernel::Clocks;
use telemetry::Health;
use tokio::sync::Notify;
use web::{SuiteActor, door::Door};

use crate::{
    Config, consumers, domain::proposers::Proposers, learning::Learning, suggester::Suggester, svc,
    sweeps::Sweeps,
};

/// Routing's tables.
pub static MIGRATIONS: MigrationSet = MigrationSet {
    name: "routing",
    steps: &[
        Migration {
            number: 1,
            name: "routing",
            sqlite: include_str!("../migrations/sqlite/0001_routing.sql"),
            postgres: include_str!("../migrations/postgres/0001_routing.sql"),
        },
        Migration {
            number: 2,
            name: "objections",
            sqlite: include_str!("../migrations/sqlite/0002_objections.sql"),
            postgres: include_str!("../migrations/postgres/0002_objections.sql"),
        },
        Migration {
            number: 3,
            name: "co",
            sqlite: include_str!("../migrations/sqlite/0003_co.sql"),
            postgres: include_str!("../migrations/postgres/0003_co.sql"),
        },
        Migration {
            number: 4,
            name: "register",
            sqlite: include_str!("../migrations/sqlite/0004_register.sql"),
            postgres: include_str!("../migrations/postgres/0004_register.sql"),
        },
        Migration {
            number: 5,
            name: "suggestions",
            sqlite: include_str!("../migrations/sqlite/0005_suggestions.sql"),
            postgres: include_str!("../migrations/postgres/0005_suggestions.sql"),
        },
    ],
};

/// What decisions go by.
pub struct Rules {
    /// Dates of the law.
    pub law: Law,
    /// Catalogues and proposals, each from its day on.
    pub proposers: Proposers,
    /// Desk and telephone, as letters name them.
    pub office_contact: String,
}

/// What routing needs.
#[derive(Clone)]
pub struct Deps {
    /// Its store.
    pub db: Db,
    /// The bus, as routing.
    pub bus: Bus,
    /// Both clocks.
    pub clocks: Clocks,
    /// Verifies actors.
    pub door: Arc<Door>,
    /// Dates, catalogue, words of letters.
    pub rules: Arc<Rules>,
    /// The suite's own identity.
    pub suite: SuiteActor,
    /// Learned versions that propose beside the rules.
    pub suggester: Arc<Suggester>,
    /// Settings.
    pub config: Config,
    /// Where it says how it is.
    pub health: Health,
}

/// Every moving part, each of which can be stepped by a simulation.
pub struct Parts {
    /// Empties the outbox.
    pub relay: Relay,
    /// Fills the inbox: facts of intake, supervision and meetings, agencies' returns.
    pub consumers: Vec<ConsumerLoop>,
    /// Sends again what has no receipt.
    pub reconciler: bus::Reconciler,
    /// Proposals, accused units.
    pub sweeps: Sweeps,
    /// Learning from what people confirm.
    pub learning: Learning,
    /// Rung when matters were entered.
    pub entered: Arc<Notify>,
}

/// Routing could not start.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// The moving parts.
#[must_use]
pub fn parts(deps: &Deps) -> Parts {
    let entered = Arc::new(Notify::new());
    let (db, bus, rules) = (deps.db.clone(), deps.bus.clone(), deps.rules.clone());
    let submissions = Arc::new(consumers::submissions::Submissions { rules: rules.clone() });
    let duties = Arc::new(consumers::duties::Duties { rules: rules.clone() });
    let resolutions = Arc::new(consumers::resolutions::Resolutions { rules: rules.clone() });
    let returns = Arc::new(consumers::returns::Returns { rules: rules.clone() });
    let check = |name: &str| deps.health.check(name);
    Parts {
        relay: Relay::new(db.clone(), bus.clone(), "routing").reporting(check("routing relay")),
        consumers: vec![
            ConsumerLoop::new(
                db.clone(),
                bus.clone(),
                ConsumerSpec::facts("routing", &["intake"]),
                submissions,
            )
            .waking(entered.clone())
            .reporting(check("routing intake")),
            ConsumerLoop::new(
                db.clone(),
                bus.clone(),
                ConsumerSpec::facts("routing-supervision", &["supervision"]),
                duties,
            )
            .reporting(check("routing supervision")),
            ConsumerLoop::new(
                db.clone(),
                bus.clone(),
                ConsumerSpec::facts("routing-meetings", &["meetings"]),
                resolutions,
            )
            .reporting(check("routing meetings")),
            ConsumerLoop::new(db.clone(), bus.clone(), ConsumerSpec::returns("routing"), returns)
                .reporting(check("routing returns")),
        ],
        reconciler: bus::Reconciler::new(db.clone(), bus.clone()).after_ms(deps.config.receipt_within_ms),
        learning: Learning {
            db: db.clone(),
            bus: bus.clone(),
            rules: rules.clone(),
            suite: deps.suite.clone(),
            suggester: deps.suggester.clone(),
            after: deps.config.learns_after,
        },
        sweeps: Sweeps { db, bus, rules, suite: deps.suite.clone(), suggester: deps.suggester.clone() },
        entered,
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
    futures::future::join5(
        parts.relay.run(shutdown.clone()),
        consumers,
        parts.reconciler.run(shutdown.clone()),
        sweep(&deps, &parts, shutdown.clone()),
        Box::pin(learn(&deps, &parts, shutdown.clone())),
    )
    .await;
    serving.stop().await;
    Ok(())
}

async fn sweep(deps: &Deps, parts: &Parts, shutdown: Shutdown) {
    let check = deps.health.check("routing proposals");
    let sweeps = &parts.sweeps;
    bus::keep_sweeping(&check, &parts.entered, shutdown, || async move {
        let proposed = sweeps.propose().await?;
        let learned = sweeps.learn_accused().await?;
        Ok::<_, crate::sweeps::SweepError>(proposed + learned)
    })
    .await;
}

/// Learns beside all else. The end of the process does not wait for a learning: it is begun anew another time.
async fn learn(deps: &Deps, parts: &Parts, shutdown: Shutdown) {
    let check = deps.health.check("routing learning");
    let (learning, mut ended) = (&parts.learning, shutdown.clone());
    tokio::select! {
        () = bus::wait(&mut ended) => {}
        () = bus::keep_sweeping(&check, deps.suggester.woken(), shutdown, || learning.step()) => {}
    }
}
