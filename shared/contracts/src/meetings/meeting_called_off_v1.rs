use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Invitee, MeetingTerms};
use crate::{Event, MessageKind, codes::CallOffReason};

/// 取消会议: enough to write a CANCEL without another look; the sequence is one higher than the last (RFC 5546).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingCalledOffV1 {
    /// What, when, where it would have been; its sequence is the cancellation's.
    #[serde(flatten)]
    pub terms: MeetingTerms,
    /// Who was invited.
    pub agencies: Vec<Invitee>,
    /// Why.
    pub reason: CallOffReason,
    /// The day.
    pub called_off_on: NaiveDate,
}

impl Event for MeetingCalledOffV1 {
    const TYPE: &'static str = "lianxi.meetings.meeting_called_off.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
