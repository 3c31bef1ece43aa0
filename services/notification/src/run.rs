//! Putting notification together, and running it.

use std::sync::Arc;

use bus::{Bus, BusError, ConsumerLoop, ConsumerSpec, Relay, Serving, Shutdown};
use db::{Db, Migration, MigrationSet};
use kernel::Clocks;
use telemetry::Health;
use tokio::sync::Notify;
use web::{SuiteActor, door::Door};

use crate::{Config, consumers::facts::Facts, domain::table::Table, svc, svc::Words, sweeps::Post};

/// Notification's tables.
pub static MIGRATIONS: MigrationSet = MigrationSet {
    name: "notification",
    steps: &[Migration {
        number: 1,
        name: "notification",
        sqlite: include_str!("../migrations/sqlite/0001_notification.sql"),
        postgres: include_str!("../migrations/postgres/0001_notification.sql"),
    }],
};

/// What notification needs.
#[derive(Clone)]
pub struct Deps {
    /// Its store.
    pub db: Db,
    /// The bus, as notification.
    pub bus: Bus,
    /// Both clocks.
    pub clocks: Clocks,
    /// Verifies actors.
    pub door: Arc<Door>,
    /// The suite itself: asks intake for contacts.
    pub suite: SuiteActor,
    /// Who is told of what.
    pub table: Arc<Table>,
    /// In which words.
    pub words: Words,
    /// Settings.
    pub config: Arc<Config>,
    /// Where it says how it is.
    pub health: Health,
}

/// Every moving part, each of which can be stepped by a simulation.
pub struct Parts {
    /// Empties the outbox.
    pub relay: Relay,
    /// Fills the inbox: facts of the others.
    pub consumers: Vec<ConsumerLoop>,
    /// Sends mail.
    pub post: Post,
    /// Rung when notices may have been queued.
    pub heard: Arc<Notify>,
}

/// Notification could not start.
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
    let facts = Facts {
        table: deps.table.clone(),
        texts: deps.words.texts.clone(),
        mail: deps.config.mail.is_some(),
    };
    let spec = ConsumerSpec::facts("notification", &["intake", "routing", "supervision", "meetings"]);
    let consumer = ConsumerLoop::new(db.clone(), bus.clone(), spec, Arc::new(facts))
        .waking(heard.clone())
        .reporting(deps.health.check("notification facts"));
    Parts {
        relay: Relay::new(db, bus, "notification").reporting(deps.health.check("notification relay")),
        consumers: vec![consumer],
        post: Post { deps: deps.clone() },
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
    futures::future::join3(
        parts.relay.run(shutdown.clone()),
        consumers,
        bus::keep_sweeping(&deps.health.check("notification mail"), &parts.heard, shutdown.clone(), || {
            parts.post.step(deps.clocks.technical.now())
        }),
    )
    .await;
    serving.stop().await;
    Ok(())
}
