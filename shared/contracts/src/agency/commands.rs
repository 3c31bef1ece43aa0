//! Commands and queries of one agency's node: `svc.agency.<code>.<name>`, for its own people; the office may
//! record a step on its behalf with the paper attached (agencies without computers).

use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, AttachmentId, ContentId, MatterId, OrderId, ResolutionTaskId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::co::{AnswerCo, DraftPart, OpenPart, PartText, ShowDraft};
pub use super::conference::{
    FilePosition, Invitation, InvitationChanged, ListInvitations, ListResolutionTasks, ReceiveTask,
    ReplyInvitation, ReportTask, ResolutionTask, ResolutionTaskTaken, ShowInvitation,
};
pub use super::webhooks::{
    AddWebhook, AnnounceAgain, Announcement, AnnouncementAttempt, AnnouncementQueued, ListAnnouncements,
    ListWebhooks, RotateWebhook, SetWebhook, Webhook, WebhookChanged, WebhookMade,
};
use crate::{
    Due, Page, PageRequest,
    agency::ClaimOutcome,
    codes::{
        AssignmentState, CloseCode, CoReleaseReason, CoState, ContentPart, OpenPurpose, OrderState, Outcome,
        SendBackReason, ServiceWay,
    },
    command::commands,
    intake::commands::{AttachmentChunk, Content, Identities},
    routing::{AssignmentDispatchV1, CoAsked, Ruling},
    supervision::OrderDispatchV1,
};

/// The agency's own list, oldest due first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListTasks {
    /// Only tasks in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<AssignmentState>,
    /// Only tasks that are not closed or recalled.
    #[serde(default)]
    pub open_only: bool,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One task of the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    /// What the office dispatched.
    pub dispatch: AssignmentDispatchV1,
    /// Its state here.
    pub state: AssignmentState,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// The days so far, by the code word of the state.
    pub days: std::collections::BTreeMap<String, NaiveDate>,
    /// Running and met limits.
    pub dues: Vec<Due>,
    /// Papers written so far: kind and content id.
    pub papers: Vec<(PaperKind, ContentId)>,
    /// The outcomes of its opinion.
    pub outcomes: Vec<ClaimOutcome>,
    /// The office's last ruling on an objection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<TaskRuling>,
    /// Of the lead: the parts of the co-agencies, by number of their assignments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co: Vec<CoPart>,
    /// Of a 协办件: a draft of the part is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drafted: bool,
}

/// 协办意见 as the lead sees it: who, by when, whether it is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoPart {
    /// Who, by when, on what.
    #[serde(flatten)]
    pub asked: CoAsked,
    /// Where it stands.
    pub state: CoState,
    /// The day it came, or the unit was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Why the unit was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<CoReleaseReason>,
    /// One outcome per claim, once it is here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<ClaimOutcome>,
    /// Its text, sealed in intake, once it is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_id: Option<ContentId>,
    /// SHA-256 of the text, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
}

/// How the office answered this agency's objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskRuling {
    /// The answer.
    pub ruling: Ruling,
    /// Code of the reason.
    pub reason: String,
    /// The day.
    pub decided_on: NaiveDate,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowTask {
    /// Which.
    pub assignment_id: AssignmentId,
}

/// What every step names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Which task.
    pub assignment_id: AssignmentId,
    /// The version the person saw.
    pub expected_version: i64,
    /// The scanned paper; owed when the office records the step, refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

/// 签收
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sign {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
}

/// Opens the text, a file or the contact, through the agency's own account, with a purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Open {
    /// Which task.
    pub assignment_id: AssignmentId,
    /// What.
    pub part: ContentPart,
    /// For a file: which, and where to begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<(AttachmentId, i64)>,
    /// Why.
    pub purpose: OpenPurpose,
}

/// What was opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "part", content = "value")]
pub enum Opened {
    /// Title, text, claims.
    Text(Content),
    /// Identities.
    Contact(Identities),
    /// A chunk of a file.
    Attachment(AttachmentChunk),
}

/// 受理告知 (Art. 23)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotifyAcceptance {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
    /// 受理之日; today when absent, never later than today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<NaiveDate>,
    /// The person who handles it.
    pub handler: String,
    /// Telephone of the desk.
    pub telephone: String,
    /// Route and procedure, as told to the petitioner.
    pub notice: String,
}

/// 异议 (Art. 23): not this agency's to handle; before acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Object {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
    /// The day on the paper, where the office records it; else today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objected_on: Option<NaiveDate>,
    /// Detailed reasons.
    pub reasons: String,
    /// The clause of the agency's own duties.
    pub own_duties: String,
    /// The unit that it holds for competent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_agency: Option<AgencyCode>,
}

/// 延期 (Art. 34): at most thirty days, once, before the end, by the head; for a complex matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extend {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
    /// Days added.
    pub days: u32,
    /// Why, as told to the petitioner.
    pub reason: String,
    /// Name and post of the head who approves.
    pub approver: String,
}

/// 出具处理意见书 (Art. 32): signed by the agency's head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueOpinion {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
    /// Facts found.
    pub facts: String,
    /// Law and policy relied on.
    pub basis: String,
    /// One answer per claim.
    pub answers: Vec<ClaimAnswer>,
    /// The unit that reviews (next higher), named in the remedy.
    pub review_unit: String,
    /// The signer's name and post.
    pub signer: String,
}

/// The answer to one claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimAnswer {
    /// From 1.
    pub claim_no: i64,
    /// Supported, reasonable without basis, not supported.
    pub outcome: Outcome,
    /// The opinion on it.
    pub opinion: String,
}

/// 登记送达
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordService {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
    /// How.
    pub way: ServiceWay,
    /// The day of receipt; never later than today, never before the opinion.
    pub served_on: NaiveDate,
    /// What proves it: a postal number, who signed by relation, witnesses; no identity numbers.
    pub proof: String,
}

/// 办结
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Complete {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
    /// How it ended.
    pub close_code: CloseCode,
    /// 办结报告: owed under a 交办.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// The task changed; the board follows through routing's fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskChanged {
    /// The matter.
    pub matter_id: MatterId,
    /// The task's new version.
    pub version: i64,
    /// Its new state.
    pub state: AssignmentState,
}

/// Kind of a paper that an agency writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// 受理告知书
    AcceptanceNotice,
    /// 信访处理意见书
    Opinion,
    /// 送达回证
    ServiceRecord,
    /// 办结报告
    Report,
    /// 督办回复
    OrderReply,
    /// 异议函
    Objection,
    /// 延期告知书
    ExtensionNotice,
    /// 议题书面意见
    Position,
    /// 落实情况报告
    TaskReport,
    /// 协办意见
    CoPart,
}

/// The text of a paper, as stored sealed in intake and printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PaperBody {
    /// 受理告知书
    AcceptanceNotice {
        /// Who handles it.
        handler: String,
        /// Telephone of the desk.
        telephone: String,
        /// Route and procedure.
        notice: String,
        /// 受理之日
        accepted_on: NaiveDate,
        /// 信告 number of the agency.
        document_number: String,
    },
    /// 信访处理意见书
    Opinion {
        /// Facts found.
        facts: String,
        /// Law and policy.
        basis: String,
        /// One answer per claim.
        answers: Vec<ClaimAnswer>,
        /// Where a review is asked for.
        review_unit: String,
        /// Name and post.
        signer: String,
        /// The day it was signed.
        issued_on: NaiveDate,
        /// 信意 number of the agency.
        document_number: String,
    },
    /// 送达回证
    ServiceRecord {
        /// How.
        way: ServiceWay,
        /// When.
        served_on: NaiveDate,
        /// What proves it.
        proof: String,
    },
    /// 办结报告
    Report {
        /// The report.
        text: String,
    },
    /// 督办回复
    OrderReply {
        /// Number of the order that is replied to.
        order_number: String,
        /// What was done, and what proves it.
        text: String,
        /// The day.
        replied_on: NaiveDate,
    },
    /// 异议函 (Art. 23)
    Objection {
        /// The day the material came.
        received_on: NaiveDate,
        /// The day it was lodged.
        objected_on: NaiveDate,
        /// Detailed reasons.
        reasons: String,
        /// The clause of the agency's own duties.
        own_duties: String,
        /// The unit that it holds for competent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposed_agency: Option<AgencyCode>,
        /// 信异 number of the agency.
        document_number: String,
    },
    /// 延期告知书 (Art. 34)
    ExtensionNotice {
        /// T06 as it ran before.
        old_due: Box<Due>,
        /// T06 as it runs now.
        new_due: Box<Due>,
        /// Why.
        reason: String,
        /// Name and post of the head who approved.
        approver: String,
        /// The day.
        granted_on: NaiveDate,
        /// 信延 number of the agency.
        document_number: String,
    },
    /// 议题书面意见 (Art. 24)
    Position {
        /// What the agency says of its competence, and why.
        text: String,
        /// The clause of its own duties.
        own_duties: String,
        /// The day.
        filed_on: NaiveDate,
    },
    /// 落实情况报告 (Art. 12)
    TaskReport {
        /// 信议 number of the resolution.
        resolution_number: String,
        /// What was done, and what proves it.
        text: String,
        /// What stands in the way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        obstacle: Option<String>,
        /// Another date that the agency asks for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asks_until: Option<NaiveDate>,
        /// The day.
        reported_on: NaiveDate,
    },
    /// 协办意见 (Art. 24), for the lead alone
    CoPart {
        /// What it says.
        text: PartText,
        /// Name and post.
        signer: String,
        /// The day it was signed.
        answered_on: NaiveDate,
        /// 信协复 number of the agency.
        document_number: String,
    },
}

/// One of the task's papers, from the agency's own sealed copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowPaper {
    /// Which task.
    pub assignment_id: AssignmentId,
    /// Which paper.
    pub content_id: ContentId,
}

/// How many tasks the agency has, by state: the head of its list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountTasks {}

/// The answer to [`CountTasks`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskCounts {
    /// The agency.
    pub agency: AgencyCode,
    /// Tasks by state.
    pub by_state: std::collections::BTreeMap<String, i64>,
    /// Dispatches stored, by sender: the highest number without a gap below it.
    pub received: std::collections::BTreeMap<String, i64>,
}

/// 督办函: the orders that the agency got, open ones first, the earliest due first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListOrders {
    /// Only those about this task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment_id: Option<AssignmentId>,
    /// Only those that are not closed.
    #[serde(default)]
    pub open_only: bool,
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One of the orders that the agency got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowOrder {
    /// Which.
    pub order_id: OrderId,
}

/// One of the tasks that resolutions gave the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowResolutionTask {
    /// Which.
    pub task_id: ResolutionTaskId,
}

/// One supervision order at the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceivedOrder {
    /// What the office dispatched.
    pub dispatch: OrderDispatchV1,
    /// Its state here.
    pub state: OrderState,
    /// For `expected_version` of the next command.
    pub version: i64,
    /// By when a reply is owed now.
    pub due_on: NaiveDate,
    /// The days so far, by the code word of the state.
    pub days: std::collections::BTreeMap<String, NaiveDate>,
    /// Why the last reply was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<SendBackReason>,
    /// Replies so far, oldest first.
    pub replies: Vec<ContentId>,
}

/// What every step of an order names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderStep {
    /// Which order.
    pub order_id: OrderId,
    /// The version the person saw.
    pub expected_version: i64,
    /// The scanned paper; owed when the office records the step, refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}

/// 签收督办函
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcknowledgeOrder {
    /// Which order.
    #[serde(flatten)]
    pub step: OrderStep,
}

/// 回复督办函: in writing, with what proves it; the paper is sealed in intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyOrder {
    /// Which order.
    #[serde(flatten)]
    pub step: OrderStep,
    /// What was done, and what proves it.
    pub text: String,
}

/// The order changed at the agency; the office follows through its own fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderTaken {
    /// The order.
    pub order_id: OrderId,
    /// The matter.
    pub matter_id: MatterId,
    /// The order's new version here.
    pub version: i64,
    /// Its new state.
    pub state: OrderState,
}

commands! {
    ListTasks = "tasks" -> Page<Task>;
    ShowTask = "task" -> Task;
    CountTasks = "counts" -> TaskCounts;
    Sign = "sign" -> TaskChanged;
    Open = "open" -> Opened;
    NotifyAcceptance = "notify_acceptance" -> TaskChanged;
    Object = "object" -> TaskChanged;
    Extend = "extend" -> TaskChanged;
    IssueOpinion = "issue_opinion" -> TaskChanged;
    RecordService = "record_service" -> TaskChanged;
    Complete = "complete" -> TaskChanged;
    DraftPart = "draft_part" -> TaskChanged;
    AnswerCo = "answer_co" -> TaskChanged;
    ShowDraft = "draft" -> PartText;
    OpenPart = "open_part" -> PaperBody;
    ShowPaper = "paper" -> PaperBody;
    ListOrders = "orders" -> Page<ReceivedOrder>;
    ShowOrder = "order" -> ReceivedOrder;
    AcknowledgeOrder = "acknowledge_order" -> OrderTaken;
    ReplyOrder = "reply_order" -> OrderTaken;
    ListInvitations = "invitations" -> Page<Invitation>;
    ShowInvitation = "invitation" -> Invitation;
    ReplyInvitation = "reply_invitation" -> InvitationChanged;
    FilePosition = "file_position" -> InvitationChanged;
    ListResolutionTasks = "resolution_tasks" -> Page<ResolutionTask>;
    ShowResolutionTask = "resolution_task" -> ResolutionTask;
    ReceiveTask = "receive_resolution_task" -> ResolutionTaskTaken;
    ReportTask = "report_resolution_task" -> ResolutionTaskTaken;
    ListWebhooks = "webhooks" -> Vec<Webhook>;
    AddWebhook = "add_webhook" -> WebhookMade;
    SetWebhook = "set_webhook" -> WebhookChanged;
    RotateWebhook = "rotate_webhook" -> WebhookMade;
    ListAnnouncements = "announcements" -> Page<Announcement>;
    AnnounceAgain = "announce_again" -> AnnouncementQueued;
}
