//! 待办: what an agency sees of the matters dispatched to it, and nothing of another agency.

use serde::Serialize;

use super::{
    Page,
    board::Tab,
    chrome::Chrome,
    co::PartLine,
    due::{Due, Working},
    matter::{ClaimView, DocumentView, Step, TimelineItem},
    reveal::RevealPanel,
    steps::StepForm,
    supervision::OrderItem,
};

/// The agency's list of tasks.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TasksPage {
    /// The frame.
    pub chrome: Chrome,
    /// Queues: `to_sign`, `to_accept`, `to_answer`, `to_serve`, `to_close`, `done` (texts `tab-*`).
    pub tabs: Vec<Tab>,
    /// The time left, each a filter.
    pub buckets: Vec<Tab>,
    /// The tasks of this page, the earliest due first.
    pub rows: Vec<TaskRow>,
    /// How many in all.
    pub total: u64,
    /// The page after this one.
    pub next_href: Option<String>,
}

impl Page for TasksPage {
    const TEMPLATE: &'static str = "tasks.html";
}

/// One task of the list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskRow {
    /// Its page.
    pub href: String,
    /// The matter's number.
    pub number: String,
    /// The masked summary.
    pub summary: String,
    /// Content class, named.
    pub category: Option<String>,
    /// `forward` or `assign` (texts `mode-*`).
    pub mode: String,
    /// Task state (texts `assignment-state-*`).
    pub state: String,
    /// In the inbox since (ISO).
    pub delivered_on: String,
    /// The earliest running limit.
    pub due: Option<Due>,
    /// Flags (texts `flag-*`).
    pub flags: Vec<String>,
    /// Of a 协办件: who leads.
    pub lead: Option<String>,
}

/// One task.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskPage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the list.
    pub back_href: String,
    /// Head.
    pub task: TaskHead,
    /// The path.
    pub steps: Vec<Step>,
    /// Of the lead: the parts of the co-agencies.
    pub parts: Vec<PartLine>,
    /// The part may be drafted here, and is sent by the head.
    pub draft_only: bool,
    /// Running limits.
    pub dues: Vec<Due>,
    /// Every limit with its working.
    pub workings: Vec<Working>,
    /// The claims of this assignment.
    pub claims: Vec<ClaimView>,
    /// Sealed text.
    pub content: Option<RevealPanel>,
    /// Sealed contact.
    pub identity: Option<RevealPanel>,
    /// The step that is to be taken now; `None` when nothing is owed or this person may not.
    pub next: Option<StepForm>,
    /// What else may be done now, folded.
    pub beside: Vec<StepForm>,
    /// How the office answered an objection (texts `ruling-*`, `ruling-reason-*`).
    pub ruling: Option<RulingLine>,
    /// Why there is no step for this person, in the page's language.
    pub next_barred: Option<String>,
    /// 督办函 about it.
    pub orders: Vec<OrderItem>,
    /// Papers.
    pub documents: Vec<DocumentView>,
    /// What this agency did.
    pub timeline: Vec<TimelineItem>,
}

impl Page for TaskPage {
    const TEMPLATE: &'static str = "task.html";
}

/// The office's answer to an objection.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RulingLine {
    /// `upheld`, `rejected`, `disputed` (texts `ruling-*`).
    pub ruling: String,
    /// Its reason (texts `ruling-reason-*`).
    pub reason: String,
    /// The day (ISO).
    pub on: String,
    /// The office's own words; the office alone sees them.
    pub note: Option<String>,
}

/// What a task is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TaskHead {
    /// The matter's number.
    pub number: String,
    /// The masked summary.
    pub summary: String,
    /// Task state (texts `assignment-state-*`).
    pub state: String,
    /// `forward` or `assign` (texts `mode-*`).
    pub mode: String,
    /// 信转 or 信交 number.
    pub document_number: String,
    /// The ground, e.g. 《信访工作条例》第二十二条第一项.
    pub legal_ground: String,
    /// The unit that sent it.
    pub sender: String,
    /// Sent (ISO).
    pub sent_on: String,
    /// In the inbox since (ISO).
    pub delivered_on: String,
    /// The limit under a 交办 (ISO).
    pub limit_on: Option<String>,
    /// Desk and telephone of the office.
    pub contact: String,
    /// Content class, named.
    pub category: Option<String>,
    /// Purpose (texts `purpose-*`).
    pub purpose: String,
    /// `R1` … `R6` (texts `route-*`).
    pub route: Option<String>,
    /// Region, named.
    pub region_name: String,
    /// How many petitioners signed.
    pub people: u32,
    /// Flags (texts `flag-*`).
    pub flags: Vec<String>,
    /// It came without identity.
    pub identity_withheld: bool,
    /// Of a 协办件: who leads.
    pub lead: Option<String>,
    /// What is asked for (texts `co-task-*`).
    pub co_task: Option<String>,
}
