//! The streams and consumers of the office, from code: what is not here does not exist.

use contracts::subject;
use kernel::AgencyCode;

use crate::{
    Bus, BusError,
    spec::{ConsumerSpec, Epoch, StreamSpec},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How long messages stay; the outbox is the record (`architecture.md` section 4).
pub(crate) const MAX_AGE_MS: i64 = 90 * DAY_MS;
/// How far sequence numbers jump at a rebuild, so that no reader takes the new for the old (bus.md F5).
const FIRST_SEQ_JUMP: u64 = 1_000_000;

impl StreamSpec {
    fn of(name: &str, subjects: &[&str], dedup_ms: i64) -> Self {
        Self {
            name: name.to_owned(),
            subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
            dedup_ms,
            max_age_ms: MAX_AGE_MS,
            max_consumers: -1,
        }
    }

    /// The stream of an agency's dispatches: its worker, and one more for a look.
    #[must_use]
    pub fn dispatches(agency: &AgencyCode) -> Self {
        let name = subject::dispatch_stream(agency);
        let subjects = format!("dispatch.{agency}.>");
        Self { max_consumers: 2, ..Self::of(&name, &[&subjects], DAY_MS) }
    }

    /// Whether the relay may store several messages at once.
    #[must_use]
    pub(crate) fn takes_batches(&self) -> bool {
        self.name != subject::ADV
    }
}

/// Every stream, for these agencies.
#[must_use]
pub fn streams(agencies: &[AgencyCode]) -> Vec<StreamSpec> {
    let advisories =
        ["$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>", "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>"];
    let mut all = vec![
        StreamSpec::of(subject::EVT, &["evt.>"], HOUR_MS),
        StreamSpec::of(subject::RETURNS, &["returns.>"], DAY_MS),
        StreamSpec::of(subject::DLQ, &["dlq.>"], DAY_MS),
        StreamSpec::of(subject::ADV, &advisories, HOUR_MS),
    ];
    all.extend(agencies.iter().map(StreamSpec::dispatches));
    all
}

/// A consumer of facts: its durable name, the service that reads it, and the contexts it listens to
/// (none: all).
struct Facts(&'static str, &'static str, &'static [&'static str]);

const FACTS: &[Facts] = &[
    Facts("intake", "intake", &["routing"]),
    Facts("routing", "routing", &["intake"]),
    Facts("routing-supervision", "routing", &["supervision"]),
    Facts("supervision", "supervision", &["intake", "routing"]),
    Facts("meetings", "meetings", &["intake", "routing"]),
    Facts("routing-meetings", "routing", &["meetings"]),
    Facts("notification", "notification", &["intake", "routing", "supervision", "meetings"]),
    Facts("board", "console", &[]),
];

/// The durable names that a service may read by: its own, and those of the table.
#[must_use]
pub fn durables_of(service: &str) -> Vec<&str> {
    let mut names = vec![service];
    names.extend(FACTS.iter().filter(|f| f.1 == service && f.0 != service).map(|f| f.0));
    names
}

/// Every durable consumer, for these agencies.
#[must_use]
pub fn consumers(agencies: &[AgencyCode]) -> Vec<ConsumerSpec> {
    let mut all: Vec<ConsumerSpec> = FACTS.iter().map(|f| ConsumerSpec::facts(f.0, f.2)).collect();
    // Each owner reads every return and names the types that are not its own.
    all.push(ConsumerSpec::returns("routing"));
    all.push(ConsumerSpec::returns("supervision"));
    all.push(ConsumerSpec::returns("meetings"));
    all.extend(agencies.iter().map(ConsumerSpec::dispatches));
    all
}

/// Makes what is missing and brings the settings of the rest up to date. Safe to repeat; streams that
/// are there keep their epoch and their messages.
///
/// # Errors
/// When the bus is away or refuses.
pub async fn ensure(bus: &Bus, agencies: &[AgencyCode]) -> Result<(), BusError> {
    let epoch = current_epoch(bus).await?.unwrap_or(Epoch { number: 1, first_seq: 1 });
    for spec in streams(agencies) {
        bus.ensure_stream(&spec, epoch).await?;
    }
    for spec in consumers(agencies) {
        bus.ensure_consumer(&spec).await?;
    }
    Ok(())
}

/// Makes one stream or brings its settings up to date.
///
/// # Errors
/// When the bus is away or refuses.
pub async fn put(bus: &Bus, spec: &StreamSpec, epoch: Epoch) -> Result<(), BusError> {
    bus.ensure_stream(spec, epoch).await
}

/// The newest epoch of any stream that is there; none on an empty bus.
///
/// # Errors
/// When the bus is away.
pub async fn current_epoch(bus: &Bus) -> Result<Option<Epoch>, BusError> {
    Ok(bus.stream_states().await?.into_iter().map(|s| s.epoch).max_by_key(|e| e.number))
}

/// Deletes every stream and makes it anew in an epoch after both the bus's and the one given, with
/// sequence numbers that no reader has seen. The messages come back from the outboxes.
///
/// # Errors
/// When the bus is away or refuses; repeat it.
pub async fn recreate(bus: &Bus, agencies: &[AgencyCode], after: i64) -> Result<Epoch, BusError> {
    let states = bus.stream_states().await?;
    let newest = states.iter().map(|s| s.epoch.number).max().unwrap_or(0).max(after);
    let highest = states.iter().map(|s| s.last_seq.max(s.epoch.first_seq)).max().unwrap_or(0);
    let number = newest + 1;
    // The jump counts epochs as well as numbers seen, so that it also clears a bus whose disk was lost.
    let by_epoch = u64::try_from(number).unwrap_or(1).saturating_mul(FIRST_SEQ_JUMP);
    let first_seq = by_epoch.max((highest / FIRST_SEQ_JUMP + 1).saturating_mul(FIRST_SEQ_JUMP));
    for state in &states {
        bus.delete_stream(&state.name).await?;
    }
    let epoch = Epoch { number, first_seq };
    for spec in streams(agencies) {
        bus.ensure_stream(&spec, epoch).await?;
    }
    for spec in consumers(agencies) {
        bus.ensure_consumer(&spec).await?;
    }
    Ok(epoch)
}
