use chrono::NaiveDate;
use kernel::{AgencyCode, MeetingId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind, codes::CallOffReason};

/// 会议取消通知 as it reaches an agency; also to one that is no more invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancellationDispatchV1 {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// Who was invited.
    pub agency: AgencyCode,
    /// The cancellation's.
    pub sequence: i64,
    /// Why it was called off; absent where it takes place without this agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<CallOffReason>,
    /// The day.
    pub cancelled_on: NaiveDate,
}

impl Event for CancellationDispatchV1 {
    const TYPE: &'static str = "lianxi.meetings.cancellation_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
