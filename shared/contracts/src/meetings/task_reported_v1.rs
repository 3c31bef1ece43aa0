use chrono::NaiveDate;
use kernel::{AgencyCode, ContentId, MatterId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 落实情况报告 (Art. 12): the agency reported; the office checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskReportedV1 {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// The matter.
    pub matter_id: MatterId,
    /// Who.
    pub agency: AgencyCode,
    /// The report, sealed in intake.
    pub content_id: ContentId,
    /// The day.
    pub reported_on: NaiveDate,
    /// After its due date.
    pub late: bool,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for TaskReportedV1 {
    const TYPE: &'static str = "lianxi.meetings.task_reported.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
