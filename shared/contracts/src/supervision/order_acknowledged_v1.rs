use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 督办函签收: the agency took the order in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderAcknowledgedV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The agency it urges.
    pub agency: AgencyCode,
    /// The day.
    pub acknowledged_on: NaiveDate,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for OrderAcknowledgedV1 {
    const TYPE: &'static str = "lianxi.supervision.order_acknowledged.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
