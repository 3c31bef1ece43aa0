use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId};

use crate::{Event, MessageKind, codes::CloseCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 办结: the matter is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterClosedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// How it ended.
    pub close_code: CloseCode,
    /// The day.
    pub closed_on: NaiveDate,
    /// 办结报告, under a 交办.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_content_id: Option<ContentId>,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for MatterClosedV1 {
    const TYPE: &'static str = "lianxi.routing.matter_closed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
