//! What meetings shows of bodies, items, meetings and tasks.

use chrono::NaiveDate;
use kernel::{AgencyCode, AgendaItemId, ContentId, MatterId, MeetingId, ResolutionId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgendaLine, MeetingTerms, commands::Decision};
use crate::codes::{
    AgendaKind, AgendaState, Attendance, CallOffReason, InvitationReply, MeetingKind, MeetingState,
    ReplyReason, ResolutionState, ResolutionTaskRole, ResolutionTaskState, SendBackReason, TaskChecker,
};

/// One joint conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BodyView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// 召集人: the post, as the minutes name it.
    pub convener: String,
    /// 成员单位
    pub members: Vec<AgencyCode>,
    /// Kinds of meeting with the days of notice.
    pub kinds: Vec<KindView>,
    /// Rooms it meets in.
    pub places: Vec<String>,
}

/// A kind of meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KindView {
    /// Which.
    pub kind: MeetingKind,
    /// Days between the invitation and the meeting; fewer only with a reason.
    pub notice_days: i64,
}

/// One item of the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemView {
    /// The item.
    pub item_id: AgendaItemId,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// Its matter.
    pub matter_id: MatterId,
    /// The matter's public number.
    pub number: String,
    /// What it is about.
    pub kind: AgendaKind,
    /// Its state.
    pub state: AgendaState,
    /// Whose positions are heard.
    pub parties: Vec<AgencyCode>,
    /// The day it came onto the list.
    pub proposed_on: NaiveDate,
    /// The meeting that has it, or had it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<MeetingId>,
    /// Until when it is deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_on: Option<NaiveDate>,
    /// Positions, the oldest first.
    pub positions: Vec<PositionView>,
    /// What was decided; shown to the office at once, to agencies with the minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// What became of the resolution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<ResolutionView>,
    /// Its tasks.
    pub tasks: Vec<TaskView>,
}

/// What became of a resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolutionView {
    /// The resolution.
    pub resolution_id: ResolutionId,
    /// 信议 number.
    pub document_number: String,
    /// Where it stands.
    pub state: ResolutionState,
    /// Why it could not be carried out: a code of ERRORS.md.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<String>,
    /// The day it was adopted.
    pub adopted_on: NaiveDate,
}

/// A party's position on an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PositionView {
    /// Whose.
    pub agency: AgencyCode,
    /// The day.
    pub on: NaiveDate,
    /// The letter or paper, sealed in intake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_id: Option<ContentId>,
    /// Said at the meeting, as recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// A line of the list of meetings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingRow {
    /// What, when, where.
    pub terms: MeetingTerms,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// Its state.
    pub state: MeetingState,
    /// How many are invited.
    pub invited: i64,
    /// How many replied to the newest invitation.
    pub replied: i64,
    /// How many items it has.
    pub items: i64,
}

/// One meeting with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingView {
    /// What, when, where.
    pub terms: MeetingTerms,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// Its state.
    pub state: MeetingState,
    /// 召集人
    pub convener: String,
    /// Why with less notice than usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_notice_reason: Option<String>,
    /// Why it was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_off_reason: Option<CallOffReason>,
    /// The day it was called.
    pub called_on: NaiveDate,
    /// Who is invited, what they replied, whether they came.
    pub invitations: Vec<InvitationView>,
    /// The agenda as numbers.
    pub agenda: Vec<AgendaLine>,
    /// The agenda with positions and decisions.
    pub items: Vec<ItemView>,
    /// Number of the minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_number: Option<String>,
    /// The day the minutes were fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_on: Option<NaiveDate>,
}

/// One invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvitationView {
    /// Who.
    pub agency: AgencyCode,
    /// Must come, or may.
    pub required: bool,
    /// Its last reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<ReplyView>,
    /// Whether it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
    /// Name and post of the official who came.
    pub who: String,
}

/// A reply to an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyView {
    /// The invitation that it answers.
    pub sequence: i64,
    /// Whether it comes.
    pub reply: InvitationReply,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReplyReason>,
    /// The post of who comes instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substitute_post: Option<String>,
    /// The day.
    pub on: NaiveDate,
}

/// One task of a resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskView {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// Its resolution.
    pub resolution_id: ResolutionId,
    /// 信议 number.
    pub document_number: String,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The item.
    pub item_id: AgendaItemId,
    /// The matter.
    pub matter_id: MatterId,
    /// The matter's public number.
    pub number: String,
    /// Who must.
    pub agency: AgencyCode,
    /// Lead or assisting.
    pub role: ResolutionTaskRole,
    /// 责任单位
    pub lead: AgencyCode,
    /// What is to be done.
    pub action: String,
    /// By when it reports now.
    pub due_on: NaiveDate,
    /// Who checks.
    pub checker: TaskChecker,
    /// Its state.
    pub state: ResolutionTaskState,
    /// The days so far, by the code word of the state.
    pub days: std::collections::BTreeMap<String, NaiveDate>,
    /// Reports, the oldest first: the day and the sealed paper.
    pub reports: Vec<(NaiveDate, ContentId)>,
    /// Why the last report was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<SendBackReason>,
    /// The first day after a due date that passed without a report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_on: Option<NaiveDate>,
}

/// The answer to [`CountMeetings`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingCounts {
    /// Items by state.
    pub items: std::collections::BTreeMap<String, i64>,
    /// Meetings by state.
    pub meetings: std::collections::BTreeMap<String, i64>,
    /// Resolutions by state.
    pub resolutions: std::collections::BTreeMap<String, i64>,
    /// Tasks by state.
    pub tasks: std::collections::BTreeMap<String, i64>,
    /// Tasks past their date without a report.
    pub overdue_tasks: i64,
    /// Invitations whose day of reply passed without one, of meetings to come.
    pub late_replies: i64,
}
