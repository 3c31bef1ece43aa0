//! An office's problem: which items wait for a joint meeting, who is free when, which rooms there are.
//!
//! Plain data, as a caller or a file gives it. References are by the codes and names that people use;
//! [`crate::office::Model`] resolves them once and answers with the field that points nowhere.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Weights;

/// The whole problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The day of asking: notice counts from here.
    pub today: NaiveDate,
    /// First day on which a meeting may be.
    pub from: NaiveDate,
    /// Last day on which a meeting may be.
    pub to: NaiveDate,
    /// Length of a grain in minutes.
    #[serde(default = "fifteen")]
    pub grain_minutes: u32,
    /// The parts of a working day, in order; a meeting lies within one.
    pub parts: Vec<Part>,
    /// Days that are worked (调休) or free although the calendar says otherwise.
    #[serde(default)]
    pub days: Vec<DayRule>,
    /// Who attends.
    pub agencies: Vec<Agency>,
    /// Where.
    pub rooms: Vec<Room>,
    /// The rhythms (例会、听证、专题会 …).
    pub kinds: Vec<Kind>,
    /// What is to be discussed.
    pub items: Vec<Item>,
    /// Decisions of people that the plan keeps.
    #[serde(default)]
    pub pins: Vec<Pin>,
    /// What was already made known; changing it costs.
    #[serde(default)]
    pub published: Vec<Published>,
    /// The weights; a tenant's own, versioned with the plan.
    #[serde(default)]
    pub weights: Weights,
}

const fn fifteen() -> u32 {
    15
}

/// A stretch of the day in minutes after midnight, the end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its first minute.
    pub from: u32,
    /// The minute after its last.
    pub to: u32,
}

/// A civil day that is worked, or not, whatever the shipped calendar says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayRule {
    /// The day.
    pub on: NaiveDate,
    /// Whether it is worked.
    pub worked: bool,
}

/// What a calendar says of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BusyKind {
    /// Taken.
    Firm,
    /// Perhaps taken.
    Tentative,
    /// Out of office: leave, a journey.
    Out,
    /// Not known, which is never free.
    Unknown,
}

/// A stretch of somebody's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Busy {
    /// First day.
    pub on: NaiveDate,
    /// Last day, when it is not the first; then each day's stretch is busy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// From this minute of each day.
    #[serde(default)]
    pub from: u32,
    /// To this minute of each day, not included.
    #[serde(default = "midnight")]
    pub to: u32,
    /// How.
    pub kind: BusyKind,
}

const fn midnight() -> u32 {
    1440
}

/// A unit that attends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Its code.
    pub code: String,
    /// How many meetings it can attend at once.
    #[serde(default = "one")]
    pub delegations: u32,
    /// Seats that one delegation takes.
    #[serde(default = "one")]
    pub seats: u32,
    /// Its calendar. Without one (`null`) nothing is known, which is never free.
    #[serde(default)]
    pub busy: Option<Vec<Busy>>,
}

const fn one() -> u32 {
    1
}

/// A room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Its name.
    pub name: String,
    /// Seats.
    pub capacity: u32,
    /// What it has: `video`, `projector` …
    #[serde(default)]
    pub equipment: Vec<String>,
    /// When it is taken by others.
    #[serde(default)]
    pub busy: Vec<Busy>,
}

/// A kind of meeting and its rhythm; cadence is configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name.
    pub name: String,
    /// When such a meeting may be; any working time when empty.
    #[serde(default)]
    pub windows: Vec<Window>,
    /// Most items of an agenda.
    #[serde(default = "six")]
    pub max_items: u32,
    /// Longest such meeting.
    #[serde(default = "half_day")]
    pub max_minutes: u32,
    /// Working days between today and the first such meeting.
    #[serde(default)]
    pub notice_days: u32,
    /// Days from one such meeting to the next, at least.
    #[serde(default)]
    pub spacing_days: u32,
    /// Preferred weekday, Monday is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<u32>,
    /// Preferred first minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minute: Option<u32>,
}

const fn six() -> u32 {
    6
}

const fn half_day() -> u32 {
    240
}

/// Days, and a stretch of each, in which a kind of meeting may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// From this minute of each day.
    #[serde(default)]
    pub from_minute: u32,
    /// To this minute of each day.
    #[serde(default = "midnight")]
    pub to_minute: u32,
}

/// What is to be discussed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its number: no name, no text.
    pub id: String,
    /// Which kind of meeting takes it.
    pub kind: String,
    /// Its length.
    pub minutes: u32,
    /// The higher, the worse it is to defer it.
    #[serde(default = "one")]
    pub priority: u32,
    /// Agencies that must be there; the first is the lead.
    pub required: Vec<String>,
    /// Agencies that should be there.
    #[serde(default)]
    pub optional: Vec<String>,
    /// How many of the required besides the lead suffice; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<u32>,
    /// The agency in the chair: required like the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair: Option<String>,
    /// Not before: the material is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest: Option<NaiveDate>,
    /// The law's last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<NaiveDate>,
    /// The office's own last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal: Option<NaiveDate>,
    /// Items that must have been discussed before.
    #[serde(default)]
    pub after: Vec<String>,
    /// Items that are not on the same agenda.
    #[serde(default)]
    pub apart: Vec<String>,
    /// Equipment that the room must have.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Seats for people beside the agencies.
    #[serde(default)]
    pub guests: u32,
    /// Confidential: alone on its agenda.
    #[serde(default)]
    pub alone: bool,
}

/// A decision of a person about one item. What is left out stays open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The item.
    pub item: String,
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// The minute at which the item begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minute: Option<u32>,
    /// The room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
}

/// A meeting that people know of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Its kind.
    pub kind: String,
    /// Its day.
    pub on: NaiveDate,
    /// Its first minute.
    pub minute: u32,
    /// Its room.
    pub room: String,
    /// Its agenda, in order.
    pub items: Vec<String>,
    /// How many attendees have accepted.
    #[serde(default)]
    pub accepted: u32,
    /// Held, or within its notice: it stays as it is.
    #[serde(default)]
    pub frozen: bool,
}

impl Problem {
    /// Reads a file's text. References are checked when it is made a [`crate::office::Model`].
    ///
    /// # Errors
    /// Names the field that is missing or of another type.
    pub fn read(text: &str) -> Result<Self, crate::ProblemError> {
        crate::error::from_json(text)
    }

    /// The JSON Schema of the format.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}
