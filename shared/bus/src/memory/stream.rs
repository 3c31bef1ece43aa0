//! One stream in memory, with JetStream's rules: what is stored, what is known already, who got what.

use std::collections::{BTreeMap, HashMap, VecDeque};

use kernel::UnixMillis;

use crate::spec::{
    ConsumerSpec, ConsumerState, Epoch, PubAck, StreamSpec, StreamState, reached, subject_matches,
};

/// How far the server's own record of acknowledgements lags behind (bus.md F2), in milliseconds.
const ACK_FLUSH_MS: i64 = 100;

/// A message as it lies in the stream.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub subject: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub message_id: String,
    at: UnixMillis,
}

/// What is to be stored.
pub(super) struct Incoming {
    pub subject: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub message_id: String,
}

/// A message handed out.
pub(super) struct Handed {
    pub seq: u64,
    pub attempt: i64,
    pub stored: Stored,
}

/// How a consumer answers.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// Done, or never again.
    Settle,
    /// Again after so many milliseconds.
    Later(i64),
}

#[derive(Debug)]
struct Pending {
    attempts: i64,
    due: UnixMillis,
}

#[derive(Debug)]
struct Durable {
    spec: ConsumerSpec,
    next_seq: u64,
    pending: BTreeMap<u64, Pending>,
    settled: VecDeque<(u64, i64, UnixMillis)>,
}

#[derive(Debug)]
pub(super) struct MemoryStream {
    pub spec: StreamSpec,
    pub epoch: Epoch,
    /// Which making of the stream this is: an answer to an earlier one goes nowhere.
    pub incarnation: u64,
    next_seq: u64,
    messages: BTreeMap<u64, Stored>,
    known: HashMap<String, (u64, UnixMillis)>,
    durables: BTreeMap<String, Durable>,
}

impl MemoryStream {
    pub fn new(spec: StreamSpec, epoch: Epoch, incarnation: u64) -> Self {
        let next_seq = epoch.first_seq;
        Self {
            spec,
            epoch,
            incarnation,
            next_seq,
            messages: BTreeMap::new(),
            known: HashMap::new(),
            durables: BTreeMap::new(),
        }
    }

    pub fn takes(&self, subject: &str) -> bool {
        self.spec.subjects.iter().any(|pattern| subject_matches(pattern, subject))
    }

    /// Whether an id is in the window.
    pub fn knows(&self, message_id: &str, now: UnixMillis) -> bool {
        self.known.get(message_id).is_some_and(|(_, at)| !reached(at.plus_ms(self.spec.dedup_ms), now))
    }

    pub fn store(&mut self, incoming: Incoming, now: UnixMillis) -> PubAck {
        let window = self.spec.dedup_ms;
        self.known.retain(|_, (_, at)| !reached(at.plus_ms(window), now));
        let stream = self.spec.name.clone();
        if let Some((seq, _)) = self.known.get(&incoming.message_id) {
            return PubAck { stream, seq: *seq, duplicate: true };
        }
        let seq = self.next_seq;
        self.next_seq += 1;
        self.known.insert(incoming.message_id.clone(), (seq, now));
        let Incoming { subject, headers, body, message_id } = incoming;
        self.messages.insert(seq, Stored { subject, headers, body, message_id, at: now });
        PubAck { stream, seq, duplicate: false }
    }

    /// Makes the consumer or brings its settings up to date; what it has read stays read.
    pub fn ensure_durable(&mut self, spec: &ConsumerSpec) {
        let first = self.epoch.first_seq;
        self.durables
            .entry(spec.durable.clone())
            .and_modify(|durable| durable.spec = spec.clone())
            .or_insert_with(|| Durable {
                spec: spec.clone(),
                next_seq: first,
                pending: BTreeMap::new(),
                settled: VecDeque::new(),
            });
    }

    pub fn has_durable(&self, name: &str) -> bool {
        self.durables.contains_key(name)
    }

    /// Redeliveries that are due come first, then new messages while there is room on the way.
    pub fn hand_out(&mut self, durable: &str, max: usize, now: UnixMillis) -> Vec<Handed> {
        let max_age = self.spec.max_age_ms;
        self.messages.retain(|_, m| max_age <= 0 || !reached(m.at.plus_ms(max_age), now));
        let Some(consumer) = self.durables.get_mut(durable) else { return Vec::new() };
        let messages = &self.messages;
        let limit = consumer.spec.max_deliver;
        // A message that vanished from the stream, or was delivered as often as allowed, is given up.
        consumer.pending.retain(|seq, p| {
            messages.contains_key(seq) && !(limit > 0 && p.attempts >= limit && reached(p.due, now))
        });
        let again: Vec<u64> = consumer
            .pending
            .iter()
            .filter(|(_, p)| reached(p.due, now))
            .map(|(seq, _)| *seq)
            .take(max)
            .collect();
        let mut chosen = again;
        let room_on_the_way = usize::try_from(consumer.spec.max_ack_pending)
            .unwrap_or(usize::MAX)
            .saturating_sub(consumer.pending.len());
        let room = room_on_the_way.min(max.saturating_sub(chosen.len()));
        let fresh: Vec<u64> = messages
            .range(consumer.next_seq..)
            .filter(|(_, m)| consumer.spec.wants(&m.subject))
            .map(|(seq, _)| *seq)
            .take(room)
            .collect();
        if let Some(last) = fresh.last() {
            consumer.next_seq = last + 1;
        }
        chosen.extend(fresh);
        chosen
            .into_iter()
            .filter_map(|seq| {
                let entry = consumer.pending.entry(seq).or_insert(Pending { attempts: 0, due: now });
                entry.attempts += 1;
                entry.due = now.plus_ms(consumer.spec.wait_ms(entry.attempts));
                let stored = messages.get(&seq)?.clone();
                Some(Handed { seq, attempt: entry.attempts, stored })
            })
            .collect()
    }

    pub fn answer(&mut self, durable: &str, seq: u64, answer: Answer, now: UnixMillis) {
        let Some(consumer) = self.durables.get_mut(durable) else { return };
        match answer {
            Answer::Settle => {
                if let Some(done) = consumer.pending.remove(&seq) {
                    consumer.settled.push_back((seq, done.attempts, now));
                }
                while consumer
                    .settled
                    .front()
                    .is_some_and(|(_, _, at)| reached(at.plus_ms(ACK_FLUSH_MS), now))
                {
                    consumer.settled.pop_front();
                }
            }
            Answer::Later(delay_ms) => {
                if let Some(pending) = consumer.pending.get_mut(&seq) {
                    pending.due = now.plus_ms(delay_ms);
                }
            }
        }
    }

    /// The server dies and comes back: messages stay, the newest acknowledgements are forgotten.
    pub fn crash(&mut self, now: UnixMillis) {
        for consumer in self.durables.values_mut() {
            for (seq, attempts, at) in consumer.settled.drain(..) {
                if !reached(at.plus_ms(ACK_FLUSH_MS), now) {
                    consumer.pending.insert(seq, Pending { attempts, due: now });
                }
            }
            for pending in consumer.pending.values_mut() {
                pending.due = now;
            }
        }
    }

    /// A stored message rots away without a word (bus.md F6).
    pub fn rot(&mut self, seq: u64) -> bool {
        self.messages.remove(&seq).is_some()
    }

    pub fn state(&self) -> StreamState {
        StreamState {
            name: self.spec.name.clone(),
            epoch: self.epoch,
            messages: u64::try_from(self.messages.len()).unwrap_or(u64::MAX),
            last_seq: self.next_seq.saturating_sub(1),
        }
    }

    pub fn consumer_state(&self, durable: &str) -> Option<ConsumerState> {
        let consumer = self.durables.get(durable)?;
        let pending =
            self.messages.range(consumer.next_seq..).filter(|(_, m)| consumer.spec.wants(&m.subject)).count();
        let again = consumer.pending.values().filter(|p| p.attempts > 1).count();
        Some(ConsumerState {
            pending: u64::try_from(pending).unwrap_or(u64::MAX),
            unacked: u64::try_from(consumer.pending.len()).unwrap_or(u64::MAX),
            redelivered: u64::try_from(again).unwrap_or(u64::MAX),
        })
    }
}

impl ConsumerSpec {
    fn wants(&self, subject: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|f| subject_matches(f, subject))
    }

    /// How long the server waits for an answer to the n-th delivery.
    fn wait_ms(&self, attempt: i64) -> i64 {
        let backoff = self.backoff_ms();
        let at = usize::try_from(attempt - 1).unwrap_or(0);
        backoff.get(at).or(backoff.last()).copied().unwrap_or(self.ack_wait_ms)
    }
}
