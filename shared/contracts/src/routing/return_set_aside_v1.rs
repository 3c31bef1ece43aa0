use kernel::{AgencyCode, AssignmentId, EventId, MatterId};

use crate::{Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A return that came too late or does not fit the state: recorded, changes nothing (invariant 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReturnSetAsideV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// The return.
    pub return_id: EventId,
    /// Its type in one token.
    pub return_type: String,
    /// Code of the refusal.
    pub why: String,
}

impl Event for ReturnSetAsideV1 {
    const TYPE: &'static str = "lianxi.routing.return_set_aside.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
