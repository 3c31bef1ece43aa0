use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgendaLine, Invitee, MeetingTerms};
use crate::{Event, MessageKind};

/// 召集会议 (Art. 12): the office called a meeting. The fact's own id is the meeting's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingCalledV1 {
    /// What, when, where.
    #[serde(flatten)]
    pub terms: MeetingTerms,
    /// Who is invited.
    pub agencies: Vec<Invitee>,
    /// The agenda, in order.
    pub items: Vec<AgendaLine>,
}

impl Event for MeetingCalledV1 {
    const TYPE: &'static str = "lianxi.meetings.meeting_called.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
