//! Names, limits and shapes that both makings of the bus share.

use kernel::{AgencyCode, UnixMillis};

/// Most messages a consumer takes at once: one transaction.
pub const FETCH_MAX: usize = 256;
/// How long the server waits for an acknowledgement before it delivers again, in milliseconds.
pub const ACK_WAIT_MS: i64 = 5_000;
/// The one durable consumer of a `DISPATCH_<agency>` stream.
pub const WORKER: &str = "worker";
/// The domain of the office's server; part of every acknowledgement's subject.
pub const DOMAIN: &str = "hub";
/// The prefix under which an agency's account sees the office's consumers.
pub const AGENCY_API: &str = "JS.core.API";
/// The server's code for a batch that holds an id it has stored already.
pub(crate) const DUPLICATE_IN_BATCH: u64 = 10_201;
/// Redelivery to an agency slows down over these waits, in milliseconds: a backlog is never dropped.
pub const AGENCY_BACKOFF_MS: &[i64] = &[ACK_WAIT_MS, 10_000, 30_000, 60_000];

/// Whose hand is on the bus, which decides what it may do there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// A service of the office, in the account that owns the streams.
    Core {
        /// `routing`, or [`Side::ADMIN`].
        service: String,
    },
    /// One agency's node, in its own account.
    Agency(AgencyCode),
}

impl Side {
    /// The user that makes streams and rebuilds them.
    pub const ADMIN: &'static str = "admin";

    /// A service of the office.
    #[must_use]
    pub fn core(service: &str) -> Self {
        Self::Core { service: service.to_owned() }
    }

    /// The name shown in the server's list of connections.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Core { service } => format!("lianxi/{service}"),
            Self::Agency(code) => format!("lianxi/agency/{code}"),
        }
    }

    /// What reply subjects begin with. Services of the office have one each, so that none can read
    /// the answers meant for another.
    #[must_use]
    pub fn inbox(&self) -> String {
        match self {
            Self::Core { service } => format!("_INBOX.{service}"),
            Self::Agency(_) => "_INBOX".to_owned(),
        }
    }
}

/// How to reach the bus.
#[derive(Clone, Debug)]
pub struct Connect {
    /// `nats://127.0.0.1:24222`, or `tls://…`.
    pub url: String,
    /// The nkey seed of this user (`SU…`).
    pub seed: String,
    /// Whose hand it is.
    pub side: Side,
}

/// A durable pull consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerSpec {
    /// The stream it reads.
    pub stream: String,
    /// Its durable name.
    pub durable: String,
    /// Whole contexts (`evt.routing.>`), never single types, so that a gap is a gap. Empty: all.
    pub filters: Vec<String>,
    /// Milliseconds until an unacknowledged message comes again.
    pub ack_wait_ms: i64,
    /// Most messages on their way at once.
    pub max_ack_pending: i64,
    /// Most deliveries of one message; -1: no limit.
    pub max_deliver: i64,
}

impl ConsumerSpec {
    /// The consumer of facts of one service, filtered by whole contexts; no contexts: every fact.
    ///
    /// `max_deliver` has no limit: the consumer loop itself moves a message that fails alone too
    /// often to the dead letters, and a store that is away for a minute must not strand the rest.
    #[must_use]
    pub fn facts(durable: &str, contexts: &[&str]) -> Self {
        Self {
            stream: contracts::subject::EVT.to_owned(),
            durable: durable.to_owned(),
            filters: contexts.iter().map(|c| format!("evt.{c}.>")).collect(),
            ack_wait_ms: ACK_WAIT_MS,
            max_ack_pending: 1_024,
            max_deliver: -1,
        }
    }

    /// The consumer of what agencies return.
    #[must_use]
    pub fn returns(durable: &str) -> Self {
        Self { stream: contracts::subject::RETURNS.to_owned(), ..Self::facts(durable, &[]) }
    }

    /// The one consumer of an agency's dispatches.
    #[must_use]
    pub fn dispatches(agency: &AgencyCode) -> Self {
        Self {
            stream: contracts::subject::dispatch_stream(agency),
            max_ack_pending: 64,
            ..Self::facts(WORKER, &[])
        }
    }

    /// The waits between deliveries, in milliseconds; empty: `ack_wait_ms` each time.
    #[must_use]
    pub fn backoff_ms(&self) -> &'static [i64] {
        if self.stream.starts_with("DISPATCH_") { AGENCY_BACKOFF_MS } else { &[] }
    }
}

/// A stream of the office's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamSpec {
    /// Its name.
    pub name: String,
    /// The subjects it stores.
    pub subjects: Vec<String>,
    /// How long a message id is remembered, in milliseconds.
    pub dedup_ms: i64,
    /// How long messages are kept, in milliseconds. The record is the outbox.
    pub max_age_ms: i64,
    /// Most consumers; -1: no limit.
    pub max_consumers: i32,
}

/// How often a stream was made anew, and where its numbers began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// From 1; one more at each rebuild.
    pub number: i64,
    /// The first sequence number of this epoch.
    pub first_seq: u64,
}

/// What a stream holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamState {
    /// Its name.
    pub name: String,
    /// Its epoch.
    pub epoch: Epoch,
    /// Messages in it.
    pub messages: u64,
    /// The last sequence number given.
    pub last_seq: u64,
}

/// What a consumer has still to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsumerState {
    /// Messages not delivered yet.
    pub pending: u64,
    /// Messages delivered and not acknowledged.
    pub unacked: u64,
    /// Of those, how many were delivered more than once.
    pub redelivered: u64,
}

/// The server's promise that a message is on its disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PubAck {
    /// The stream that holds it.
    pub stream: String,
    /// Its sequence number there.
    pub seq: u64,
    /// The stream held this message id already.
    pub duplicate: bool,
}

/// `Nats-Msg-Id` of a message: its id; a re-send carries the number of the attempt, because the
/// server swallows an id it has seen even if its own copy was damaged since (bus.md F6).
#[must_use]
pub fn message_id(message: &contracts::Message, attempt: i64) -> String {
    if attempt == 0 { message.id.to_string() } else { format!("{}.{attempt}", message.id) }
}

/// Whether a subject matches a pattern with `*` and `>`.
#[must_use]
pub fn subject_matches(pattern: &str, subject: &str) -> bool {
    let mut have = subject.split('.');
    for want in pattern.split('.') {
        match (want, have.next()) {
            (">", Some(_)) => return true,
            ("*", Some(_)) => {}
            (want, Some(token)) if want == token => {}
            _ => return false,
        }
    }
    have.next().is_none()
}

/// Milliseconds as the unsigned number that timers take; negative counts as none.
#[must_use]
pub(crate) fn duration(ms: i64) -> std::time::Duration {
    std::time::Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

/// Whether an instant has come.
pub(crate) fn reached(at: UnixMillis, now: UnixMillis) -> bool {
    at.0 <= now.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_by_token() {
        assert!(subject_matches("evt.routing.>", "evt.routing.matter_forwarded.xf_1"));
        assert!(subject_matches("svc.intake.open.*", "svc.intake.open.renshe"));
        assert!(!subject_matches("svc.intake.open.*", "svc.intake.open.renshe.more"));
        assert!(!subject_matches("evt.routing.>", "evt.routing"));
        assert!(!subject_matches("evt.routing", "evt.routing.x"));
    }
}
