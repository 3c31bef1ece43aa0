use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Due, Event, MessageKind};

/// 视为受理: the agency let T03 pass without a notice, so T06 must not stay dormant (domain.md 1.5 d). The
/// notice itself stays owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptanceDeemedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// Receipt and 15 days: the day from which T06 runs.
    pub accepted_on: NaiveDate,
    /// T06, for matters of route R6.
    pub dues: Vec<Due>,
}

impl Event for AcceptanceDeemedV1 {
    const TYPE: &'static str = "lianxi.routing.acceptance_deemed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
