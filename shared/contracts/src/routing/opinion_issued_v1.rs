use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, OpinionId};

use crate::{Event, MessageKind, agency::ClaimOutcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 出具意见: T06 met when service has begun (Art. 32, 34).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterOpinionIssuedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// The opinion.
    pub opinion_id: OpinionId,
    /// The day it was signed, clamped.
    pub issued_on: NaiveDate,
    /// One outcome per claim.
    pub claims: Vec<ClaimOutcome>,
    /// The opinion's text.
    pub content_id: ContentId,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for MatterOpinionIssuedV1 {
    const TYPE: &'static str = "lianxi.routing.opinion_issued.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
