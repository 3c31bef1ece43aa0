//! Commands and queries of an agency's node about the joint conference: invitations, positions, tasks of resolutions.

use chrono::NaiveDate;
use kernel::{AgendaItemId, AssignmentId, AttachmentId, ContentId, MeetingId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    PageRequest,
    codes::{InvitationReply, ReplyReason, ResolutionTaskState, SendBackReason},
    meetings::{MeetingDispatchV1, TaskDispatchV1, commands::ReplyView},
};

/// 会议: the meetings that the agency is invited to, the next first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListInvitations {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One meeting at the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Invitation {
    /// The newest invitation.
    pub dispatch: MeetingDispatchV1,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// Its last reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<ReplyView>,
    /// Called off, or takes place without this agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_on: Option<NaiveDate>,
    /// Number of the minutes, once fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_number: Option<String>,
    /// Items on which a written position was filed.
    pub positions: Vec<(AgendaItemId, ContentId)>,
}

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowInvitation {
    /// Which.
    pub meeting_id: MeetingId,
}

/// 参会回复
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyInvitation {
    /// Which meeting.
    pub meeting_id: MeetingId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Whether the agency comes.
    pub reply: InvitationReply,
    /// Why not; owed when declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReplyReason>,
    /// The post of the one who comes instead of the member; never a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substitute_post: Option<String>,
    /// The scanned paper; owed when the office records the step, refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

/// 提交书面意见 on an item that the agency is a party to; the paper is sealed in intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FilePosition {
    /// Which meeting.
    pub meeting_id: MeetingId,
    /// Which item.
    pub item_id: AgendaItemId,
    /// The version the person saw.
    pub expected_version: i64,
    /// What the agency says, and why.
    pub text: String,
    /// The clause of its own duties.
    pub own_duties: String,
    /// The scanned paper; owed when the office records the step, refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

/// The invitation changed at the agency; the office follows through its own fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvitationChanged {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The invitation's new version here.
    pub version: i64,
}

/// 交办单: the tasks that resolutions gave the agency, open ones first, the earliest due first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListResolutionTasks {
    /// Only those that are not done.
    #[serde(default)]
    pub open_only: bool,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One task at the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolutionTask {
    /// What the office dispatched.
    pub dispatch: TaskDispatchV1,
    /// Its state here.
    pub state: ResolutionTaskState,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// By when a report is owed now.
    pub due_on: NaiveDate,
    /// The days so far, by the code word of the state.
    pub days: std::collections::BTreeMap<String, NaiveDate>,
    /// Why the last report was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<SendBackReason>,
    /// Reports so far, oldest first.
    pub reports: Vec<ContentId>,
    /// The assignment under whose key reports are sealed, once it is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment_id: Option<AssignmentId>,
}

/// 签收交办单
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiveTask {
    /// Which.
    pub task_id: ResolutionTaskId,
    /// The version the person saw.
    pub expected_version: i64,
    /// The scanned paper; owed when the office records the step, refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

/// 报送落实情况: in writing; the paper is sealed in intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportTask {
    /// Which.
    pub task_id: ResolutionTaskId,
    /// The version the person saw.
    pub expected_version: i64,
    /// What was done, and what proves it.
    pub text: String,
    /// What stands in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<String>,
    /// Another date that the agency asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks_until: Option<NaiveDate>,
    /// The scanned paper; owed when the office records the step, refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

/// The task changed at the agency; the office follows through its own fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolutionTaskTaken {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// The task's new version here.
    pub version: i64,
    /// Its new state.
    pub state: ResolutionTaskState,
}
