use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind, codes::CoReleaseReason};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 解除协办: the co-agency owes no part any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoReleasedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The co-agency's assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The co-agency.
    pub agency: AgencyCode,
    /// 主办
    pub lead: AgencyCode,
    /// Number of the lead's assignment.
    pub lead_no: i64,
    /// The day.
    pub released_on: NaiveDate,
    /// Why.
    pub reason: CoReleaseReason,
}

impl Event for CoReleasedV1 {
    const TYPE: &'static str = "lianxi.routing.co_released.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
