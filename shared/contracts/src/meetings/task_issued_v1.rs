use chrono::NaiveDate;
use kernel::{AgencyCode, AgendaItemId, MatterId, MeetingId, ResolutionId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event, MessageKind,
    codes::{ResolutionTaskRole, TaskChecker},
};

/// 下达交办单 (Art. 12): what an agency must do because of a resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskIssuedV1 {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// The resolution.
    pub resolution_id: ResolutionId,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The agenda item.
    pub item_id: AgendaItemId,
    /// The matter.
    pub matter_id: MatterId,
    /// Who must.
    pub agency: AgencyCode,
    /// Lead or assisting.
    pub role: ResolutionTaskRole,
    /// By when it reports.
    pub due_on: NaiveDate,
    /// Who checks.
    pub checker: TaskChecker,
    /// 信议 number of the resolution.
    pub document_number: String,
    /// The day.
    pub issued_on: NaiveDate,
}

impl Event for TaskIssuedV1 {
    const TYPE: &'static str = "lianxi.meetings.task_issued.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
