//! The board's consumer with a watch on it: whoever gave a command waits until the board has its fact.

use std::time::Duration;

use bus::{Bus, ConsumeError, Consumed, ConsumerLoop, ConsumerSpec, Shutdown};
use db::{Db, StoreError};
use kernel::MatterId;
use telemetry::Check;
use tokio::sync::watch;

use super::{
    handler::{BoardHandler, NAME},
    store,
};

/// How long a step waits for a first fact, in milliseconds.
const FETCH_WAIT_MS: i64 = 1_000;
/// Shortest and longest wait after a failure, in milliseconds.
const BACKOFF_MS: (u64, u64) = (50, 5_000);
/// How long a caller waits for the board, in milliseconds.
const BOARD_WITHIN_MS: u64 = 3_000;

/// Tells that the board has changed.
#[derive(Clone)]
pub struct BoardWatch {
    db: Db,
    changes: watch::Sender<u64>,
}

impl BoardWatch {
    /// A watch on the board of a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, changes: watch::Sender::new(0) }
    }

    /// The board changed: to be called after the commit.
    pub fn changed(&self) {
        self.changes.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Counts changes by this process.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Waits, but not for ever, until the board has a version of a context for a matter; says whether
    /// it has. Not having it is no failure: the fact is on its way.
    ///
    /// # Errors
    /// What the store says.
    pub async fn until(&self, matter: MatterId, context: &str, version: i64) -> Result<bool, StoreError> {
        // Subscribed before the first look, so that no change falls between.
        let mut changes = self.changes.subscribe();
        let seen = async {
            loop {
                changes.mark_unchanged();
                if self.has(matter, context, version).await? {
                    return Ok(true);
                }
                if changes.changed().await.is_err() {
                    return Ok(false);
                }
            }
        };
        match tokio::time::timeout(Duration::from_millis(BOARD_WITHIN_MS), seen).await {
            Ok(seen) => seen,
            // Another process may feed the board: one last look.
            Err(_) => self.has(matter, context, version).await,
        }
    }

    async fn has(&self, matter: MatterId, context: &str, version: i64) -> Result<bool, StoreError> {
        let known = self.db.peek(|tx| Box::pin(async move { store::known(tx, matter).await })).await?;
        Ok(known.version_of(context) >= version)
    }
}

/// Drains `evt.>` into the board.
pub struct BoardFeed {
    consumer: ConsumerLoop,
    watch: BoardWatch,
    check: Option<Check>,
}

impl BoardFeed {
    /// The feed of a board.
    #[must_use]
    pub fn new(db: Db, bus: Bus, watch: BoardWatch) -> Self {
        let spec = ConsumerSpec::facts(NAME, &[]);
        let consumer = ConsumerLoop::new(db, bus, spec, std::sync::Arc::new(BoardHandler));
        Self { consumer, watch, check: None }
    }

    /// Says in health how it is.
    #[must_use]
    pub fn reporting(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }

    /// Takes what is there now. Uses no timer.
    ///
    /// # Errors
    /// When the bus or the database is away; nothing is lost.
    pub async fn step(&self) -> Result<Consumed, ConsumeError> {
        self.step_within(0).await
    }

    async fn step_within(&self, wait_ms: i64) -> Result<Consumed, ConsumeError> {
        let consumed = self.consumer.step_within(wait_ms).await?;
        if consumed.applied > 0 {
            self.watch.changed();
        }
        Ok(consumed)
    }

    /// Drains until asked to end.
    pub async fn run(&self, mut shutdown: Shutdown) {
        let mut pause_ms = 0;
        while !bus::asked(&shutdown) {
            let step = tokio::select! {
                () = bus::wait(&mut shutdown) => break,
                step = self.step_within(FETCH_WAIT_MS) => step,
            };
            pause_ms = match &step {
                Ok(consumed) if consumed.standby => FETCH_WAIT_MS.unsigned_abs(),
                Ok(_) => 0,
                Err(_) => (pause_ms * 2).clamp(BACKOFF_MS.0, BACKOFF_MS.1),
            };
            if let Some(check) = &self.check {
                match &step {
                    Ok(_) => check.pass(),
                    Err(error) => check.fail(&error.to_string()),
                }
            }
            if pause_ms > 0 {
                tokio::select! {
                    () = bus::wait(&mut shutdown) => {}
                    () = tokio::time::sleep(Duration::from_millis(pause_ms)) => {}
                }
            }
        }
        // Asked to end, the loop takes nothing more and gives its lease back.
        self.consumer.run(shutdown).await;
    }
}
