//! One batch in one transaction.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use contracts::Message;
use db::{
    Sql, StoreError, Tx, dead_letter,
    inbox::{self, Applied as Mark, SubjectKey},
    lease::{self, Lease},
    parked::{self, Parking},
};

use super::{Applied, Consumed, Handler, Order, letters::Letter, receipt};
use crate::{Delivery, Raw};

/// Subjects whose parked messages are taken up in one transaction.
const READY_MAX: i64 = 64;
/// Parked messages of one subject taken up in one transaction.
const FOLLOWING_MAX: i64 = 256;
/// Dead letters tried again in one transaction.
const REQUEUED_MAX: i64 = 16;
/// When a message that found no room to be parked comes again, in milliseconds.
const NO_ROOM_MS: i64 = 5_000;

static READY: Sql = Sql::same(
    "SELECT p.order_key, p.subject_id FROM parked p
     LEFT JOIN applied a
        ON a.consumer = p.consumer AND a.order_key = p.order_key AND a.subject_id = p.subject_id
     WHERE p.consumer = $1 AND p.version <= COALESCE(a.version, 0) + 1
     GROUP BY p.order_key, p.subject_id ORDER BY min(p.at), p.order_key, p.subject_id LIMIT $2",
);
static WAITING: Sql = Sql::same(
    "SELECT (SELECT count(*) FROM dead_letter
             WHERE resolved_at IS NULL AND requeued_at IS NOT NULL AND consumer = $1)
          + (SELECT count(*) FROM parked p
             LEFT JOIN applied a
                ON a.consumer = p.consumer AND a.order_key = p.order_key AND a.subject_id = p.subject_id
             WHERE p.consumer = $1 AND p.version <= COALESCE(a.version, 0) + 1)",
);

pub(crate) const ALL: &[&Sql] = &[&READY, &WAITING];

/// What happens to a delivery after the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Ack,
    Later(i64),
}

/// A delivery without its way back.
#[derive(Clone)]
pub(super) struct Incoming {
    pub message: Result<Arc<Message>, (Raw, String)>,
    pub subject: String,
    pub attempt: i64,
    /// It failed alone too often: bury it, for this reason.
    pub condemned: Option<String>,
}

impl Incoming {
    pub fn of(delivery: &Delivery) -> Self {
        let message = match &delivery.message {
            Ok(message) => Ok(Arc::new(message.clone())),
            Err(bad) => {
                let raw = delivery.raw.clone().unwrap_or_else(|| Raw {
                    id: format!("seq-{}", delivery.stream_seq),
                    headers: Vec::new(),
                    body: String::new(),
                });
                Err((raw, bad.to_string()))
            }
        };
        Self { message, subject: delivery.subject.clone(), attempt: delivery.attempt, condemned: None }
    }
}

/// What goes into one transaction, under which lease.
pub(super) struct Batch {
    pub incoming: Vec<Incoming>,
    pub lease: Lease,
}

/// How a consumer works.
pub(super) struct Work {
    pub handler: Arc<dyn Handler>,
    pub order: Order,
    /// Whether dead letters are also told on the bus: the office's services do, agencies keep theirs.
    pub letters_go_out: bool,
}

/// The work of one transaction.
struct Run<'w> {
    work: &'w Work,
    marks: BTreeMap<SubjectKey, Mark>,
    moved: BTreeSet<SubjectKey>,
    touched: BTreeSet<SubjectKey>,
    letters: Vec<Letter>,
    consumed: Consumed,
}

impl Work {
    fn name(&self) -> &'static str {
        self.handler.name()
    }

    /// Whether anything waits that no delivery will wake: requeued letters, parked messages whose turn it is.
    pub async fn has_waiting(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        let (waiting,): (i64,) = tx.query(&WAITING).bind(self.name()).one().await?;
        Ok(waiting > 0)
    }

    pub async fn apply(&self, tx: &mut Tx<'_>, batch: &Batch) -> Result<(Vec<Fate>, Consumed), StoreError> {
        lease::confirm(tx, &batch.lease).await?;
        let mut run = Run {
            work: self,
            marks: BTreeMap::new(),
            moved: BTreeSet::new(),
            touched: BTreeSet::new(),
            letters: Vec::new(),
            consumed: Consumed::default(),
        };
        let fates = run.take_in(tx, &batch.incoming).await?;
        run.note(tx).await?;
        run.take_up(tx).await?;
        run.try_again(tx).await?;
        let letters = std::mem::take(&mut run.letters);
        run.consumed.buried += letters.len();
        for letter in letters {
            letter.bury(tx, self.name(), self.letters_go_out).await?;
        }
        if let Order::Dispatches { agency, site } = &self.order {
            for sender in &run.touched {
                let mark = run.marks.get(sender);
                receipt::send(tx, self.name(), agency, site, sender, mark).await?;
            }
        }
        Ok((fates, run.consumed))
    }
}

impl Run<'_> {
    /// The deliveries, in the order of the stream.
    async fn take_in(&mut self, tx: &mut Tx<'_>, incoming: &[Incoming]) -> Result<Vec<Fate>, StoreError> {
        let order = &self.work.order;
        let keys: Vec<SubjectKey> =
            incoming.iter().filter_map(|i| i.message.as_ref().ok()).map(|m| order.key(m)).collect();
        self.marks = inbox::applied(tx, self.work.name(), &keys).await?;
        let mut expected: BTreeMap<SubjectKey, i64> =
            self.marks.iter().map(|(key, mark)| (key.clone(), mark.version)).collect();
        let mut fates = vec![Fate::Ack; incoming.len()];
        let (mut next, mut early) = (Vec::new(), Vec::new());
        for (at, one) in incoming.iter().enumerate() {
            let message = match &one.message {
                Ok(message) => message,
                Err((raw, why)) => {
                    self.letters.push(Letter::of_raw(raw, &one.subject, why));
                    continue;
                }
            };
            if let Err(why) = order.check(message) {
                self.letters.push(Letter::of(message, &one.subject, &why));
                continue;
            }
            let (key, number) = (order.key(message), order.number(message));
            let last = expected.entry(key.clone()).or_insert(0);
            if number == *last + 1 {
                *last = number;
                next.push((key, one, message));
            } else if number > *last {
                early.push((key, at, one, message));
            } else {
                self.touched.insert(key);
                self.consumed.duplicates += 1;
            }
        }
        self.park_early(tx, &early, &mut fates).await?;
        self.run_next(tx, next).await?;
        Ok(fates)
    }

    /// Parked before anything else is written; without room they stay on the bus.
    async fn park_early(
        &mut self,
        tx: &mut Tx<'_>,
        early: &[(SubjectKey, usize, &Incoming, &Arc<Message>)],
        fates: &mut [Fate],
    ) -> Result<(), StoreError> {
        let rows: Vec<Parking<'_>> = early
            .iter()
            .map(|(key, _, one, message)| {
                let version = self.work.order.number(message);
                Parking { key, version, subject: &one.subject, message }
            })
            .collect();
        if parked::park(tx, self.work.name(), &rows).await? {
            self.consumed.parked += rows.len();
            self.touched.extend(early.iter().map(|(key, ..)| key.clone()));
            return Ok(());
        }
        tracing::error!(consumer = self.work.name(), "no room to park {} messages", early.len());
        self.consumed.later += early.len();
        for (_, at, ..) in early {
            if let Some(fate) = fates.get_mut(*at) {
                *fate = Fate::Later(NO_ROOM_MS);
            }
        }
        Ok(())
    }

    async fn run_next(
        &mut self,
        tx: &mut Tx<'_>,
        next: Vec<(SubjectKey, &Incoming, &Arc<Message>)>,
    ) -> Result<(), StoreError> {
        let fresh = if self.work.order.keeps_ids() {
            let ids: Vec<_> = next.iter().map(|(_, _, message)| message.id).collect();
            Some(tx.first_times(self.work.name(), &ids).await?)
        } else {
            None
        };
        let messages: Vec<Arc<Message>> = next.iter().map(|(_, _, message)| Arc::clone(message)).collect();
        if !messages.is_empty() {
            self.work.handler.expect(tx, &messages).await?;
        }
        let mut held = Vec::new();
        for (key, one, message) in next {
            self.touched.insert(key.clone());
            // Known, though its turn has not come: it lies parked, waiting for another context.
            if fresh.as_ref().is_some_and(|fresh| !fresh.contains(&message.id.to_string())) {
                self.consumed.duplicates += 1;
                continue;
            }
            if let Some(why) = &one.condemned {
                self.letters.push(Letter::of(message, &one.subject, why));
                self.advance(&key, message);
            } else if !self.turn(tx, &key, &one.subject, message).await? {
                held.push((key, one.subject.as_str(), message.as_ref()));
            }
        }
        self.hold(tx, &held).await
    }

    /// Applies a message if it is its turn. `false`: it must wait.
    async fn turn(
        &mut self,
        tx: &mut Tx<'_>,
        key: &SubjectKey,
        subject: &str,
        message: &Message,
    ) -> Result<bool, StoreError> {
        let order = &self.work.order;
        let last = self.marks.get(key);
        if order.number(message) != last.map_or(0, |l| l.version) + 1 {
            return Ok(false);
        }
        if let Err(why) = order.follows(message, last) {
            // It does not count as received: the sender has to say what is right.
            self.letters.push(Letter::of(message, subject, &why));
            return Ok(true);
        }
        let trace = message.traceparent.as_deref();
        let span =
            telemetry::spans::consume(self.work.name(), &message.event_type, &message.id.to_string(), trace);
        // What the office records of an agency's return is the deed of the agency's person. What follows from a fact
        // by itself is nobody's: the cause says where it came from.
        tx.act_for(message.source_agency().and(message.by.clone()));
        match tracing::Instrument::instrument(self.work.handler.apply(tx, message), span).await? {
            Applied::Done | Applied::Ignored => self.consumed.applied += 1,
            Applied::Poison(why) => self.letters.push(Letter::of(message, subject, &why)),
            Applied::Wait => return Ok(false),
        }
        self.advance(key, message);
        Ok(true)
    }

    fn advance(&mut self, key: &SubjectKey, message: &Message) {
        self.marks.insert(key.clone(), self.work.order.mark(message));
        self.moved.insert(key.clone());
    }

    /// Parks what waits for another context, and what stands behind it.
    async fn hold(
        &mut self,
        tx: &mut Tx<'_>,
        held: &[(SubjectKey, &str, &Message)],
    ) -> Result<(), StoreError> {
        let rows: Vec<Parking<'_>> = held
            .iter()
            .map(|(key, subject, message)| {
                let version = self.work.order.number(message);
                Parking { key, version, subject, message }
            })
            .collect();
        if !parked::park(tx, self.work.name(), &rows).await? {
            return Err(StoreError::unavailable("no room to park what waits for another context"));
        }
        self.consumed.parked += rows.len();
        Ok(())
    }

    /// Writes how far it has come.
    async fn note(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let moved: BTreeMap<SubjectKey, Mark> = std::mem::take(&mut self.moved)
            .into_iter()
            .filter_map(|key| self.marks.get(&key).cloned().map(|mark| (key, mark)))
            .collect();
        inbox::set_applied(tx, self.work.name(), &moved).await
    }

    /// Parked messages whose turn has come: behind what was just applied, or after their wait.
    async fn take_up(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let ready: Vec<(String, String)> =
            tx.query(&READY).bind(self.work.name()).bind(READY_MAX).all().await?;
        if ready.is_empty() {
            return Ok(());
        }
        let keys: Vec<SubjectKey> = ready.into_iter().map(|(order, id)| SubjectKey::new(order, id)).collect();
        let marks = inbox::applied(tx, self.work.name(), &keys).await?;
        for key in keys {
            let last = marks.get(&key).map_or(0, |m| m.version);
            if let Some(mark) = marks.get(&key) {
                self.marks.insert(key.clone(), mark.clone());
            }
            let following = parked::take_following(tx, self.work.name(), &key, last, FOLLOWING_MAX).await?;
            let mut held = Vec::new();
            for one in &following {
                if !self.turn(tx, &key, &one.subject, &one.message).await? {
                    held.push((key.clone(), one.subject.as_str(), &one.message));
                }
            }
            self.hold(tx, &held).await?;
            if self.work.order.keeps_ids() {
                let ids: Vec<_> = following.iter().map(|one| one.message.id).collect();
                tx.first_times(self.work.name(), &ids).await?;
            }
            self.touched.insert(key);
        }
        self.note(tx).await
    }

    /// Dead letters that a person wants tried again. Their place in the order was given up when they died.
    async fn try_again(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        for letter in dead_letter::requeued(tx, self.work.name(), REQUEUED_MAX).await? {
            let header = |name: &str| letter.headers.get(name).cloned();
            let message = match Message::from_wire(&letter.subject, &header, &letter.body) {
                Ok(message) => message,
                Err(bad) => {
                    self.letters.push(Letter::again(&letter, &bad.to_string()));
                    continue;
                }
            };
            match self.work.handler.apply(tx, &message).await? {
                Applied::Done | Applied::Ignored => {
                    dead_letter::resolve(tx, letter.number).await?;
                    self.consumed.applied += 1;
                }
                Applied::Poison(why) => self.letters.push(Letter::again(&letter, &why)),
                Applied::Wait => {}
            }
        }
        Ok(())
    }
}
