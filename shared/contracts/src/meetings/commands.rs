//! Commands and queries of meetings: `svc.meetings.<name>`. The office's people command; agencies read what they
//! are invited to, and their own tasks.

use chrono::NaiveDate;
use kernel::{AgencyCode, AgendaItemId, MatterId, MeetingId, ResolutionTaskId, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::views::{
    BodyView, InvitationView, ItemView, KindView, MeetingCounts, MeetingRow, MeetingView, PositionView,
    ReplyView, ResolutionView, TaskView,
};
use super::{CoUnit, Invitee};
use crate::{
    Page, PageRequest,
    codes::{
        AgendaOutcome, AgendaState, Attendance, CallOffReason, MeetingKind, MeetingState,
        ResolutionTaskState, ResolutionTaskVerdict, SendBackReason, TaskChecker,
    },
    command::commands,
};

/// The conferences, with whom and where they meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListBodies {}

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
