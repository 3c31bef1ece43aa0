use calendar::RuleId;
use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Due, Event, MessageKind, codes::AssignmentRole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 送达单位收件箱: the agency's own node stored the dispatch; T03 and T04 (T05) start (domain.md 1.5 h).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignmentDeliveredV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// The day of delivery.
    pub delivered_on: NaiveDate,
    /// T03, T04 and, under a 交办, T05.
    pub dues: Vec<Due>,
    /// 主办 or 协办.
    #[serde(default = "crate::codes::lead", skip_serializing_if = "crate::codes::is_lead")]
    pub role: AssignmentRole,
    /// Limits among these that a step had met before this receipt came, and on which day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<(RuleId, NaiveDate)>,
}

impl Event for AssignmentDeliveredV1 {
    const TYPE: &'static str = "lianxi.routing.assignment_delivered.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
