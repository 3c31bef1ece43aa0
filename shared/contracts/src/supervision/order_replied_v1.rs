use chrono::NaiveDate;
use kernel::{AgencyCode, ContentId, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 督办回复: the agency replied in writing; the office judges the reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderRepliedV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The agency it urges.
    pub agency: AgencyCode,
    /// The day.
    pub replied_on: NaiveDate,
    /// The sealed reply in intake.
    pub content_id: ContentId,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for OrderRepliedV1 {
    const TYPE: &'static str = "lianxi.supervision.order_replied.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
