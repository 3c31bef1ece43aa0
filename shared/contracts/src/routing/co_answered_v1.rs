use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId};

use crate::{Event, MessageKind, agency::ClaimOutcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 已答复主办: the co-agency's part is here and the lead may open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterCoAnsweredV1 {
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
    /// The lead's assignment, which may open the part.
    pub lead_assignment_id: AssignmentId,
    /// The day as used: the stated one, clamped.
    pub answered_on: NaiveDate,
    /// One outcome per claim it was asked about.
    pub claims: Vec<ClaimOutcome>,
    /// 协办意见, sealed in intake.
    pub content_id: ContentId,
    /// SHA-256 of its plain text, hex.
    pub content_hash: String,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for MatterCoAnsweredV1 {
    const TYPE: &'static str = "lianxi.routing.co_answered.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
