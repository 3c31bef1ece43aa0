//! What several facts of a meeting share.

use chrono::NaiveDate;
use kernel::{AgencyCode, AgendaItemId, MatterId, MeetingId, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codes::{Attendance, MeetingKind};

/// What, when and where: all that an iCalendar part needs (RFC 5545).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingTerms {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// `<meeting id>@<domain of the office>`: the same for the meeting's life.
    pub uid: String,
    /// From 0; one higher whenever time, place, invitations or agenda change, and for the cancellation.
    pub sequence: i64,
    /// Code of the conference that meets.
    pub body: String,
    /// Its name.
    pub body_name: String,
    /// Name of the office that calls it.
    pub organizer: String,
    /// Plenary, working …
    pub kind: MeetingKind,
    /// Its title: body, kind, number; nothing of a petition.
    pub title: String,
    /// When it begins.
    pub starts_at: UnixMillis,
    /// When it ends.
    pub ends_at: UnixMillis,
    /// Where.
    pub place: String,
    /// By when an agency says whether it comes.
    pub reply_by: NaiveDate,
}

/// One invited agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invitee {
    /// Who.
    pub agency: AgencyCode,
    /// Must come, or may.
    pub required: bool,
}

/// One line of an agenda. Of a matter the number alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaLine {
    /// The item.
    pub item_id: AgendaItemId,
    /// Its matter.
    pub matter_id: MatterId,
    /// The matter's public number.
    pub number: String,
}

/// Whether an invited agency was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attended {
    /// Who.
    pub agency: AgencyCode,
    /// Whether.
    pub attendance: Attendance,
}

/// 协办 with its own date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoUnit {
    /// Who.
    pub agency: AgencyCode,
    /// By when; before the lead's date.
    pub due_on: NaiveDate,
}
