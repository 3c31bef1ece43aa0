use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId};

use crate::{Event, MessageKind, agency::ClaimOutcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 协办意见送主办: tells the lead that a part is here. The text lies sealed in intake and is opened with the lead's
/// own right; nothing else of the co-agency is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoAnswerDispatchV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The lead's assignment.
    pub assignment_id: AssignmentId,
    /// Its fencing number.
    pub assignment_no: i64,
    /// 主办
    pub agency: AgencyCode,
    /// Number of the co-agency's assignment.
    pub co_no: i64,
    /// 协办
    pub co: AgencyCode,
    /// The day.
    pub answered_on: NaiveDate,
    /// One outcome per claim it was asked about.
    pub claims: Vec<ClaimOutcome>,
    /// 协办意见, sealed in intake.
    pub content_id: ContentId,
    /// SHA-256 of its plain text, hex.
    pub content_hash: String,
}

impl Event for CoAnswerDispatchV1 {
    const TYPE: &'static str = "lianxi.routing.co_answer_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
