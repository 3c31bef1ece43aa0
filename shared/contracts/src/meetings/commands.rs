//! Commands and queries of meetings: `svc.meetings.<name>`. The office's people command; agencies read what they
//! are invited to, and their own tasks.

use chrono::NaiveDate;
use kernel::{
    AgencyCode, AgendaItemId, ContentId, MatterId, MeetingId, ResolutionId, ResolutionTaskId, UnixMillis,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AgendaLine, CoUnit, Invitee, MeetingTerms};
use crate::{
    Page, PageRequest,
    codes::{
        AgendaKind, AgendaOutcome, AgendaState, Attendance, CallOffReason, InvitationReply, MeetingKind,
        MeetingState, ReplyReason, ResolutionState, ResolutionTaskRole, ResolutionTaskState,
        ResolutionTaskVerdict, SendBackReason, TaskChecker,
    },
    command::commands,
};

/// The conferences, with whom and where they meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListBodies {}

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

/// The list of items, those that wait first, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListItems {
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<AgendaState>,
    /// Only those of this matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter_id: Option<MatterId>,
    /// Only those that still wait for something.
    #[serde(default)]
    pub open_only: bool,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowItem {
    /// Which.
    pub item_id: AgendaItemId,
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

/// 审核议题: a person takes an item onto the list of what a meeting deals with, or returns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreenItem {
    /// Which.
    pub item_id: AgendaItemId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Taken, or returned.
    pub take: bool,
}

/// 提出议题 (domain.md 2.2, transition 30): a person brings a stuck matter before the conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeItem {
    /// The matter; never an accusation.
    pub matter_id: MatterId,
    /// Whose positions are heard.
    pub parties: Vec<AgencyCode>,
}

/// 召集会议 by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallMeeting {
    /// Code of the conference.
    pub body: String,
    /// Plenary, working …
    pub kind: MeetingKind,
    /// Its title; made from body, kind and number when absent. Nothing of a petition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When, where, with whom.
    pub plan: MeetingPlan,
}

/// When, where, with whom, about what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingPlan {
    /// When it begins: after now.
    pub starts_at: UnixMillis,
    /// When it ends: the same day.
    pub ends_at: UnixMillis,
    /// Where.
    pub place: String,
    /// By when agencies reply: not after the day of the meeting.
    pub reply_by: NaiveDate,
    /// Who is invited; every party of every item is.
    pub agencies: Vec<Invitee>,
    /// The agenda, in order.
    pub items: Vec<AgendaItemId>,
    /// Why with less notice than the kind of meeting has; owed in that case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_notice_reason: Option<String>,
}

/// 变更会议: another time, place, agenda or other invitations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveMeeting {
    /// Which.
    pub meeting_id: MeetingId,
    /// The version the person saw.
    pub expected_version: i64,
    /// As it shall be.
    pub plan: MeetingPlan,
}

/// 取消会议: its items go back to the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallOffMeeting {
    /// Which.
    pub meeting_id: MeetingId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Why.
    pub reason: CallOffReason,
}

/// 登记到会: the meeting took place; not before its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldMeeting {
    /// Which.
    pub meeting_id: MeetingId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Each invited agency, once.
    pub attendance: Vec<AttendanceEntry>,
}

/// Whether an agency came, and who for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceEntry {
    /// Who.
    pub agency: AgencyCode,
    /// Whether.
    pub attendance: Attendance,
    /// Name and post of the official, for the minutes.
    #[serde(default)]
    pub who: String,
}

/// 记录意见: what a party said at the meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPosition {
    /// On which item.
    pub item_id: AgendaItemId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Whose.
    pub agency: AgencyCode,
    /// In words.
    pub words: String,
}

/// 记录议定结果: what the meeting said of an item; published when the minutes are fixed, changed until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideItem {
    /// Which.
    pub item_id: AgendaItemId,
    /// The version the person saw.
    pub expected_version: i64,
    /// What was decided.
    pub decision: Decision,
}

/// What a meeting decided of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Resolved, deferred, returned, reported up.
    pub outcome: AgendaOutcome,
    /// Facts as found, and why so.
    pub facts: String,
    /// Who does what by when; owed when it is resolved, refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Resolved>,
    /// Until when it is deferred; owed in that case alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_on: Option<NaiveDate>,
    /// Members who disagree, in their words: they are not liable for it (domain.md 1.8).
    #[serde(default)]
    pub dissent: Vec<Dissent>,
}

/// Who does what by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// 责任单位 (主办): exactly one.
    pub lead: AgencyCode,
    /// By when.
    pub due_on: NaiveDate,
    /// 协办, each with a date before the lead's.
    #[serde(default)]
    pub co: Vec<CoUnit>,
    /// What is to be done.
    pub action: String,
    /// Who checks.
    pub checker: TaskChecker,
}

/// A member's dissent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dissent {
    /// Whose.
    pub agency: AgencyCode,
    /// In words.
    pub words: String,
}

/// 审定纪要: the convener, or the director for them, fixes the minutes; what was resolved binds from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixMinutes {
    /// Which.
    pub meeting_id: MeetingId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Name and post of the convener who fixed them.
    pub convener: String,
}

/// 重新上会: a resolution that could not be carried out goes back to the agenda; its tasks are taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenItem {
    /// Which.
    pub item_id: AgendaItemId,
    /// The version the person saw.
    pub expected_version: i64,
}

/// The meetings, the latest first; of an agency those that it is invited to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListMeetings {
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<MeetingState>,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowMeeting {
    /// Which.
    pub meeting_id: MeetingId,
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

/// Tasks, open ones first, the earliest due first; of an agency its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListTasks {
    /// Only those of this agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// Only those in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ResolutionTaskState>,
    /// Only those whose date passed without a report.
    #[serde(default)]
    pub overdue_only: bool,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowTask {
    /// Which.
    pub task_id: ResolutionTaskId,
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

/// 核验: done, sent back with a reason and another day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckTask {
    /// Which.
    pub task_id: ResolutionTaskId,
    /// The version the person saw.
    pub expected_version: i64,
    /// Done, or to be reported anew.
    pub verdict: ResolutionTaskVerdict,
    /// Why it is sent back; owed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SendBackReason>,
    /// By when it is reported anew; owed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// What waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountMeetings {}

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

/// An item changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemChanged {
    /// The item.
    pub item_id: AgendaItemId,
    /// Its new version.
    pub version: i64,
    /// Its new state.
    pub state: AgendaState,
}

/// A meeting changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingChanged {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// Its new version.
    pub version: i64,
    /// Its new state.
    pub state: MeetingState,
    /// The sequence of its newest invitation.
    pub sequence: i64,
}

/// A task changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskChecked {
    /// The task.
    pub task_id: ResolutionTaskId,
    /// Its new version.
    pub version: i64,
    /// Its new state.
    pub state: ResolutionTaskState,
}

commands! {
    ListBodies = "bodies" -> Vec<BodyView>;
    ListItems = "items" -> Page<ItemView>;
    ShowItem = "item" -> ItemView;
    ScreenItem = "screen_item" -> ItemChanged;
    ProposeItem = "propose_item" -> ItemChanged;
    CallMeeting = "call_meeting" -> MeetingChanged;
    MoveMeeting = "move_meeting" -> MeetingChanged;
    CallOffMeeting = "call_off_meeting" -> MeetingChanged;
    HoldMeeting = "hold_meeting" -> MeetingChanged;
    RecordPosition = "record_position" -> ItemChanged;
    DecideItem = "decide_item" -> ItemChanged;
    FixMinutes = "fix_minutes" -> MeetingChanged;
    ReopenItem = "reopen_item" -> ItemChanged;
    ListMeetings = "meetings" -> Page<MeetingRow>;
    ShowMeeting = "meeting" -> MeetingView;
    ListTasks = "tasks" -> Page<TaskView>;
    ShowTask = "task" -> TaskView;
    CheckTask = "check_task" -> TaskChecked;
    CountMeetings = "counts" -> MeetingCounts;
}
