use kernel::{AgencyCode, AgendaItemId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgendaLine, MeetingTerms};
use crate::{Event, MessageKind};

/// 会议通知 as it reaches an agency: the first time, and again when the meeting moves. The matters of the agenda by id and number alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingDispatchV1 {
    /// What, when, where.
    #[serde(flatten)]
    pub terms: MeetingTerms,
    /// Who is invited.
    pub agency: AgencyCode,
    /// Must come, or may.
    pub required: bool,
    /// Items on which its written position is asked for.
    pub party_to: Vec<AgendaItemId>,
    /// The items of the agenda that the agency is a party to; the rest is read where it lies.
    pub items: Vec<AgendaLine>,
}

impl Event for MeetingDispatchV1 {
    const TYPE: &'static str = "lianxi.meetings.meeting_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
