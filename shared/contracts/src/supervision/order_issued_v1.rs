use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind, codes::OrderCause};

/// 发出督办函 (Art. 40; transition 29): a person of the office issued a supervision order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderIssuedV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The agency it urges.
    pub agency: AgencyCode,
    /// Why (Art. 40).
    pub cause: OrderCause,
    /// The day.
    pub issued_on: NaiveDate,
    /// By when the agency replies.
    pub due_on: NaiveDate,
    /// 信督 number.
    pub document_number: String,
}

impl Event for OrderIssuedV1 {
    const TYPE: &'static str = "lianxi.supervision.order_issued.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
