use chrono::NaiveDate;
use kernel::{AttachmentId, ContentId, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 督办回复: what was done about a supervision order, as a paper sealed in intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRepliedV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The day.
    pub replied_on: NaiveDate,
    /// The sealed reply.
    pub content_id: ContentId,
    /// SHA-256 of the plain text, hex.
    pub content_hash: String,
    /// The scanned paper, when the office recorded the step for an agency without computers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

impl Event for OrderRepliedV1 {
    const TYPE: &'static str = "lianxi.agency.order_replied.v1";
    const KIND: MessageKind = MessageKind::Return;
}
