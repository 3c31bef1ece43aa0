use calendar::RuleId;
use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Due, Event, MessageKind};

/// 逾期: the legal date of a duty has passed and it is not met. Said once per duty, never while the date is
/// provisional (domain.md 1.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DutyBreachedV1 {
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
    /// The first day after the limit.
    pub breached_on: NaiveDate,
}

impl Event for DutyBreachedV1 {
    const TYPE: &'static str = "lianxi.supervision.duty_breached.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
