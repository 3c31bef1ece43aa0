use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event, MessageKind,
    codes::{OrderVerdict, SendBackReason},
};

/// 督办审核结果 as it reaches the agency: the reply is accepted, or is to be given anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictDispatchV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The agency it urges.
    pub agency: AgencyCode,
    /// What the office says.
    pub verdict: OrderVerdict,
    /// Why it is sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SendBackReason>,
    /// By when the agency replies anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// The day.
    pub judged_on: NaiveDate,
}

impl Event for VerdictDispatchV1 {
    const TYPE: &'static str = "lianxi.supervision.verdict_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
