use chrono::NaiveDate;
use kernel::{AttachmentId, MatterId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 交办单签收: somebody at the agency took a resolution's task in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskReceivedV1 {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// The matter.
    pub matter_id: MatterId,
    /// The day.
    pub received_on: NaiveDate,
    /// The scanned paper, when the office recorded the step for an agency without computers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

impl Event for TaskReceivedV1 {
    const TYPE: &'static str = "lianxi.agency.task_received.v1";
    const KIND: MessageKind = MessageKind::Return;
}
