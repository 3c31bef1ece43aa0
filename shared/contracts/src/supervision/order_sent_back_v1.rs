use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind, codes::SendBackReason};

/// 督办退回: the reply does not do; the agency replies anew by another day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderSentBackV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The agency it urges.
    pub agency: AgencyCode,
    /// Why the reply does not do.
    pub reason: SendBackReason,
    /// By when the agency replies anew.
    pub due_on: NaiveDate,
    /// The day.
    pub sent_back_on: NaiveDate,
}

impl Event for OrderSentBackV1 {
    const TYPE: &'static str = "lianxi.supervision.order_sent_back.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
