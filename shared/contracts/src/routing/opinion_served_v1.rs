use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, OpinionId};

use crate::{Due, Event, MessageKind, codes::ServiceWay};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 送达: the petitioner has the opinion; T07 runs (Art. 35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterOpinionServedV1 {
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
    /// How.
    pub way: ServiceWay,
    /// The day of receipt, clamped.
    pub served_on: NaiveDate,
    /// The service record.
    pub content_id: ContentId,
    /// T07, the petitioner's own.
    pub dues: Vec<Due>,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for MatterOpinionServedV1 {
    const TYPE: &'static str = "lianxi.routing.opinion_served.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
