use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId};

use crate::{Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 指定管辖: the written decision of the common superior or of the joint conference (Art. 24). The assignments
/// that follow cannot be objected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CompetenceDecidedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// 主办
    pub lead: AgencyCode,
    /// 协办
    pub co: Vec<AgencyCode>,
    /// The day it was recorded.
    pub decided_on: NaiveDate,
    /// `superior:<code>` or `resolution:<id>`.
    pub by: String,
    /// Number of the written decision.
    pub document_number: String,
    /// A member's dissent is on record.
    pub dissent: bool,
}

impl Event for CompetenceDecidedV1 {
    const TYPE: &'static str = "lianxi.routing.competence_decided.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
