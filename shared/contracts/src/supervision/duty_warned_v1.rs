use calendar::RuleId;
use kernel::{AgencyCode, AssignmentId, MatterId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Due, Event, MessageKind};

/// 预警: a duty has used up so much of its limit and is not met (domain.md 2.3). Said once per duty and stage,
/// never early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DutyWarnedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The rule.
    pub rule: RuleId,
    /// The assignment, where the duty hangs on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment_id: Option<AssignmentId>,
    /// The agency that owes it; absent where the office does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// The limit with its working.
    pub due: Due,
    /// Percent of the limit that is used up: 50, 80 or 100.
    pub stage: i64,
}

impl Event for DutyWarnedV1 {
    const TYPE: &'static str = "lianxi.supervision.duty_warned.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
