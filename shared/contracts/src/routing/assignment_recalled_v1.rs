use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 撤回误转: a wrong forward was taken back before acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignmentRecalledV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// The day.
    pub recalled_on: NaiveDate,
    /// Code of the reason: `wrong_agency`, `wrong_category`, `duplicate`, `other`.
    pub reason: String,
}

impl Event for AssignmentRecalledV1 {
    const TYPE: &'static str = "lianxi.routing.assignment_recalled.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
