//! 推送: an agency's own dispatches announced at an https address (Standard Webhooks, CloudEvents 1.0).

use kernel::{EventId, UnixMillis, UserId, WebhookDeliveryId, WebhookId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    PageRequest,
    codes::{AnnouncementOutcome, AnnouncementState},
};

/// The agency's addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListWebhooks {}

/// One address, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Webhook {
    /// Its id.
    pub webhook_id: WebhookId,
    /// Where dispatches are announced.
    pub address: String,
    /// CloudEvents types announced; none named: all.
    pub types: Vec<String>,
    /// Whether it is announced to now. What comes meanwhile is not kept for it; what waits, waits.
    pub active: bool,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Until when the secret before this one signs too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_secret_until: Option<UnixMillis>,
    /// Who named it.
    pub made_by: UserId,
    /// When.
    pub made_at: UnixMillis,
    /// Announcements that wait.
    pub pending: i64,
    /// Announcements that were taken.
    pub delivered: i64,
    /// Announcements that a person has to look at.
    pub dead: i64,
}

/// Names an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddWebhook {
    /// `https://…`, at most 500 characters.
    pub address: String,
    /// CloudEvents types to announce; none named: all.
    #[serde(default)]
    pub types: Vec<String>,
}

/// An address and its secret, which is given here and nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookMade {
    /// Its id.
    pub webhook_id: WebhookId,
    /// Its version.
    pub version: i64,
    /// `whsec_…`: what the receiver verifies with.
    pub secret: String,
}

impl std::fmt::Debug for WebhookMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WebhookMade({}, sealed)", self.webhook_id)
    }
}

/// Other types, or on and off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetWebhook {
    /// Which.
    pub webhook_id: WebhookId,
    /// The version that was seen.
    pub expected_version: i64,
    /// CloudEvents types to announce; none named: all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Whether it is announced to.
    pub active: bool,
}

/// An address changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookChanged {
    /// Which.
    pub webhook_id: WebhookId,
    /// Its version now.
    pub version: i64,
}

/// Another secret; the one before signs too for a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateWebhook {
    /// Which.
    pub webhook_id: WebhookId,
    /// The version that was seen.
    pub expected_version: i64,
}

/// The log of announcements, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListAnnouncements {
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<AnnouncementState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One dispatch announced at one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Announcement {
    /// Its id.
    pub delivery_id: WebhookDeliveryId,
    /// The address.
    pub webhook_id: WebhookId,
    /// The dispatch: `webhook-id` at the receiver, the same however often it is sent.
    pub dispatch_id: EventId,
    /// Its CloudEvents type.
    pub event_type: String,
    /// Where it stands.
    pub state: AnnouncementState,
    /// When the dispatch came.
    pub entered_at: UnixMillis,
    /// When the next attempt is due, while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<UnixMillis>,
    /// Every attempt, the first one first.
    pub attempts: Vec<AnnouncementAttempt>,
}

/// One attempt. Nothing of what the receiver wrote is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnnouncementAttempt {
    /// When.
    pub at: UnixMillis,
    /// What became of it.
    pub outcome: AnnouncementOutcome,
    /// The HTTP status, if there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    /// How long it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<i64>,
}

/// Sends what is dead, or delivered and lost at the receiver, once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnounceAgain {
    /// Which.
    pub delivery_id: WebhookDeliveryId,
}

/// It waits for its next attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnnouncementQueued {
    /// Which.
    pub delivery_id: WebhookDeliveryId,
}
