use chrono::NaiveDate;
use kernel::{AttachmentId, ContentId, MatterId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 落实情况报告: what was done about a resolution's task, as a paper sealed in intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskReportedV1 {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// The matter.
    pub matter_id: MatterId,
    /// The day.
    pub reported_on: NaiveDate,
    /// The sealed report.
    pub content_id: ContentId,
    /// SHA-256 of the plain text, hex.
    pub content_hash: String,
    /// The scanned paper, when the office recorded the step for an agency without computers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

impl Event for TaskReportedV1 {
    const TYPE: &'static str = "lianxi.agency.task_reported.v1";
    const KIND: MessageKind = MessageKind::Return;
}
