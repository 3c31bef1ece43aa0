//! The bus in memory: JetStream's semantics on the injected technical clock, for simulations and tests.
//!
//! Same rules as the real one: a window in which ids are known, redelivery when the wait for an answer
//! is over, a limit on messages on their way, each agency confined to its own account. The faults that
//! the real one was seen to have (bus.md F2, F5, F6) can be called up by name.

mod faults;
mod service;
mod stream;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use contracts::Message;
use kernel::{AgencyCode, Clock};
use tokio::sync::watch;

use crate::{
    BusError, Delivery,
    access::{may_publish, may_read},
    bus::Outgoing,
    delivery::{Acker, Raw},
    spec::{
        ConsumerSpec, ConsumerState, DUPLICATE_IN_BATCH, Epoch, PubAck, Side, StreamSpec, StreamState,
        duration, message_id,
    },
};
use service::Served;
use stream::{Answer, Incoming, MemoryStream};

pub use service::MemoryServing;

/// The largest message, as the server's default.
const MAX_PAYLOAD: usize = 1_048_576;

/// One hand on a bus in memory. Clones share the bus.
#[derive(Clone)]
pub struct MemoryBus {
    hub: Arc<Hub>,
    side: Side,
}

struct Hub {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    stored: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    streams: BTreeMap<String, MemoryStream>,
    served: Vec<Served>,
    next_served: u64,
    incarnations: u64,
    down: bool,
    lost_pubacks: u32,
    lost_acks: u32,
}

impl MemoryBus {
    /// An empty bus on the technical clock, in the administrator's hand.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let hub = Hub { clock, state: Mutex::default(), stored: watch::Sender::new(0) };
        Self { hub: Arc::new(hub), side: Side::core(Side::ADMIN) }
    }

    /// The same bus in a service's hand.
    #[must_use]
    pub fn core(&self, service: &str) -> Self {
        Self { hub: self.hub.clone(), side: Side::core(service) }
    }

    /// The same bus in an agency's hand.
    #[must_use]
    pub fn agency(&self, code: &AgencyCode) -> Self {
        Self { hub: self.hub.clone(), side: Side::Agency(code.clone()) }
    }

    /// Whose hand it is.
    #[must_use]
    pub const fn side(&self) -> &Side {
        &self.side
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.hub.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn up(&self) -> Result<MutexGuard<'_, State>, BusError> {
        let state = self.lock();
        if state.down { Err(BusError::Away("the bus in memory is down".to_owned())) } else { Ok(state) }
    }

    pub(crate) fn is_up(&self) -> bool {
        !self.lock().down
    }

    pub(crate) fn publish(&self, subject: &str, message: &Message, attempt: i64) -> Result<PubAck, BusError> {
        self.publish_raw(subject, message_id(message, attempt), message.headers(), message.body.as_bytes())
    }

    /// Stores what is perhaps no message of ours: what a foreign client may send.
    ///
    /// # Errors
    /// As for a publish.
    pub fn publish_raw(
        &self,
        subject: &str,
        message_id: String,
        headers: Vec<(&'static str, String)>,
        body: &[u8],
    ) -> Result<PubAck, BusError> {
        may_publish(&self.side, subject)?;
        let bytes = body.len() + headers.iter().map(|(n, v)| n.len() + v.len() + 4).sum::<usize>();
        if bytes > MAX_PAYLOAD {
            return Err(BusError::TooLarge { subject: subject.to_owned(), bytes, limit: MAX_PAYLOAD });
        }
        let now = self.hub.clock.now();
        let mut state = self.up()?;
        let Some(stream) = state.streams.values_mut().find(|s| s.takes(subject)) else {
            return Err(BusError::Missing(format!("stream for `{subject}`")));
        };
        let incoming = Incoming { subject: subject.to_owned(), headers, body: body.to_vec(), message_id };
        let ack = stream.store(incoming, now);
        let lost = state.lost_pubacks > 0;
        state.lost_pubacks = state.lost_pubacks.saturating_sub(1);
        drop(state);
        self.hub.stored.send_modify(|n| *n += 1);
        if lost { Err(BusError::Away("the answer to a publish was lost".to_owned())) } else { Ok(ack) }
    }

    /// All or none: an id that is known refuses the whole, as the server's code 10201 does.
    pub(crate) fn publish_batch(&self, items: &[Outgoing<'_>]) -> Result<Vec<PubAck>, BusError> {
        let now = self.hub.clock.now();
        let state = self.up()?;
        let known = items.iter().any(|item| {
            let id = message_id(item.message, item.attempt);
            state.streams.values().any(|s| s.takes(item.subject) && s.knows(&id, now))
        });
        drop(state);
        if known {
            let why = "atomic publish batch contains duplicate message id".to_owned();
            return Err(BusError::Refused { code: DUPLICATE_IN_BATCH, why });
        }
        items.iter().map(|item| self.publish(item.subject, item.message, item.attempt)).collect()
    }

    pub(crate) fn consumer(&self, spec: &ConsumerSpec) -> Result<MemoryConsumer, BusError> {
        may_read(&self.side, spec)?;
        let mut state = self.up()?;
        let stream = state
            .streams
            .get_mut(&spec.stream)
            .ok_or_else(|| BusError::Missing(format!("stream `{}`", spec.stream)))?;
        match self.side {
            Side::Core { .. } => stream.ensure_durable(spec),
            Side::Agency(_) if stream.has_durable(&spec.durable) => {}
            Side::Agency(_) => return Err(BusError::Missing(format!("consumer of `{}`", spec.stream))),
        }
        drop(state);
        Ok(MemoryConsumer { bus: self.clone(), spec: spec.clone() })
    }

    pub(crate) fn consumer_state(&self, spec: &ConsumerSpec) -> Result<ConsumerState, BusError> {
        let state = self.up()?;
        let found = state.streams.get(&spec.stream).and_then(|s| s.consumer_state(&spec.durable));
        found.ok_or_else(|| BusError::Missing(format!("consumer `{}/{}`", spec.stream, spec.durable)))
    }

    /// Makes a stream or brings its settings up to date.
    pub(crate) fn ensure_stream(&self, spec: &StreamSpec, epoch: Epoch) -> Result<(), BusError> {
        let mut state = self.up()?;
        state.incarnations += 1;
        let incarnation = state.incarnations;
        state
            .streams
            .entry(spec.name.clone())
            .and_modify(|stream| stream.spec = spec.clone())
            .or_insert_with(|| MemoryStream::new(spec.clone(), epoch, incarnation));
        Ok(())
    }

    pub(crate) fn ensure_consumer(&self, spec: &ConsumerSpec) -> Result<(), BusError> {
        self.consumer(spec).map(drop)
    }

    pub(crate) fn delete_stream(&self, name: &str) -> Result<bool, BusError> {
        Ok(self.up()?.streams.remove(name).is_some())
    }

    pub(crate) fn stream_states(&self) -> Result<Vec<StreamState>, BusError> {
        Ok(self.up()?.streams.values().map(MemoryStream::state).collect())
    }
}

/// A durable consumer of a bus in memory.
pub struct MemoryConsumer {
    bus: MemoryBus,
    spec: ConsumerSpec,
}

impl MemoryConsumer {
    pub(crate) async fn fetch(&mut self, max: usize, wait_ms: i64) -> Result<Vec<Delivery>, BusError> {
        let mut stored = self.bus.hub.stored.subscribe();
        let found = self.take(max)?;
        if !found.is_empty() || wait_ms <= 0 {
            return Ok(found);
        }
        // A redelivery that falls due meanwhile is found at the end of the wait.
        drop(tokio::time::timeout(duration(wait_ms), stored.changed()).await);
        self.take(max)
    }

    fn take(&self, max: usize) -> Result<Vec<Delivery>, BusError> {
        let now = self.bus.hub.clock.now();
        let mut state = self.bus.up()?;
        let stream = state
            .streams
            .get_mut(&self.spec.stream)
            .ok_or_else(|| BusError::Missing(format!("stream `{}`", self.spec.stream)))?;
        if !stream.has_durable(&self.spec.durable) {
            return Err(BusError::Missing(format!("consumer `{}/{}`", self.spec.stream, self.spec.durable)));
        }
        let incarnation = stream.incarnation;
        let handed = stream.hand_out(&self.spec.durable, max, now);
        drop(state);
        Ok(handed.into_iter().map(|h| self.delivery(h, incarnation)).collect())
    }

    fn delivery(&self, handed: stream::Handed, incarnation: u64) -> Delivery {
        let stream::Handed { seq, attempt, stored } = handed;
        let header = |name: &str| stored.headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone());
        let message = Message::from_wire(&stored.subject, &header, &stored.body);
        let raw = message.is_err().then(|| Raw {
            id: stored.message_id.clone(),
            headers: stored.headers.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect(),
            body: String::from_utf8_lossy(&stored.body).into_owned(),
        });
        let acker = MemoryAcker {
            bus: self.bus.clone(),
            stream: self.spec.stream.clone(),
            durable: self.spec.durable.clone(),
            seq,
            incarnation,
        };
        Delivery {
            message,
            raw,
            subject: stored.subject,
            attempt,
            stream_seq: seq,
            acker: Acker::Memory(acker),
        }
    }

    pub(crate) fn state(&self) -> Result<ConsumerState, BusError> {
        self.bus.consumer_state(&self.spec)
    }
}

/// The way back for one delivery. Like the real one it says nothing when its answer is lost.
pub(crate) struct MemoryAcker {
    bus: MemoryBus,
    stream: String,
    durable: String,
    seq: u64,
    incarnation: u64,
}

impl std::fmt::Debug for MemoryAcker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemoryAcker({}/{} {})", self.stream, self.durable, self.seq)
    }
}

impl MemoryAcker {
    #[expect(clippy::unnecessary_wraps, reason = "the same face as the real one")]
    fn answer(&self, answer: Answer) -> Result<(), BusError> {
        let now = self.bus.hub.clock.now();
        let mut state = self.bus.lock();
        let lost = state.lost_acks > 0;
        state.lost_acks = state.lost_acks.saturating_sub(1);
        if state.down || lost {
            return Ok(());
        }
        // An answer to a delivery of a stream that was made anew since goes nowhere.
        let stream = state.streams.get_mut(&self.stream).filter(|s| s.incarnation == self.incarnation);
        if let Some(stream) = stream {
            stream.answer(&self.durable, self.seq, answer, now);
        }
        Ok(())
    }

    pub(crate) fn ack(&self) -> Result<(), BusError> {
        self.answer(Answer::Settle)
    }

    pub(crate) fn nak(&self, delay_ms: i64) -> Result<(), BusError> {
        self.answer(Answer::Later(delay_ms))
    }
}
