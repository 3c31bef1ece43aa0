use chrono::NaiveDate;
use kernel::MeetingId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgendaLine, Attended};
use crate::{Event, MessageKind};

/// 会议召开: who was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingHeldV1 {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The day.
    pub held_on: NaiveDate,
    /// Each invited agency.
    pub attendance: Vec<Attended>,
    /// What was discussed.
    pub items: Vec<AgendaLine>,
}

impl Event for MeetingHeldV1 {
    const TYPE: &'static str = "lianxi.meetings.meeting_held.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
