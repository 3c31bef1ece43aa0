use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 督办办结: the office accepted the reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderClosedV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The agency it urges.
    pub agency: AgencyCode,
    /// The day.
    pub closed_on: NaiveDate,
}

impl Event for OrderClosedV1 {
    const TYPE: &'static str = "lianxi.supervision.order_closed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
