use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind, codes::CoReleaseReason, routing::CoAsked};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 协办变更: tells the lead who else gives a part, or who gives none any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoChangeDispatchV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The lead's assignment.
    pub assignment_id: AssignmentId,
    /// Its fencing number.
    pub assignment_no: i64,
    /// 主办
    pub agency: AgencyCode,
    /// Who.
    pub co: CoAsked,
    /// The day.
    pub changed_on: NaiveDate,
    /// Why it gives none any more; absent when it was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<CoReleaseReason>,
}

impl Event for CoChangeDispatchV1 {
    const TYPE: &'static str = "lianxi.routing.co_change_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
