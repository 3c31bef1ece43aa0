use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId};

use crate::{Event, MessageKind, codes::AssignmentRole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 异议: the agency says that it is not competent (Art. 23). T03 goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignmentObjectedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// The day as used: the stated one, clamped.
    pub objected_on: NaiveDate,
    /// After T04: upheld only with the consent of the office's director [D].
    pub late: bool,
    /// The unit that the agency holds for competent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_agency: Option<AgencyCode>,
    /// Its reasons, sealed in intake's content store.
    pub content_id: ContentId,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
    /// 主办 or 协办.
    #[serde(default = "crate::codes::lead", skip_serializing_if = "crate::codes::is_lead")]
    pub role: AssignmentRole,
}

impl Event for AssignmentObjectedV1 {
    const TYPE: &'static str = "lianxi.routing.assignment_objected.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
