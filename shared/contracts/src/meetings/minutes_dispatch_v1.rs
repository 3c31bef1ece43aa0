use chrono::NaiveDate;
use kernel::{AgencyCode, MeetingId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 会议纪要印发: the minutes are fixed and may be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MinutesDispatchV1 {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// Who was invited.
    pub agency: AgencyCode,
    /// Number of the minutes.
    pub document_number: String,
    /// The day.
    pub fixed_on: NaiveDate,
}

impl Event for MinutesDispatchV1 {
    const TYPE: &'static str = "lianxi.meetings.minutes_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
