use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 撤回: the office takes an assignment back; the agency stops and its copy is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecallDispatchV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// Code of the reason.
    pub reason: String,
}

impl Event for RecallDispatchV1 {
    const TYPE: &'static str = "lianxi.routing.recall_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
