use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event, MessageKind,
    codes::{ResolutionTaskVerdict, SendBackReason},
};

/// 核验: done, to be reported anew, or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskCheckedV1 {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// The matter.
    pub matter_id: MatterId,
    /// Whose.
    pub agency: AgencyCode,
    /// What the office says.
    pub verdict: ResolutionTaskVerdict,
    /// Why it is sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SendBackReason>,
    /// By when it is reported anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// The day.
    pub checked_on: NaiveDate,
}

impl Event for TaskCheckedV1 {
    const TYPE: &'static str = "lianxi.meetings.task_checked.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
