use chrono::NaiveDate;
use kernel::{AgendaItemId, AttachmentId, ContentId, MatterId, MeetingId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 书面意见: the agency's position on an agenda item, as a paper sealed in intake (domain.md 2.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PositionFiledV1 {
    /// The agenda item.
    pub item_id: AgendaItemId,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The matter.
    pub matter_id: MatterId,
    /// The day.
    pub filed_on: NaiveDate,
    /// The sealed paper.
    pub content_id: ContentId,
    /// SHA-256 of the plain text, hex.
    pub content_hash: String,
    /// The scanned paper, when the office recorded the step for an agency without computers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

impl Event for PositionFiledV1 {
    const TYPE: &'static str = "lianxi.agency.position_filed.v1";
    const KIND: MessageKind = MessageKind::Return;
}
