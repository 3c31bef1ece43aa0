use kernel::AgencyCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgendaLine, Invitee, MeetingTerms};
use crate::{Event, MessageKind};

/// 会议变更: time, place, invitations or agenda changed; the uid stays, the sequence is one higher (RFC 5546).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingMovedV1 {
    /// What, when, where, as it is now.
    #[serde(flatten)]
    pub terms: MeetingTerms,
    /// Who is invited now.
    pub agencies: Vec<Invitee>,
    /// The agenda, in order.
    pub items: Vec<AgendaLine>,
    /// Invited before and no more: their invitation is cancelled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<AgencyCode>,
}

impl Event for MeetingMovedV1 {
    const TYPE: &'static str = "lianxi.meetings.meeting_moved.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
