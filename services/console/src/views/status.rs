//! 运行状态: what an operator looks at. No text of a petition, no name.

use serde::Serialize;

use super::{Page, chrome::Chrome, form::CommandForm};

/// The status page; its body refreshes itself.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StatusPage {
    /// The frame.
    pub chrome: Chrome,
    /// This page's address.
    pub href: String,
    /// When these numbers were taken (RFC 3339).
    pub taken_at: String,
    /// `ok`, `attention` or `down` (texts `health-*`).
    pub health: String,
    /// What needs somebody, worst first.
    pub alarms: Vec<Alarm>,
    /// Services and agencies' nodes.
    pub services: Vec<ServiceRow>,
    /// Outboxes.
    pub outboxes: Vec<OutboxRow>,
    /// Streams of the bus.
    pub streams: Vec<StreamRow>,
    /// Durable consumers.
    pub consumers: Vec<ConsumerRow>,
    /// Dead letters.
    pub dead_letters: Vec<DeadLetterRow>,
}

impl Page for StatusPage {
    const TEMPLATE: &'static str = "status.html";
}

/// One thing that needs somebody.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Alarm {
    /// `service_down`, `bus_away`, `outbox_stuck`, `consumer_stuck`, `stream_full`, `dead_letters`,
    /// `calendar_year_missing`, `chain_broken` (texts `alarm-*`, what to do `alarm-next-*`).
    pub code: String,
    /// What it is about.
    pub subject: String,
}

/// One service of the suite.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ServiceRow {
    /// `intake`, `routing`, `agency/renshe` …
    pub name: String,
    /// The unit it works for.
    pub unit: String,
    /// `ok`, `attention` or `down` (texts `health-*`).
    pub health: String,
    /// Version of the program.
    pub version: String,
    /// Up since (RFC 3339).
    pub since: Option<String>,
}

/// One outbox.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OutboxRow {
    /// Whose.
    pub service: String,
    /// Rows that wait.
    pub depth: u64,
    /// Age of the oldest, in seconds.
    pub oldest_s: u64,
}

/// One stream.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StreamRow {
    /// Name.
    pub name: String,
    /// Messages held.
    pub messages: u64,
    /// Bytes held.
    pub bytes: u64,
    /// Share of its store that is used, in percent.
    pub used_percent: u32,
}

/// One durable consumer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ConsumerRow {
    /// Name.
    pub name: String,
    /// Not delivered yet.
    pub pending: u64,
    /// Delivered, not acknowledged.
    pub unacknowledged: u64,
    /// Parked: came before their turn.
    pub parked: u64,
    /// It has work and does not move.
    pub stuck: bool,
}

/// One message that could not be used.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DeadLetterRow {
    /// The message's id.
    pub id: String,
    /// Which consumer gave it up.
    pub consumer: String,
    /// Its type.
    pub event_type: String,
    /// Why.
    pub reason: String,
    /// When (RFC 3339).
    pub at: String,
    /// Put back into the queue (RFC 3339).
    pub requeued_at: Option<String>,
    /// Puts it back; an audited action. `None` when this person may not.
    pub requeue: Option<CommandForm>,
}
