//! The Prometheus registry of the process and the measures that every service takes alike.
//!
//! Label values pass through [`names::label`] and every family is bounded: a label set beyond
//! [`SERIES_MAX`] is counted under `other`, so a mistake costs a series and not the memory.

use std::{
    fmt::{Debug, Write as _},
    hash::Hash,
    sync::{
        OnceLock, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{TypedMetric, counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Metric, Registry},
};

use crate::names::{self, METRIC_PREFIX};

/// The most series of one family.
pub const SERIES_MAX: usize = 1_000;
/// The value of every label of the series that takes what is beyond [`SERIES_MAX`].
pub const OVERFLOW_LABEL: &str = "other";
/// `Content-Type` of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the duration histograms, in seconds: from a memory read to a stuck store.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandOutcome {
    /// Carried out, or done before under the same idempotency key.
    Done,
    /// Refused by the domain or by rights.
    Refused,
    /// Failed for a reason of ours: store, bus, defect.
    Failed,
}

impl CommandOutcome {
    const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// How one publish of the relay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayOutcome {
    /// The stream stored it.
    Stored,
    /// The stream had it already.
    Duplicate,
    /// The bus refused it or was away; it will be tried again.
    Failed,
}

impl RelayOutcome {
    const fn code(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Duplicate => "duplicate",
            Self::Failed => "failed",
        }
    }
}

/// What a consumer did with one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerOutcome {
    /// Applied.
    Applied,
    /// Of a type this consumer has no use for.
    Ignored,
    /// Applied before.
    Duplicate,
    /// Came before its predecessor and waits for it.
    Parked,
    /// Can never be applied; kept as a dead letter.
    Poison,
}

impl ConsumerOutcome {
    const fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Duplicate => "duplicate",
            Self::Parked => "parked",
            Self::Poison => "poison",
        }
    }
}

/// A label set that can stand for all that found no room.
trait Labels: Clone + Debug + Hash + Eq + EncodeLabelSet + Send + Sync + 'static {
    fn overflow() -> Self;
}

macro_rules! labels {
    ($($name:ident { $($field:ident),+ })+) => {$(
        #[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
        struct $name { $($field: String),+ }
        impl $name {
            fn of($($field: &str),+) -> Self {
                Self { $($field: names::label($field).to_owned()),+ }
            }
        }
        impl Labels for $name {
            fn overflow() -> Self {
                Self { $($field: OVERFLOW_LABEL.to_owned()),+ }
            }
        }
    )+};
}

labels! {
    CommandLabels { service, command, outcome }
    CommandTimeLabels { service, command }
    ServiceLabels { service }
    RelayLabels { service, outcome }
    ConsumerLabels { consumer, outcome }
    ParkedLabels { consumer }
    HttpLabels { service, method, route, status }
    HttpTimeLabels { service, route }
}

fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

/// A family that never grows beyond [`SERIES_MAX`] series.
struct Bounded<L, M> {
    family: Family<L, M, fn() -> M>,
    series: AtomicUsize,
}

impl<L: Labels, M: Clone> Bounded<L, M> {
    fn at(&self, labels: &L) -> M {
        if let Some(known) = self.family.get(labels) {
            return known.clone();
        }
        // Two threads that make the same series count it twice: the bound is met a little early.
        if self.series.fetch_add(1, Ordering::Relaxed) < SERIES_MAX {
            self.family.get_or_create_owned(labels)
        } else {
            self.series.store(SERIES_MAX, Ordering::Relaxed);
            self.family.get_or_create_owned(&L::overflow())
        }
    }
}

/// The measures of a process. [`metrics`] is the one everybody uses; tests make their own.
pub struct Metrics {
    registry: RwLock<Registry>,
    commands: Bounded<CommandLabels, Counter>,
    command_seconds: Bounded<CommandTimeLabels, Histogram>,
    outbox_pending: Bounded<ServiceLabels, Gauge>,
    relay_published: Bounded<RelayLabels, Counter>,
    consumer_messages: Bounded<ConsumerLabels, Counter>,
    consumer_parked: Bounded<ParkedLabels, Gauge>,
    http_requests: Bounded<HttpLabels, Counter>,
    http_seconds: Bounded<HttpTimeLabels, Histogram>,
}

fn family<L, M>(registry: &mut Registry, name: &str, help: &str, make: fn() -> M) -> Bounded<L, M>
where
    L: Labels,
    M: TypedMetric + Clone + 'static,
    Family<L, M, fn() -> M>: Metric,
{
    let family: Family<L, M, fn() -> M> = Family::new_with_constructor(make);
    registry.register(name, help, family.clone());
    Bounded { family, series: AtomicUsize::new(0) }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// An empty registry with the measures of the suite.
    #[must_use]
    pub fn new() -> Self {
        let mut r = Registry::with_prefix(METRIC_PREFIX);
        Self {
            commands: family(&mut r, "commands_handled", "Commands handled by their owner", Counter::default),
            command_seconds: family(
                &mut r,
                "command_duration_seconds",
                "Time from a command's arrival to its answer",
                seconds,
            ),
            outbox_pending: family(
                &mut r,
                "outbox_pending_rows",
                "Outbox rows not yet stored by the bus",
                Gauge::default,
            ),
            relay_published: family(
                &mut r,
                "relay_messages_published",
                "Publishes by the relay, by outcome",
                Counter::default,
            ),
            consumer_messages: family(
                &mut r,
                "consumer_messages_handled",
                "Deliveries handled by a consumer, by outcome",
                Counter::default,
            ),
            consumer_parked: family(
                &mut r,
                "consumer_parked_messages",
                "Messages that wait for their predecessor",
                Gauge::default,
            ),
            http_requests: family(
                &mut r,
                "http_requests_answered",
                "HTTP requests answered",
                Counter::default,
            ),
            http_seconds: family(
                &mut r,
                "http_request_duration_seconds",
                "Time from a request's head to its answer's head",
                seconds,
            ),
            registry: RwLock::new(r),
        }
    }

    /// Counts one command and its time, in seconds.
    pub fn command(&self, service: &str, command: &str, outcome: CommandOutcome, seconds: f64) {
        self.commands.at(&CommandLabels::of(service, command, outcome.code())).inc();
        self.command_seconds.at(&CommandTimeLabels::of(service, command)).observe(seconds);
    }

    /// States how many outbox rows of a service wait for the bus.
    pub fn outbox_pending(&self, service: &str, rows: i64) {
        self.outbox_pending.at(&ServiceLabels::of(service)).set(rows);
    }

    /// Counts publishes of a service's relay.
    pub fn relay_published(&self, service: &str, outcome: RelayOutcome, messages: u64) {
        self.relay_published.at(&RelayLabels::of(service, outcome.code())).inc_by(messages);
    }

    /// Counts deliveries of one consumer.
    pub fn consumer_handled(&self, consumer: &str, outcome: ConsumerOutcome, messages: u64) {
        self.consumer_messages.at(&ConsumerLabels::of(consumer, outcome.code())).inc_by(messages);
    }

    /// States how many messages of a consumer wait for their predecessor.
    pub fn consumer_parked(&self, consumer: &str, messages: i64) {
        self.consumer_parked.at(&ParkedLabels::of(consumer)).set(messages);
    }

    /// Counts one HTTP request by its route template (never its path) and its time, in seconds.
    pub fn http_request(&self, service: &str, method: &str, route: &str, status: u16, seconds: f64) {
        let status = status.to_string();
        self.http_requests.at(&HttpLabels::of(service, method, route, &status)).inc();
        self.http_seconds.at(&HttpTimeLabels::of(service, route)).observe(seconds);
    }

    /// Adds a measure of one service's own. The name comes without the prefix, without `_total`.
    ///
    /// # Errors
    /// When the name breaks the grammar of [`names`].
    pub fn register(&self, name: &str, help: &str, metric: impl Metric) -> Result<(), BadMetricName> {
        if !names::is_metric_name(&format!("{METRIC_PREFIX}_{name}")) || name.ends_with("_total") {
            return Err(BadMetricName(name.to_owned()));
        }
        self.registry.write().unwrap_or_else(PoisonError::into_inner).register(name, help, metric);
        Ok(())
    }

    /// All measures in the OpenMetrics text format.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.read().unwrap_or_else(PoisonError::into_inner);
        if encode(&mut text, &registry).is_err() {
            // Writing to a string fails only when a collector does; say so in the format itself.
            let _ = writeln!(text, "# EOF");
        }
        text
    }
}

/// The name is no metric's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a metric's name (lower-case words, no `_total`): `{0}`")]
pub struct BadMetricName(String);

/// The measures of this process.
pub fn metrics() -> &'static Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(Metrics::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_shown_with_its_labels_and_its_name_follows_the_grammar() {
        let metrics = Metrics::new();
        metrics.command("intake", "register", CommandOutcome::Done, 0.004);
        metrics.outbox_pending("intake", 3);
        metrics.relay_published("intake", RelayOutcome::Stored, 2);
        metrics.consumer_handled("routing", ConsumerOutcome::Applied, 256);
        metrics.consumer_parked("routing", 1);
        metrics.http_request("console", "GET", "/matters/{id}", 200, 0.01);
        let text = metrics.render();
        for line in [
            r#"lianxi_commands_handled_total{service="intake",command="register",outcome="done"} 1"#,
            r#"lianxi_command_duration_seconds_count{service="intake",command="register"} 1"#,
            r#"lianxi_outbox_pending_rows{service="intake"} 3"#,
            r#"lianxi_relay_messages_published_total{service="intake",outcome="stored"} 2"#,
            r#"lianxi_consumer_messages_handled_total{consumer="routing",outcome="applied"} 256"#,
            r#"lianxi_consumer_parked_messages{consumer="routing"} 1"#,
            r#"route="/matters/{id}",status="200"} 1"#,
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        let names: Vec<_> =
            text.lines().filter_map(|l| l.strip_prefix("# TYPE ")?.split_whitespace().next()).collect();
        assert_eq!(names.len(), 8, "{text}");
        assert!(names.iter().all(|n| names::is_metric_name(n)), "{names:?}");
    }

    #[test]
    fn a_family_does_not_grow_without_bound() {
        let metrics = Metrics::new();
        for n in 0..SERIES_MAX + 50 {
            metrics.outbox_pending(&format!("s{n}"), 1);
        }
        let text = metrics.render();
        assert_eq!(text.matches("lianxi_outbox_pending_rows{").count(), SERIES_MAX + 1);
        assert!(text.contains(r#"lianxi_outbox_pending_rows{service="other"} 1"#));
    }

    #[test]
    fn what_a_person_typed_is_no_label() {
        let metrics = Metrics::new();
        metrics.command("intake", "张三 13800138000", CommandOutcome::Refused, 0.1);
        let text = metrics.render();
        assert!(text.contains(r#"command="invalid",outcome="refused""#) && !text.contains("138"), "{text}");
    }

    #[test]
    fn a_service_may_add_a_measure_of_its_own_under_the_grammar() {
        let metrics = Metrics::new();
        let gauge: Gauge = Gauge::default();
        gauge.set(7);
        assert_eq!(metrics.register("board_lag_messages", "Messages behind", gauge), Ok(()));
        assert!(metrics.render().contains("lianxi_board_lag_messages 7"));
        for bad in ["Board", "board_total", "board"] {
            assert!(metrics.register(bad, "bad", Gauge::<i64>::default()).is_err(), "{bad}");
        }
    }
}
