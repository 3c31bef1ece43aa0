use chrono::NaiveDate;
use kernel::{AgencyCode, MeetingId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event, MessageKind,
    codes::{InvitationReply, ReplyReason},
};

/// 参会回复: an agency said whether it comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvitationRepliedV1 {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// Who replied.
    pub agency: AgencyCode,
    /// The invitation that it answers.
    pub sequence: i64,
    /// Whether it comes.
    pub reply: InvitationReply,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReplyReason>,
    /// Somebody else than the member comes.
    pub substitute: bool,
    /// The day.
    pub replied_on: NaiveDate,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for InvitationRepliedV1 {
    const TYPE: &'static str = "lianxi.meetings.invitation_replied.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
