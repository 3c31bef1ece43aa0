//! The reconciler: dispatches whose receipt does not come are sent again. Acknowledgements do not close a
//! dispatch; they are lost with the server's state, and stored messages rot without a word (bus.md F2, F6).

use std::collections::BTreeMap;

use db::{Db, StoreError, outbox};
use kernel::{AgencyCode, UnixMillis};

use crate::{
    Bus, BusError, ConsumerSpec,
    consume::{ConsumeError, send_again},
    shutdown::{Shutdown, asked},
    spec::duration,
};

/// How long a receipt may take, in milliseconds, before the dispatch counts as lost.
const AFTER_MS: i64 = 30_000;
/// Dispatches looked at in one step.
const STEP_MAX: i64 = 512;
/// How often the runner looks, in milliseconds.
const EVERY_MS: i64 = 5_000;

/// What a step found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Dispatches that go out again.
    pub sent_again: u64,
    /// Agencies that have not taken what lies ready for them: away or behind, nothing is lost.
    pub behind: usize,
}

/// Watches the dispatches of one database.
pub struct Reconciler {
    db: Db,
    bus: Bus,
    after_ms: i64,
}

impl Reconciler {
    /// Over the database of a sender, in its hand on the bus.
    #[must_use]
    pub const fn new(db: Db, bus: Bus) -> Self {
        Self { db, bus, after_ms: AFTER_MS }
    }

    /// Another time after which a dispatch without receipt counts as lost.
    #[must_use]
    pub const fn after_ms(mut self, ms: i64) -> Self {
        self.after_ms = ms;
        self
    }

    /// Looks once; `now` is the technical clock's. An agency that has still to take what lies in its stream
    /// is left alone: a site that is away for a week must not find its backlog many times over.
    ///
    /// # Errors
    /// When the database or the bus is away.
    pub async fn step(&self, now: UnixMillis) -> Result<Reconciled, ConsumeError> {
        let before = now.plus_ms(-self.after_ms);
        let rows = outbox::unreceipted(&self.db, before, STEP_MAX).await?;
        let mut overdue: BTreeMap<AgencyCode, (i64, i64)> = BTreeMap::new();
        for seal in rows.into_iter().filter_map(|row| row.message.dispatch) {
            let range = overdue.entry(seal.agency).or_insert((seal.seq, seal.seq));
            *range = (range.0.min(seal.seq), range.1.max(seal.seq));
        }
        let mut found = Reconciled::default();
        for (agency, (from, to)) in overdue {
            match self.bus.consumer_state(&ConsumerSpec::dispatches(&agency)).await {
                Ok(state) if state.pending + state.unacked > 0 => found.behind += 1,
                Ok(_) => found.sent_again += self.again(agency, from, to, before).await?,
                Err(BusError::Missing(what)) => tracing::error!(%agency, "cannot be reached: no {what}"),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found)
    }

    async fn again(
        &self,
        agency: AgencyCode,
        from: i64,
        to: i64,
        before: UnixMillis,
    ) -> Result<u64, StoreError> {
        let rows = self
            .db
            .write(move |tx| {
                let agency = agency.clone();
                Box::pin(async move { send_again(tx, &agency, from, to, before).await })
            })
            .await?;
        if rows > 0 {
            tracing::warn!(rows, from, to, "dispatches without receipt are sent again");
        }
        Ok(rows)
    }

    /// Looks now and then until asked to end.
    pub async fn run(&self, mut shutdown: Shutdown) {
        while !asked(&shutdown) {
            if let Err(error) = self.step(self.db.clocks().technical.now()).await {
                tracing::warn!("receipts cannot be checked: {error}");
            }
            tokio::select! {
                () = crate::shutdown::wait(&mut shutdown) => {}
                () = tokio::time::sleep(duration(EVERY_MS)) => {}
            }
        }
    }
}
