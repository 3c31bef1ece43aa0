use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, ResolutionId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 交办单逾期 (Art. 12): the due date passed without a report, which is a breach whatever was done. Said once per due date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskOverdueV1 {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// The resolution.
    pub resolution_id: ResolutionId,
    /// The matter.
    pub matter_id: MatterId,
    /// Who owes it.
    pub agency: AgencyCode,
    /// The date that passed.
    pub due_on: NaiveDate,
    /// The first day after it.
    pub overdue_on: NaiveDate,
}

impl Event for TaskOverdueV1 {
    const TYPE: &'static str = "lianxi.meetings.task_overdue.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
