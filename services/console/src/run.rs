//! The console's moving parts, and how they run.

use std::sync::Arc;
use web::SuiteActor;

use axum::Router;
use bus::{Bus, Relay, Shutdown};
use calendar::{Calendar, Profile};
use db::Db;
use kernel::{Clocks, IdMint};
use telemetry::Health;
use trust::ActorSigner;

use crate::{
    accounts,
    board::{BoardFeed, BoardWatch, MaskedIndex},
    config::Config,
};

/// How often ended sessions are forgotten, in milliseconds.
const FORGET_EVERY_MS: u64 = 600_000;

/// What the console needs; the suite makes it.
#[derive(Clone)]
pub struct Deps {
    /// Its own store, opened with [`crate::MIGRATIONS`].
    pub db: Db,
    /// The bus, in the hand of `Side::core("console")`.
    pub bus: Bus,
    /// Both clocks.
    pub clocks: Clocks,
    /// Ids and chance.
    pub mint: IdMint,
    /// Signs for people of the office, of hosted agencies, and for the public (`Place::Office`).
    pub signer: Arc<ActorSigner>,
    /// The suite itself (`Place::Suite`): asks for masked texts.
    pub suite: SuiteActor,
    /// Numbers of the law and of the locality, for explanations.
    pub policy: Arc<Profile>,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// Names, regions, site.
    pub config: Arc<Config>,
    /// How the parts are.
    pub health: Health,
    /// Tells whoever waits that the board has changed.
    pub watch: BoardWatch,
}

/// The parts, each steppable.
pub struct Parts {
    /// Sends what the board could not apply: its dead letters.
    pub relay: Relay,
    /// `evt.>` → the board.
    pub feed: BoardFeed,
    /// Masked texts → the index.
    pub index: MaskedIndex,
}

/// The parts of a console.
#[must_use]
pub fn parts(deps: &Deps) -> Parts {
    let feed = BoardFeed::new(deps.db.clone(), deps.bus.clone(), deps.watch.clone());
    let relay = Relay::new(deps.db.clone(), deps.bus.clone(), "console");
    Parts {
        relay: relay.reporting(deps.health.check("console.relay")),
        feed: feed.reporting(deps.health.check("console.board")),
        index: MaskedIndex::new(deps.db.clone(), deps.bus.clone(), deps.suite.clone(), deps.watch.clone()),
    }
}

/// Runs the parts until asked to end. The web door is the suite's to serve: [`crate::router`].
pub async fn run(deps: Deps, shutdown: Shutdown) {
    let Parts { relay, feed, index } = parts(&deps);
    tokio::join!(
        relay.run(shutdown.clone()),
        feed.run(shutdown.clone()),
        index.run(shutdown.clone()),
        forget_sessions(&deps.db, shutdown.clone())
    );
}

async fn forget_sessions(db: &Db, mut shutdown: Shutdown) {
    while !bus::asked(&shutdown) {
        if let Err(error) = accounts::forget_ended(db).await {
            tracing::warn!(%error, "ended sessions are forgotten later");
        }
        tokio::select! {
            () = bus::wait(&mut shutdown) => {}
            () = tokio::time::sleep(std::time::Duration::from_millis(FORGET_EVERY_MS)) => {}
        }
    }
}

/// The path of the first-run link, while there is no account; to be printed behind the console's address.
///
/// # Errors
/// What the store says.
pub async fn first_run(deps: &Deps) -> Result<Option<String>, db::StoreError> {
    accounts::first_run(&deps.db).await
}

/// Everything that the web door serves, guarded.
///
/// # Errors
/// When templates or texts do not fit, or passwords cannot be hashed: a bug, which a test finds first.
pub fn router(deps: &Deps) -> Result<Router, crate::door::DoorError> {
    crate::door::router(deps)
}
