use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind, codes::AssignmentRole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 异议核实: the office agreed, and the material is back with it, or refused with a reason (Art. 23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectionDecidedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// Whether the office agreed. If not, the assignment goes on where it stood; T03 never stopped.
    pub upheld: bool,
    /// The day.
    pub decided_on: NaiveDate,
    /// Code of the reason.
    pub reason: String,
    /// Refusals of this matter so far.
    pub bounces: i64,
    /// 主办 or 协办.
    #[serde(default = "crate::codes::lead", skip_serializing_if = "crate::codes::is_lead")]
    pub role: AssignmentRole,
}

impl Event for ObjectionDecidedV1 {
    const TYPE: &'static str = "lianxi.routing.objection_decided.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
