use chrono::NaiveDate;
use kernel::{AttachmentId, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 督办函签收: somebody at the agency took a supervision order in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderAcknowledgedV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The day.
    pub acknowledged_on: NaiveDate,
    /// The scanned paper, when the office recorded the step for an agency without computers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

impl Event for OrderAcknowledgedV1 {
    const TYPE: &'static str = "lianxi.agency.order_acknowledged.v1";
    const KIND: MessageKind = MessageKind::Return;
}
