//! The relay empties an outbox: the only place of the suite that publishes.
//!
//! One process at a time holds the lease of a database. Rows of one chain (`order_key`, `subject_id`) go out
//! one after the other, each after the server's promise for the one before; chains go side by side. A
//! backlog goes in atomic batches. A row is marked after the promise, so a crash between the two sends it
//! twice, and the server or the inbox drops the second.

use std::collections::{BTreeMap, HashMap};

use contracts::{MessageKind, subject};
use db::{
    Db, StoreError,
    lease::Lease,
    outbox::{self, OutboxRow, Sent},
};
use futures::{FutureExt, StreamExt, future::BoxFuture, stream};
use telemetry::{Check, RelayOutcome, metrics};
use tracing::Instrument;

use crate::{
    Bus, BusError, Outgoing, PubAck,
    consume::DEAD_LETTER_SOURCE,
    lease::Keeper,
    shutdown::{Shutdown, asked},
    spec::{DUPLICATE_IN_BATCH, duration},
};

/// Most rows on their way at once.
pub const MAX_OUTSTANDING: i64 = 512;
/// Most rows of one atomic batch; the server takes 1000.
const BATCH: usize = 256;
/// Streams written side by side.
const MAX_LANES: usize = 64;
/// From so many rows for one stream on they go as a batch.
const BATCH_FROM: usize = 8;
/// The net below the wake-up by commits, in milliseconds.
const POLL_MS: i64 = 1_000;
/// Shortest and longest wait after a failure, in milliseconds.
const BACKOFF_MS: (i64, i64) = (50, 5_000);

/// The relay did not do a step. Rows stay in the outbox.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RelayError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// What a step did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows the bus has taken.
    pub sent: usize,
    /// Of those, rows it held already.
    pub duplicates: usize,
    /// Rows that did not go out, those behind a failed one included.
    pub left: usize,
    /// There may be more rows.
    pub more: bool,
    /// Another process holds the lease.
    pub standby: bool,
    /// The first thing that went wrong.
    pub trouble: Option<BusError>,
}

/// The relay of one database.
pub struct Relay {
    db: Db,
    bus: Bus,
    service: String,
    lease: Keeper,
    check: Option<Check>,
}

/// A row with the server's promise.
struct Taken {
    sent: Sent,
    duplicate: bool,
}

/// What went out, and the first thing that went wrong.
type Outcome = (Vec<Taken>, Option<BusError>);

impl Relay {
    /// The relay of a service's database.
    #[must_use]
    pub fn new(db: Db, bus: Bus, service: &str) -> Self {
        let lease = Keeper::new(db.clone(), "relay".to_owned());
        Self { db, bus, service: service.to_owned(), lease, check: None }
    }

    /// Says in health how it is.
    #[must_use]
    pub fn reporting(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }

    /// Sends what waits, at most [`MAX_OUTSTANDING`] rows, and marks what the bus has taken.
    ///
    /// # Errors
    /// When the database is away, or the lease was lost meanwhile. Trouble of the bus is no error: it is
    /// told in the answer, and what went out is marked.
    pub async fn step(&self) -> Result<Progress, RelayError> {
        let Some(lease) = self.lease.hold().await? else {
            return Ok(Progress { standby: true, ..Progress::default() });
        };
        let rows = outbox::unsent(&self.db, &[], MAX_OUTSTANDING).await?;
        let count = rows.len();
        let (taken, trouble) = self.send(rows).await;
        self.mark(&lease, &taken).await?;
        let (sent, duplicates) = (taken.len(), taken.iter().filter(|t| t.duplicate).count());
        let left = count - sent;
        self.tell(sent, duplicates, left);
        let more = i64::try_from(count).is_ok_and(|n| n >= MAX_OUTSTANDING) && sent > 0;
        Ok(Progress { sent, duplicates, left, more, standby: false, trouble })
    }

    fn tell(&self, sent: usize, duplicates: usize, left: usize) {
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let metrics = metrics();
        metrics.relay_published(&self.service, RelayOutcome::Stored, number(sent - duplicates));
        metrics.relay_published(&self.service, RelayOutcome::Duplicate, number(duplicates));
        metrics.relay_published(&self.service, RelayOutcome::Failed, number(left));
        metrics.outbox_pending(&self.service, i64::try_from(left).unwrap_or(i64::MAX));
    }

    async fn mark(&self, lease: &Lease, taken: &[Taken]) -> Result<(), StoreError> {
        if taken.is_empty() {
            return Ok(());
        }
        let sent: std::sync::Arc<[Sent]> = taken.iter().map(|t| t.sent.clone()).collect();
        let lease = lease.clone();
        let marked = self
            .db
            .write(move |tx| {
                let (sent, lease) = (sent.clone(), lease.clone());
                Box::pin(async move { outbox::mark_sent(tx, &lease, &sent).await })
            })
            .await;
        if matches!(marked, Err(StoreError::Stale)) {
            self.lease.forget();
        }
        marked.map(drop)
    }

    /// Sends rows by stream: a few as chains side by side, many as batches.
    async fn send(&self, rows: Vec<OutboxRow>) -> Outcome {
        // In a fixed order, so that a simulation repeats itself from its seed.
        let mut streams: BTreeMap<String, Vec<OutboxRow>> = BTreeMap::new();
        for row in rows {
            let agency = row.message.dispatch.as_ref().map(|seal| &seal.agency);
            streams.entry(subject::stream_of(row.kind, agency)).or_default().push(row);
        }
        let lanes: Vec<BoxFuture<'_, Outcome>> =
            streams.into_values().map(|rows| self.send_lane(rows).boxed()).collect();
        let done: Vec<Outcome> = stream::iter(lanes).buffer_unordered(MAX_LANES).collect().await;
        let mut taken = Vec::new();
        let mut trouble = None;
        for (mut of_lane, of_lane_trouble) in done {
            taken.append(&mut of_lane);
            trouble = trouble.or(of_lane_trouble);
        }
        taken.sort_by_key(|t| t.sent.seq);
        (taken, trouble)
    }

    /// The rows for one stream, in the order of the outbox.
    async fn send_lane(&self, rows: Vec<OutboxRow>) -> Outcome {
        if rows.len() < BATCH_FROM {
            return self.send_singly(&rows).await;
        }
        let mut taken = Vec::new();
        for chunk in rows.chunks(BATCH) {
            let (mut some, trouble) = match self.send_batch(chunk).await {
                // An id is stored already (a crash before the mark), or the stream takes no batches.
                Err(BusError::Refused { code, .. }) => {
                    if code != DUPLICATE_IN_BATCH {
                        tracing::debug!(service = self.service, code, "batch refused; one by one");
                    }
                    self.send_singly(chunk).await
                }
                // One row is too large for the bus: the others need not wait for it.
                Err(BusError::TooLarge { .. } | BusError::Forbidden(_)) => self.send_singly(chunk).await,
                Err(trouble) => (Vec::new(), Some(trouble)),
                Ok(some) => (some, None),
            };
            taken.append(&mut some);
            if trouble.is_some() {
                return (taken, trouble);
            }
        }
        (taken, None)
    }

    async fn send_batch(&self, rows: &[OutboxRow]) -> Result<Vec<Taken>, BusError> {
        let subjects: Vec<String> = rows.iter().map(subject_of).collect();
        let items: Vec<Outgoing<'_>> = rows
            .iter()
            .zip(&subjects)
            .map(|(row, subject)| Outgoing { subject, message: &row.message, attempt: row.attempt })
            .collect();
        let acks = self.bus.publish_batch(&items).await?;
        Ok(rows.iter().zip(acks).map(|(row, ack)| taken(row, ack)).collect())
    }

    async fn send_singly(&self, rows: &[OutboxRow]) -> Outcome {
        let mut chains: Vec<Vec<&OutboxRow>> = Vec::new();
        let mut places: HashMap<(String, &str), usize> = HashMap::new();
        for row in rows {
            let key = (row.message.order_key(), row.message.subject_id.as_str());
            let at = *places.entry(key).or_insert(chains.len());
            match chains.get_mut(at) {
                Some(chain) => chain.push(row),
                None => chains.push(vec![row]),
            }
        }
        let limit = usize::try_from(MAX_OUTSTANDING).unwrap_or(1);
        let chains: Vec<BoxFuture<'_, Outcome>> =
            chains.into_iter().map(|chain| self.send_chain(chain).boxed()).collect();
        let done: Vec<Outcome> = stream::iter(chains).buffer_unordered(limit).collect().await;
        let mut trouble = None;
        let mut all = Vec::new();
        for (mut some, of_chain) in done {
            all.append(&mut some);
            trouble = trouble.or(of_chain);
        }
        (all, trouble)
    }

    /// One chain: nothing goes out before the promise for what comes before it.
    async fn send_chain(&self, rows: Vec<&OutboxRow>) -> Outcome {
        let mut done = Vec::with_capacity(rows.len());
        for row in rows {
            let message = &row.message;
            let trace = message.traceparent.as_deref();
            let span =
                telemetry::spans::publish(&self.service, &message.event_type, &message.id.to_string(), trace);
            let subject = subject_of(row);
            match self.bus.publish(&subject, message, row.attempt).instrument(span).await {
                Ok(ack) => done.push(taken(row, ack)),
                Err(trouble) => {
                    if !trouble.passes() {
                        tracing::error!(service = self.service, event.id = %message.id, "cannot be sent: {trouble}");
                    }
                    return (done, Some(trouble));
                }
            }
        }
        (done, None)
    }

    /// Sends until asked to end: woken by each commit, with a poll as the net. Outlives the bus and the
    /// database, and says in health how it is.
    pub async fn run(&self, mut shutdown: Shutdown) {
        let mut commits = self.db.commits();
        let mut pause_ms = 0;
        while !asked(&shutdown) {
            commits.mark_unchanged();
            let trouble = match self.step().await {
                Ok(Progress { trouble: None, more: true, .. }) => {
                    pause_ms = 0;
                    continue;
                }
                Ok(progress) => progress.trouble.map(|t| t.to_string()),
                Err(error) => Some(error.to_string()),
            };
            self.report(trouble.as_deref());
            pause_ms = match trouble {
                Some(_) => (pause_ms * 2).clamp(BACKOFF_MS.0, BACKOFF_MS.1),
                None => 0,
            };
            tokio::select! {
                () = crate::shutdown::wait(&mut shutdown) => {}
                // In trouble the commits of others are no reason to hurry.
                Ok(()) = commits.changed(), if pause_ms == 0 => {}
                () = tokio::time::sleep(duration(if pause_ms == 0 { POLL_MS } else { pause_ms })) => {}
            }
        }
        if let Err(error) = self.lease.release().await {
            tracing::warn!(service = self.service, "the relay's lease runs out by itself: {error}");
        }
    }

    fn report(&self, trouble: Option<&str>) {
        match (&self.check, trouble) {
            (Some(check), None) => check.pass(),
            (Some(check), Some(words)) => check.fail(words),
            (None, _) => {}
        }
    }
}

fn taken(row: &OutboxRow, ack: PubAck) -> Taken {
    let stream_seq = i64::try_from(ack.seq).unwrap_or(i64::MAX);
    let sent = Sent { seq: row.seq, attempt: row.attempt, stream: ack.stream, stream_seq };
    Taken { sent, duplicate: ack.duplicate }
}

/// Dead letters name the consumer they were meant for, which is their source.
fn subject_of(row: &OutboxRow) -> String {
    match row.kind {
        MessageKind::DeadLetter => {
            let consumer = row.message.source.strip_prefix(DEAD_LETTER_SOURCE).unwrap_or("unknown");
            subject::dead_letter(consumer, &row.message.subject_id)
        }
        MessageKind::Fact | MessageKind::Dispatch | MessageKind::Return => row.subject(),
    }
}
