//! 推送: addresses for an agency's own dispatches, and the log.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    form::{Choice, CommandForm, Field},
};

/// The page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WebhooksPage {
    /// The frame.
    pub chrome: Chrome,
    /// Why something was refused, in the page's language.
    pub problem: Option<String>,
    /// A secret made a moment ago; shown once.
    pub secret: Option<String>,
    /// The addresses.
    pub hooks: Vec<WebhookRow>,
    /// Announcements, those that need a person first.
    pub log: Vec<AnnouncementRow>,
    /// A new address: where to.
    pub add: CommandForm,
    /// The address.
    pub address: Field,
    /// Types (texts `webhook-type-*`).
    pub types: Vec<Choice>,
    /// What is wrong with the types, in the page's language.
    pub types_problem: Option<String>,
}

impl Page for WebhooksPage {
    const TEMPLATE: &'static str = "webhooks.html";
}

/// One address.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WebhookRow {
    /// Its id; part of element ids.
    pub id: String,
    /// Where.
    pub address: String,
    /// Types announced (texts `webhook-type-*`); none: all.
    pub types: Vec<String>,
    /// Every type, those announced chosen.
    pub choices: Vec<Choice>,
    /// Whether it is announced to.
    pub active: bool,
    /// Login of who named it.
    pub made_by: String,
    /// When (RFC 3339).
    pub made_at: String,
    /// Until when the secret before signs too (RFC 3339).
    pub old_secret_until: Option<String>,
    /// Announcements that wait.
    pub pending: i64,
    /// Announcements that were taken.
    pub delivered: i64,
    /// Announcements that were given up.
    pub dead: i64,
    /// Sets types and the switch.
    pub set: CommandForm,
    /// Makes another secret.
    pub rotate: CommandForm,
}

/// One announcement.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AnnouncementRow {
    /// The dispatch.
    pub dispatch_id: String,
    /// Where.
    pub address: String,
    /// Its type (text `webhook-type-*`).
    pub event_type: String,
    /// Its state (text `announcement-*`).
    pub state: String,
    /// When the dispatch came (RFC 3339).
    pub entered_at: String,
    /// When the next attempt is due (RFC 3339).
    pub next_at: Option<String>,
    /// The attempts, the first one first.
    pub attempts: Vec<AttemptRow>,
    /// Sends it again, when it has ended.
    pub again: Option<CommandForm>,
}

/// One attempt.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AttemptRow {
    /// When (RFC 3339).
    pub at: String,
    /// What became of it (text `attempt-*`).
    pub outcome: String,
    /// HTTP status.
    pub status: Option<i64>,
    /// How long it took.
    pub took_ms: Option<i64>,
}
