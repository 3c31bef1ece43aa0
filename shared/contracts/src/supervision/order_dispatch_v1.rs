use calendar::RuleId;
use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId, OrderId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Due, Event, MessageKind,
    codes::{OrderCause, OrderOwed},
};

/// 督办函 as it reaches the agency: what is late or wrong, what is owed, and by when. Codes and dates alone
/// (architecture.md section 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderDispatchV1 {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment it is about.
    pub assignment_id: AssignmentId,
    /// The agency it urges.
    pub agency: AgencyCode,
    /// Why (Art. 40).
    pub cause: OrderCause,
    /// The rule that was breached, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// Its limit with the working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// What the agency must hand in.
    pub owed: OrderOwed,
    /// The day it was issued.
    pub issued_on: NaiveDate,
    /// By when the agency replies.
    pub due_on: NaiveDate,
    /// 信督 number.
    pub document_number: String,
    /// 检举控告: seen by those on the case alone (Art. 30).
    pub restricted: bool,
}

impl Event for OrderDispatchV1 {
    const TYPE: &'static str = "lianxi.supervision.order_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
