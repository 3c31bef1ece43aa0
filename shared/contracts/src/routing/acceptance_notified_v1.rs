use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId};

use crate::{Due, Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 受理告知: T03 met; T06 runs from the acceptance date (Art. 23, 34).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterAcceptanceNotifiedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// 受理之日 as used: the stated one, clamped.
    pub accepted_on: NaiveDate,
    /// The notice.
    pub content_id: ContentId,
    /// T06 for R6 matters; empty otherwise.
    pub dues: Vec<Due>,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for MatterAcceptanceNotifiedV1 {
    const TYPE: &'static str = "lianxi.routing.acceptance_notified.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
