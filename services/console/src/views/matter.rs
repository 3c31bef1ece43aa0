//! 信访事项: everything about one matter on one page.

use serde::Serialize;

use super::{
    Page,
    chrome::{Chrome, Link},
    co::PartLine,
    due::{Due, Working},
    form::{CommandForm, Field},
    reveal::RevealPanel,
    supervision::{IssueForm, OrderItem},
    task::RulingLine,
};

/// The matter page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MatterPage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the list it was opened from, filters kept.
    pub back_href: String,
    /// Head and summary.
    pub matter: MatterHead,
    /// The path so far and ahead.
    pub steps: Vec<Step>,
    /// Running limits, the earliest first.
    pub dues: Vec<Due>,
    /// Every limit with its working.
    pub workings: Vec<Working>,
    /// Claims.
    pub claims: Vec<ClaimView>,
    /// Assignments, the newest first.
    pub assignments: Vec<AssignmentView>,
    /// What happened, the newest first.
    pub timeline: Vec<TimelineItem>,
    /// Papers that were issued.
    pub documents: Vec<DocumentView>,
    /// Sealed text; `None` where this person has no business with it.
    pub content: Option<RevealPanel>,
    /// Sealed identity; likewise.
    pub identity: Option<RevealPanel>,
    /// What this person can do now, and what not, with why.
    pub actions: Vec<ActionView>,
    /// 议题 about it, with resolution and tasks.
    pub items: Vec<serde_json::Value>,
    /// Names of units.
    pub unit_names: super::meeting::UnitNames,
    /// 督办函 about it.
    pub orders: Vec<OrderItem>,
    /// The form of a new order, for those who urge.
    pub issue_order: Option<IssueForm>,
    /// 重复件: the form that ties a repeat to its earlier matter.
    pub link_repeat: Option<LinkRepeatForm>,
}

impl Page for MatterPage {
    const TEMPLATE: &'static str = "matter.html";
}

/// What a matter is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MatterHead {
    /// The public number.
    pub number: String,
    /// The masked summary.
    pub summary: String,
    /// State (texts `state-*`).
    pub state: String,
    /// Close code, once closed (texts `close-*`).
    pub close_code: Option<String>,
    /// Flags (texts `flag-*`).
    pub flags: Vec<String>,
    /// Channel (texts `channel-*`); empty where it is sealed.
    pub channel: String,
    /// Purpose (texts `purpose-*`).
    pub purpose: String,
    /// Content class, named.
    pub category: Option<String>,
    /// `R1` … `R6` (texts `route-*`).
    pub route: Option<String>,
    /// Region of the problem, named.
    pub region_name: String,
    /// How many petitioners signed; 0 where it is sealed.
    pub people: u32,
    /// First receipt (ISO).
    pub received_on: String,
    /// When it was registered (RFC 3339).
    pub registered_at: String,
    /// Days since first receipt.
    pub age_days: i64,
    /// The unit that holds it.
    pub holder: Option<String>,
    /// The earlier matter, when this submission is a repeat.
    pub repeat_of: Option<Link>,
    /// An accusation: restricted.
    pub confidential: bool,
}

/// One station of the ordinary path.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Step {
    /// `registered`, `screened`, `sent`, `accepted`, `answered`, `served`, `closed` (texts `step-*`).
    pub code: String,
    /// The day it was reached (ISO).
    pub on: Option<String>,
    /// `done`, `current`, `ahead` or, of what this matter did without, `skipped` (texts `step-state-*`).
    pub state: String,
}

/// 诉求: one claim.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ClaimView {
    /// Its number in the matter.
    pub no: u32,
    /// Its masked text, where this place has it.
    pub text: Option<String>,
    /// The unit that holds it.
    pub holder: Option<String>,
    /// `open`, `answered` or `closed` (texts `claim-state-*`).
    pub state: String,
    /// `supported`, `reasonable_no_basis`, `not_supported` (texts `outcome-*`).
    pub outcome: Option<String>,
}

/// 转送 or 交办: one agency's job.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AssignmentView {
    /// The fencing number.
    pub no: u32,
    /// `forward` or `assign` (texts `mode-*`).
    pub mode: String,
    /// 信转 or 信交 number.
    pub document_number: String,
    /// The agency.
    pub agency: String,
    /// `sent`, `delivered`, `signed`, `accepted`, `opinion_issued`, `served`, `closed`, `recalled`
    /// (texts `assignment-state-*`).
    pub state: String,
    /// Sent (ISO).
    pub sent_on: String,
    /// In the agency's inbox (ISO); T03 counts from here.
    pub delivered_on: Option<String>,
    /// 签收 (ISO).
    pub signed_on: Option<String>,
    /// Acceptance notice (ISO); T06 counts from here.
    pub accepted_on: Option<String>,
    /// The limit that the office set (交办 only, ISO).
    pub limit_on: Option<String>,
    /// Claims it covers.
    pub claims: Vec<u32>,
    /// Why it was recalled (texts `recall-reason-*`).
    pub recalled_because: Option<String>,
    /// Follows a decision on competence.
    pub binding: bool,
    /// Why it went to a unit that had refused the matter.
    pub override_reason: Option<String>,
    /// Objections, oldest first.
    pub objections: Vec<ObjectionLine>,
    /// `lead` or `co` (texts `role-*`).
    pub role: String,
    /// Of a co-agency: its part.
    pub part: Option<PartLine>,
}

/// 异议: one objection and its answer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ObjectionLine {
    /// The day (ISO).
    pub on: String,
    /// After T04.
    pub late: bool,
    /// The unit that was named for competent.
    pub proposed: Option<String>,
    /// The answer.
    pub ruling: Option<RulingLine>,
}

/// One line of the timeline.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TimelineItem {
    /// When (RFC 3339).
    pub at: String,
    /// What: the token of the event's type, `matter_forwarded` (texts `event-*`).
    pub event: String,
    /// Which unit.
    pub unit: String,
    /// Which account, where this place may see it.
    pub actor: Option<String>,
    /// The stated reason or note.
    pub note: Option<String>,
    /// The article it rests on.
    pub article: Option<String>,
    /// Recorded by the office for an agency, from paper.
    pub on_behalf: bool,
    /// It came after its limit.
    pub late: bool,
    /// A paper that proves it.
    pub proof: Option<Link>,
}

/// A paper of the matter.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DocumentView {
    /// `receipt`, `forwarding_letter`, `assignment_letter`, `acceptance_notice`, `opinion`,
    /// `service_record`, `report`, `paper` (texts `document-*`).
    pub kind: String,
    /// Document number.
    pub number: Option<String>,
    /// Its date (ISO).
    pub on: String,
    /// Who issued it.
    pub unit: String,
    /// The print page or the scan.
    pub href: String,
}

/// Something a person could do now.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ActionView {
    /// `screen`, `recall`, `on_behalf`, `print_receipt` … (texts `action-*`).
    pub code: String,
    /// The page of its form.
    pub href: String,
    /// The next natural step.
    pub primary: bool,
    /// Why it cannot be done now, in the page's language; then it is shown without a link.
    pub barred: Option<String>,
}

/// 关联重复件: a person ties, the software never does.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LinkRepeatForm {
    /// Where to.
    pub form: CommandForm,
    /// The number of the earlier matter.
    pub earlier_number: Field,
    /// Why they are the same matter.
    pub reason: Field,
}
