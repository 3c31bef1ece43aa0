use chrono::NaiveDate;
use kernel::{MeetingId, ResolutionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 会议纪要审定: the convener fixed the minutes; they are the basis of what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MinutesFixedV1 {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// Number of the minutes.
    pub document_number: String,
    /// What was adopted.
    pub resolutions: Vec<ResolutionId>,
    /// The day.
    pub fixed_on: NaiveDate,
}

impl Event for MinutesFixedV1 {
    const TYPE: &'static str = "lianxi.meetings.minutes_fixed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
