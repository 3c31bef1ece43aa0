use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 交办单签收: the agency has the task in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskReceivedV1 {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// The matter.
    pub matter_id: MatterId,
    /// Who.
    pub agency: AgencyCode,
    /// The day.
    pub received_on: NaiveDate,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for TaskReceivedV1 {
    const TYPE: &'static str = "lianxi.meetings.task_received.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
