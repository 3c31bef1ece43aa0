use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId};

use crate::{Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who decides a dispute of competence (Art. 24).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decider {
    /// 共同的上一级机关: the lowest unit above all that refused.
    Superior(AgencyCode),
    /// 联席会议: there is no common superior.
    Conference,
}

/// 管辖争议: a second refusal (Art. 24; domain.md 2.2, transition 12). The office holds the claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DisputeRaisedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// Who refused, in order.
    pub agencies: Vec<AgencyCode>,
    /// The assignment that ends with it.
    pub assignment_id: kernel::AssignmentId,
    /// Its fencing number.
    pub assignment_no: i64,
    /// The day.
    pub raised_on: NaiveDate,
    /// Who decides.
    pub deciders: Decider,
}

impl Event for DisputeRaisedV1 {
    const TYPE: &'static str = "lianxi.routing.dispute_raised.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
