//! Filling an inbox: fetch a batch, apply it in one transaction, commit, acknowledge.
//!
//! A message may come twice, late or out of order. Per (`order_key`, `subject_id`) versions are applied in
//! order: one that comes early is parked in the database, one that came before is acknowledged and dropped.
//! What cannot be applied is buried among the dead letters, with its reason.

mod batch;
mod letters;
mod order;
mod receipt;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use contracts::Message;
use db::{BoxFuture, Db, StoreError, Tx, parked};
use kernel::{AgencyCode, UnixMillis};
use telemetry::{Check, ConsumerOutcome, metrics};
use tokio::sync::{Mutex, Notify};

use crate::{
    Bus, BusError, Consumer, ConsumerSpec, Delivery, Side,
    lease::Keeper,
    shutdown::{Shutdown, asked},
    spec::{FETCH_MAX, duration},
};
use batch::{Batch, Fate, Incoming, Work};
pub(crate) use letters::DEAD_LETTER_SOURCE;
use order::Order;
pub(crate) use receipt::send_again;
pub use receipt::{ReceiptTaken, take_receipt};

pub(crate) const ALL: &[&[&db::Sql]] = &[batch::ALL, receipt::ALL];

/// Deliveries of a message that fails alone, before it is buried.
pub const MAX_TRIES: i64 = 8;
/// How long a fetch waits for a first message, in milliseconds.
const FETCH_WAIT_MS: i64 = 1_000;
/// Shortest and longest wait after a failure, in milliseconds.
const BACKOFF_MS: (i64, i64) = (50, 5_000);
/// How soon a message that failed alone comes again, in milliseconds, and at most.
const RETRY_MS: (i64, i64) = (250, 30_000);
/// How often an idle loop looks for parked messages and requeued letters, in milliseconds.
const SWEEP_MS: i64 = 1_000;
/// How often parked messages are counted, in milliseconds.
const COUNT_EVERY_MS: i64 = 5_000;
/// Parked for longer than this, a message is an alarm, in milliseconds.
const STUCK_AFTER_MS: i64 = 60_000;

/// What a handler did with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It had its effect, in the given transaction.
    Done,
    /// It is of no concern here. Written out by name for each type.
    Ignored,
    /// It can never be applied: bury it, with this reason (no personal data). Said before anything was
    /// written.
    Poison(String),
    /// A message of another context must come first: keep it and try again. Said before anything was
    /// written.
    Wait,
}

/// A consumer of messages. `apply` may run more than once for one message, but its effect is committed once.
pub trait Handler: Send + Sync + 'static {
    /// The consumer's name: one token, the key of its inbox.
    fn name(&self) -> &'static str;

    /// Looks at what comes next in this transaction, before the first of it is applied: loads by one statement
    /// what all of it needs. What it does not foresee, `apply` loads itself.
    fn expect<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        messages: &'t [Arc<Message>],
    ) -> BoxFuture<'t, Result<(), StoreError>> {
        let _ = (tx, messages);
        Box::pin(async { Ok(()) })
    }

    /// Applies one message in the transaction of its batch.
    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>>;
}

/// A step did not happen. Messages come again.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConsumeError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// What a step did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consumed {
    /// Messages that came.
    pub fetched: usize,
    /// Applied or ignored by the handler, formerly parked ones included.
    pub applied: usize,
    /// Known already.
    pub duplicates: usize,
    /// Parked until their predecessors come.
    pub parked: usize,
    /// Buried.
    pub buried: usize,
    /// Left on the bus for another time.
    pub later: usize,
    /// Another process drains this consumer.
    pub standby: bool,
}

/// Drains one durable consumer into one handler.
pub struct ConsumerLoop {
    db: Db,
    bus: Bus,
    spec: ConsumerSpec,
    work: Arc<Work>,
    lease: Keeper,
    consumer: Mutex<Option<Consumer>>,
    swept_at: AtomicI64,
    counted: Mutex<(UnixMillis, Option<String>)>,
    check: Option<Check>,
    wake: Option<Arc<Notify>>,
}

impl ConsumerLoop {
    /// The loop of a consumer of facts or returns.
    #[must_use]
    pub fn new(db: Db, bus: Bus, spec: ConsumerSpec, handler: Arc<dyn Handler>) -> Self {
        Self::ordered(db, bus, spec, handler, Order::Versions)
    }

    /// The loop of an agency's dispatches: in the order of each sender's numbers, hashes checked against the
    /// chain, and answered by cumulative receipts after the commit. `site` names this installation.
    #[must_use]
    pub fn dispatches(db: Db, bus: Bus, agency: &AgencyCode, site: &str, handler: Arc<dyn Handler>) -> Self {
        let order = Order::Dispatches { agency: agency.clone(), site: site.to_owned() };
        Self::ordered(db, bus, ConsumerSpec::dispatches(agency), handler, order)
    }

    fn ordered(db: Db, bus: Bus, spec: ConsumerSpec, handler: Arc<dyn Handler>, order: Order) -> Self {
        let lease = Keeper::new(db.clone(), format!("consumer/{}/{}", spec.stream, spec.durable));
        let office = matches!(bus.side(), Side::Core { .. });
        let work = Arc::new(Work { handler, order, letters_go_out: office });
        let (consumer, swept_at, counted) = (Mutex::default(), AtomicI64::new(0), Mutex::default());
        Self { db, bus, spec, work, lease, consumer, swept_at, counted, check: None, wake: None }
    }

    /// Says in health how it is.
    #[must_use]
    pub fn reporting(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }

    /// Rings after each commit that applied something: for work that follows from new rows.
    #[must_use]
    pub fn waking(mut self, bell: Arc<Notify>) -> Self {
        self.wake = Some(bell);
        self
    }

    /// Takes what is there now. Uses no timer.
    ///
    /// # Errors
    /// When the bus or the database is away; nothing is lost.
    pub async fn step(&self) -> Result<Consumed, ConsumeError> {
        self.step_within(0).await
    }

    /// As [`Self::step`], but waits so long for a first message.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub async fn step_within(&self, wait_ms: i64) -> Result<Consumed, ConsumeError> {
        let Some(lease) = self.lease.hold().await? else {
            // Prefetched messages go back to the one who holds the lease.
            *self.consumer.lock().await = None;
            return Ok(Consumed { standby: true, ..Consumed::default() });
        };
        let deliveries = self.fetch(wait_ms).await?;
        if deliveries.is_empty() && !self.something_waits().await? {
            return Ok(Consumed::default());
        }
        let batch = Arc::new(Batch { incoming: deliveries.iter().map(Incoming::of).collect(), lease });
        let applied = self.apply(batch.clone()).await;
        let (fates, mut consumed) = match applied {
            Ok(done) => done,
            Err(StoreError::Stale) => return Err(self.lost_or_stale(batch, &deliveries).await),
            Err(error) if error.is_transient() => return Err(error.into()),
            Err(error) => {
                tracing::warn!(consumer = self.work.handler.name(), "batch failed, one by one: {error}");
                self.singly(&batch).await?
            }
        };
        if let Some(bell) = self.wake.as_ref().filter(|_| consumed.applied > 0) {
            bell.notify_one();
        }
        consumed.fetched = deliveries.len();
        self.answer(&deliveries, &fates).await?;
        self.tell(&consumed);
        Ok(consumed)
    }

    /// Whether parked messages or requeued letters want their turn; looked at now and then while idle.
    async fn something_waits(&self) -> Result<bool, StoreError> {
        let now = self.db.clocks().technical.now().0;
        if now - self.swept_at.load(Ordering::Relaxed) < SWEEP_MS {
            return Ok(false);
        }
        self.swept_at.store(now, Ordering::Relaxed);
        let work = self.work.clone();
        self.db.peek(move |tx| Box::pin(async move { work.has_waiting(tx).await })).await
    }

    /// Either the lease has passed on, or a row was changed by another writer: both pass.
    async fn lost_or_stale(&self, batch: Arc<Batch>, deliveries: &[Delivery]) -> ConsumeError {
        self.lease.forget();
        let name = self.work.handler.name();
        tracing::warn!(
            consumer = name,
            fence = batch.lease.fence,
            "another writer was first; {} come again",
            deliveries.len()
        );
        for delivery in deliveries {
            if let Err(error) = delivery.nak(RETRY_MS.0).await {
                return error.into();
            }
        }
        StoreError::Stale.into()
    }

    async fn fetch(&self, wait_ms: i64) -> Result<Vec<Delivery>, BusError> {
        let mut slot = self.consumer.lock().await;
        if slot.is_none() {
            *slot = Some(self.bus.consumer(&self.spec).await?);
        }
        let Some(consumer) = slot.as_mut() else { return Ok(Vec::new()) };
        let fetched = consumer.fetch(FETCH_MAX, wait_ms).await;
        if fetched.is_err() {
            *slot = None;
        }
        fetched
    }

    async fn apply(&self, batch: Arc<Batch>) -> Result<(Vec<Fate>, Consumed), StoreError> {
        let work = self.work.clone();
        self.db
            .write(move |tx| {
                let (work, batch) = (work.clone(), batch.clone());
                Box::pin(async move { work.apply(tx, &batch).await })
            })
            .await
    }

    /// The batch failed at the store: each message alone, so that one bad message holds up no other.
    async fn singly(&self, batch: &Batch) -> Result<(Vec<Fate>, Consumed), StoreError> {
        let mut fates = Vec::with_capacity(batch.incoming.len());
        let mut total = Consumed::default();
        for incoming in &batch.incoming {
            let alone = Arc::new(Batch { incoming: vec![incoming.clone()], lease: batch.lease.clone() });
            let (mut fate, one) = match self.apply(alone).await {
                Ok(done) => done,
                Err(error) if error.is_transient() => return Err(error),
                Err(error) if incoming.attempt >= MAX_TRIES => self.give_up(batch, incoming, &error).await?,
                Err(error) => {
                    tracing::warn!(
                        consumer = self.work.handler.name(),
                        attempt = incoming.attempt,
                        "message failed: {error}"
                    );
                    let wait = RETRY_MS.0.saturating_mul(1 << incoming.attempt.clamp(0, 16)).min(RETRY_MS.1);
                    (vec![Fate::Later(wait)], Consumed { later: 1, ..Consumed::default() })
                }
            };
            fates.append(&mut fate);
            total.add(&one);
        }
        Ok((fates, total))
    }

    /// A message that fails alone every time is buried like a poisoned one.
    async fn give_up(
        &self,
        batch: &Batch,
        incoming: &Incoming,
        error: &StoreError,
    ) -> Result<(Vec<Fate>, Consumed), StoreError> {
        let mut buried = incoming.clone();
        buried.condemned = Some(format!("failed {} times: {error}", incoming.attempt));
        self.apply(Arc::new(Batch { incoming: vec![buried], lease: batch.lease.clone() })).await
    }

    /// After the commit. An answer that is lost lets the message come again, and it is known then.
    async fn answer(&self, deliveries: &[Delivery], fates: &[Fate]) -> Result<(), BusError> {
        for (delivery, fate) in deliveries.iter().zip(fates) {
            match fate {
                Fate::Ack => delivery.ack().await?,
                Fate::Later(wait_ms) => delivery.nak(*wait_ms).await?,
            }
        }
        Ok(())
    }

    fn tell(&self, consumed: &Consumed) {
        let name = self.work.handler.name();
        let counted = [
            (ConsumerOutcome::Applied, consumed.applied),
            (ConsumerOutcome::Duplicate, consumed.duplicates),
            (ConsumerOutcome::Parked, consumed.parked),
            (ConsumerOutcome::Poison, consumed.buried),
        ];
        for (outcome, n) in counted {
            if n > 0 {
                metrics().consumer_handled(name, outcome, u64::try_from(n).unwrap_or(u64::MAX));
            }
        }
    }

    async fn report(&self, step: &Result<Consumed, ConsumeError>) {
        let Some(check) = &self.check else { return };
        match step {
            Err(error) => check.fail(&error.to_string()),
            Ok(_) => match self.stuck().await {
                Some(why) => check.fail(&why),
                None => check.pass(),
            },
        }
    }

    /// Whether messages have been parked for so long that somebody must look; looked at now and then.
    async fn stuck(&self) -> Option<String> {
        let now = self.db.clocks().technical.now();
        let mut last = self.counted.lock().await;
        if last.0.plus_ms(COUNT_EVERY_MS).0 > now.0 {
            return last.1.clone();
        }
        let name = self.work.handler.name();
        // A database that is away is told by the step itself.
        let counts = parked::counts(&self.db, name).await.ok()?;
        metrics().consumer_parked(name, counts.parked);
        let since = counts.oldest().filter(|at| at.plus_ms(STUCK_AFTER_MS).0 < now.0);
        *last = (
            now,
            since.map(|at| format!("{} messages wait for their predecessors since {at}", counts.parked)),
        );
        last.1.clone()
    }

    /// Drains until asked to end. Outlives the bus and the database, and says in health how it is.
    pub async fn run(&self, mut shutdown: Shutdown) {
        let mut pause_ms = 0;
        while !asked(&shutdown) {
            let step = tokio::select! {
                () = crate::shutdown::wait(&mut shutdown) => break,
                step = self.step_within(FETCH_WAIT_MS) => step,
            };
            pause_ms = match &step {
                Ok(consumed) if consumed.standby => FETCH_WAIT_MS,
                Ok(_) => 0,
                Err(_) => (pause_ms * 2).clamp(BACKOFF_MS.0, BACKOFF_MS.1),
            };
            self.report(&step).await;
            if pause_ms > 0 {
                tokio::select! {
                    () = crate::shutdown::wait(&mut shutdown) => {}
                    () = tokio::time::sleep(duration(pause_ms)) => {}
                }
            }
        }
        *self.consumer.lock().await = None;
        if let Err(error) = self.lease.release().await {
            tracing::warn!(consumer = self.work.handler.name(), "the lease runs out by itself: {error}");
        }
    }
}

impl Consumed {
    fn add(&mut self, other: &Self) {
        self.applied += other.applied;
        self.duplicates += other.duplicates;
        self.parked += other.parked;
        self.buried += other.buried;
        self.later += other.later;
    }
}
