use chrono::NaiveDate;
use kernel::{AttachmentId, MeetingId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event, MessageKind,
    codes::{InvitationReply, ReplyReason},
};

/// 参会回复: whether the agency comes to a meeting. The fact's own id is the meeting's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvitationRepliedV1 {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The invitation that it answers.
    pub sequence: i64,
    /// Whether it comes.
    pub reply: InvitationReply,
    /// Why not; owed when declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReplyReason>,
    /// The post of the one who comes instead of the member; never a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substitute_post: Option<String>,
    /// The day.
    pub replied_on: NaiveDate,
    /// The scanned paper, when the office recorded the step for an agency without computers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

impl Event for InvitationRepliedV1 {
    const TYPE: &'static str = "lianxi.agency.invitation_replied.v1";
    const KIND: MessageKind = MessageKind::Return;
}
