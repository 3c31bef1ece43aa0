//! What the checker looks at: rows as they lie in the databases, messages as they lie in the streams, and what
//! people were told.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// Everything.
#[derive(Clone, Debug, Default)]
pub struct Dump {
    pub intake: Intake,
    pub routing: Routing,
    pub supervision: Supervision,
    pub meetings: Meetings,
    pub notification: Notification,
    /// The business clock, ms.
    pub now: i64,
    /// By code.
    pub agencies: BTreeMap<String, Agency>,
    pub board: Board,
    /// By stream.
    pub streams: BTreeMap<String, Vec<Stored>>,
    /// Messages that a consumer has still to take, by stream and durable.
    pub untaken: BTreeMap<String, u64>,
    pub told: Told,
    /// Units under each unit, itself included.
    pub under: BTreeMap<String, BTreeSet<String>>,
}

impl Dump {
    /// The stores with their names.
    pub fn stores(&self) -> impl Iterator<Item = (&str, &Store)> {
        let core = [
            ("intake", &self.intake.store),
            ("routing", &self.routing.store),
            ("supervision", &self.supervision.store),
            ("meetings", &self.meetings.store),
            ("notification", &self.notification.store),
            ("console", &self.board.store),
        ];
        core.into_iter().chain(self.agencies.iter().map(|(code, a)| (code.as_str(), &a.store)))
    }
}

/// What every service has alike.
#[derive(Clone, Debug, Default)]
pub struct Store {
    pub outbox: Vec<Said>,
    pub applied: Vec<AppliedRow>,
    pub parked: Vec<ParkedRow>,
    pub dead: Vec<Letter>,
    /// `agency → seq, hash`.
    pub dispatch_heads: Vec<Head>,
    /// What the audit found, in words.
    pub audit: Vec<String>,
    /// Every row of every table as text; blobs in hexadecimal. Read for agencies alone.
    pub rows: Vec<(String, String)>,
}

/// One row of an outbox.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Said {
    pub id: String,
    pub kind: String,
    pub event_type: String,
    pub order_key: String,
    pub subject_id: String,
    pub version: i64,
    pub causation: Option<String>,
    pub body: String,
    pub agency: Option<String>,
    pub agency_seq: Option<i64>,
    pub agency_hash: Option<String>,
    pub sent_at: Option<i64>,
    pub received_at: Option<i64>,
}

impl Said {
    /// The type in one token: `matter_forwarded`.
    pub fn token(&self) -> &str {
        self.event_type.split('.').nth(2).unwrap_or_default()
    }
}

/// How far a consumer came.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AppliedRow {
    pub consumer: String,
    pub order_key: String,
    pub subject_id: String,
    pub version: i64,
    pub hash: Option<String>,
}

/// A message that waits.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ParkedRow {
    pub consumer: String,
    pub order_key: String,
    pub subject_id: String,
    pub version: i64,
}

/// A dead letter.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Letter {
    pub consumer: String,
    pub message_id: String,
    pub reason: String,
}

/// Where the dispatches to an agency end.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Head {
    pub agency: String,
    pub seq: i64,
    pub hash: String,
}

#[derive(Clone, Debug, Default)]
pub struct Notification {
    pub store: Store,
    pub notices: Vec<Notice>,
}

/// One notice to one audience.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Notice {
    pub id: String,
    pub event_id: String,
    pub audience: String,
    pub channel: String,
    pub state: String,
    pub restricted: i64,
    pub next_attempt_at: Option<i64>,
    pub version: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Intake {
    pub store: Store,
    pub submissions: Vec<Submission>,
    /// Submissions by idempotency key.
    pub keys: Vec<(String, String)>,
    pub links: Vec<Link>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Submission {
    pub id: String,
    pub number: String,
    pub restricted: i64,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Link {
    pub submission_id: String,
    pub matter_id: String,
}

#[derive(Clone, Debug, Default)]
pub struct Routing {
    pub store: Store,
    pub matters: Vec<Matter>,
    pub assignments: Vec<Assignment>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Matter {
    pub id: String,
    pub state: String,
    pub restricted: i64,
    pub facts_known: i64,
    pub version: i64,
    /// JSON.
    pub claims: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Claim {
    pub no: i64,
    pub holder: String,
}

impl Matter {
    pub fn claims(&self) -> Vec<Claim> {
        serde_json::from_str(&self.claims).unwrap_or_default()
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Assignment {
    pub id: String,
    pub matter_id: String,
    pub no: i64,
    pub agency: String,
    pub state: String,
    pub active: i64,
    /// `lead` or `co`.
    pub role: String,
    /// Of a co-agency: the number of its lead's assignment.
    pub lead_no: Option<i64>,
}

#[derive(Clone, Debug, Default)]
pub struct Agency {
    pub store: Store,
    pub tasks: Vec<Task>,
    pub orders: Vec<ReceivedOrder>,
}

/// An order at its agency.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ReceivedOrder {
    pub id: String,
    pub state: String,
}

#[derive(Clone, Debug, Default)]
pub struct Supervision {
    pub store: Store,
    pub duties: Vec<Duty>,
    pub alarms: Vec<Alarm>,
    pub orders: Vec<Order>,
}

#[derive(Clone, Debug, Default)]
pub struct Meetings {
    pub store: Store,
    pub resolutions: Vec<Resolution>,
    pub items: Vec<Item>,
    pub resolution_tasks: Vec<ResolutionTask>,
    pub invitations: Vec<Invitation>,
}

/// An item of the agenda, with the units that the office made its parties.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Item {
    pub matter_id: String,
    pub parties: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Resolution {
    pub id: String,
    pub kind: String,
    pub state: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ResolutionTask {
    pub id: String,
    pub agency: String,
    #[serde(default)]
    pub matter_id: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Invitation {
    pub meeting_id: String,
    pub agency: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Duty {
    pub id: String,
    pub state: String,
    pub breached_on: Option<String>,
    pub met_on: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Alarm {
    pub duty_id: String,
    pub kind: String,
    pub fires_at: i64,
    pub fired_at: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Order {
    pub id: String,
    pub assignment_id: String,
    pub agency: String,
    pub state: String,
    pub open: i64,
    pub document_number: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Task {
    pub assignment_id: String,
    pub matter_id: String,
    pub state: String,
    pub version: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Board {
    pub store: Store,
    pub rows: Vec<BoardRow>,
    pub restricted: Vec<String>,
    pub counters: Vec<Counter>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct BoardRow {
    pub id: String,
    pub number: String,
    pub state: String,
    pub agency: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Counter {
    pub state: String,
    pub agency: String,
    pub n: i64,
}

/// One message of a stream.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    pub subject: String,
    /// `ce-id`; empty when it is none of ours.
    pub id: String,
    pub text: String,
}

/// What people know.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub slips: Vec<Slip>,
    pub steps: Vec<Step>,
    /// Answers that an agency's people got.
    pub seen: Vec<(String, String)>,
    /// Messages put in that are none of ours.
    pub poison: Vec<String>,
}

/// A submission as its sender knows it.
#[derive(Clone, Debug, Default)]
pub struct Slip {
    pub key: String,
    /// Id and number of the receipt.
    pub receipt: Option<(String, String)>,
    pub other_receipt: bool,
    pub accused: Vec<String>,
    /// Words of this submission alone.
    pub canaries: Vec<String>,
}

/// A step as an agency was told of it.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub agency: String,
    pub assignment: String,
    pub version: i64,
}
