use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind, codes::AssignmentRole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 签收: the agency signed for the assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignmentSignedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// The day as used: the stated one, clamped to [sent, received by the office].
    pub signed_on: NaiveDate,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
    /// 主办 or 协办.
    #[serde(default = "crate::codes::lead", skip_serializing_if = "crate::codes::is_lead")]
    pub role: AssignmentRole,
}

impl Event for AssignmentSignedV1 {
    const TYPE: &'static str = "lianxi.routing.assignment_signed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
