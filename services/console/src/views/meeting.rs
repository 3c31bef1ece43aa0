//! 联席会议: the agenda, one meeting with its forms, the form that calls one, what an agency is invited to and owes,
//! and the papers. Units, dates and numbers; of a petition nothing but its number.

use std::collections::BTreeMap;

use contracts::codes::TaskChecker;
use serde::Serialize;
use serde_json::Value;

use super::{
    Page,
    board::Tab,
    chrome::Chrome,
    form::{Choice, CommandForm},
};

/// Fields that the contracts leave out when there is nothing to say. The templates are strict: to them it is null.
const OPTIONAL: &[&str] = &[
    "assignment_id",
    "attendance",
    "call_off_reason",
    "cancelled_on",
    "content_id",
    "decision",
    "fixed_on",
    "meeting_id",
    "minutes_number",
    "overdue_on",
    "reason",
    "reply",
    "resolution",
    "resolved",
    "sent_back",
    "set_aside",
    "short_notice_reason",
    "substitute_post",
    "until_on",
    "words",
];

/// What the contracts say, with null where they say nothing.
pub fn whole(said: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(said).unwrap_or_default();
    fill(&mut value);
    value
}

/// [`whole`] of each.
pub fn wholes<T: Serialize>(said: &[T]) -> Vec<Value> {
    said.iter().map(whole).collect()
}

fn fill(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(fill);
            for name in OPTIONAL {
                fields.entry(*name).or_insert(Value::Null);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(fill),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Names of units by their code.
pub type UnitNames = BTreeMap<String, String>;

/// The office's page of agenda, meetings and tasks.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingsPage {
    /// The frame.
    pub chrome: Chrome,
    /// `agenda`, `meetings` and `resolution_tasks` (texts `tab-*`).
    pub tabs: Vec<Tab>,
    /// Which of them is shown.
    pub tab: String,
    /// What was refused, in the page's language.
    pub problem: Option<String>,
    /// Names of units.
    pub names: UnitNames,
    /// The items that wait, then the others.
    pub items: Vec<Value>,
    /// The meetings, the latest first.
    pub meetings: Vec<Value>,
    /// Tasks of resolutions, the earliest due first.
    pub tasks: Vec<Value>,
    /// A fresh key for each form.
    pub form: CommandForm,
    /// May screen items.
    pub prepares: bool,
    /// May call meetings.
    pub directs: bool,
    /// As which checkers the reader may check tasks.
    pub checks: Vec<TaskChecker>,
    /// Reasons for sending a report back (texts `send-back-*`).
    pub reasons: Vec<Choice>,
    /// Day proposed for another report (ISO).
    pub anew_on: String,
    /// Today (ISO).
    pub today: String,
    /// The page after this one.
    pub next_href: Option<String>,
}

impl Page for MeetingsPage {
    const TEMPLATE: &'static str = "meetings.html";
}

/// One meeting.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingPage {
    /// The frame.
    pub chrome: Chrome,
    /// What was refused, in the page's language.
    pub problem: Option<String>,
    /// Names of units.
    pub names: UnitNames,
    /// The meeting.
    pub meeting: Value,
    /// A fresh key for each form.
    pub form: CommandForm,
    /// May record positions.
    pub prepares: bool,
    /// May do everything else.
    pub directs: bool,
    /// Its start has passed.
    pub begun: bool,
    /// Every unit of the register, named.
    pub units: Vec<Choice>,
    /// Outcomes (texts `agenda-outcome-*`).
    pub outcomes: Vec<Choice>,
    /// Who checks (texts `task-checker-*`).
    pub checkers: Vec<Choice>,
    /// Reasons for calling off (texts `call-off-*`).
    pub call_off: Vec<Choice>,
    /// Ways of having come (texts `attendance-*`).
    pub attendance: Vec<Choice>,
    /// What was typed into a form that was refused.
    pub typed: BTreeMap<String, String>,
}

impl Page for MeetingPage {
    const TEMPLATE: &'static str = "meeting.html";
}

/// 召集会议, 变更会议
#[derive(Clone, Debug, Serialize)]
pub struct CallPage {
    /// The frame.
    pub chrome: Chrome,
    /// What was refused, in the page's language.
    pub problem: Option<String>,
    /// Where the form goes; with a version when a meeting is moved.
    pub form: CommandForm,
    /// A meeting is moved, not called.
    pub moves: bool,
    /// The conference that meets.
    pub body: Value,
    /// Kinds (texts `meeting-kind-*`), with their notice as name.
    pub kinds: Vec<Choice>,
    /// Units that may be invited: code, name, chosen as `required`, `optional` or empty.
    pub units: Vec<InviteRow>,
    /// Items that can be dealt with.
    pub items: Vec<CallItem>,
    /// What stands in the fields.
    pub typed: BTreeMap<String, String>,
}

impl Page for CallPage {
    const TEMPLATE: &'static str = "meeting_call.html";
}

/// One unit of the form.
#[derive(Clone, Debug, Serialize)]
pub struct InviteRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `required`, `optional` or empty.
    pub chosen: String,
}

/// One item of the form.
#[derive(Clone, Debug, Serialize)]
pub struct CallItem {
    /// Its id.
    pub id: String,
    /// The matter's public number.
    pub number: String,
    /// Its parties, named.
    pub parties: Vec<String>,
    /// On this agenda.
    pub chosen: bool,
}

/// What an agency is invited to, and the tasks it owes.
#[derive(Clone, Debug, Serialize)]
pub struct ConferencePage {
    /// The frame.
    pub chrome: Chrome,
    /// What was refused, in the page's language.
    pub problem: Option<String>,
    /// Names of units.
    pub names: UnitNames,
    /// Invitations, the latest first.
    pub invitations: Vec<Value>,
    /// Tasks of resolutions, with what is to be done.
    pub tasks: Vec<OwedTask>,
    /// A fresh key for each form.
    pub form: CommandForm,
    /// Replies (texts `invitation-reply-*`).
    pub replies: Vec<Choice>,
    /// Reasons (texts `reply-reason-*`).
    pub reasons: Vec<Choice>,
    /// What was typed into a form that was refused.
    pub typed: BTreeMap<String, String>,
    /// Today (ISO).
    pub today: String,
}

impl Page for ConferencePage {
    const TEMPLATE: &'static str = "conference.html";
}

/// A task at the agency with the action that its resolution names.
#[derive(Clone, Debug, Serialize)]
pub struct OwedTask {
    /// The task.
    pub task: Value,
    /// What is to be done, read from the office at use.
    pub action: Option<String>,
}

/// A paper of the conference.
#[derive(Clone, Debug, Serialize)]
pub struct ConferencePaper {
    /// Head.
    pub paper: super::print::PaperHead,
    /// Names of units.
    pub names: UnitNames,
    /// The meeting.
    pub meeting: Value,
}

/// 会议通知
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct NoticePaper(pub ConferencePaper);

impl Page for NoticePaper {
    const TEMPLATE: &'static str = "print/meeting_notice.html";
}

/// 会议纪要
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct MinutesPaper(pub ConferencePaper);

impl Page for MinutesPaper {
    const TEMPLATE: &'static str = "print/minutes.html";
}

/// 交办单
#[derive(Clone, Debug, Serialize)]
pub struct TaskOrderPaper {
    /// Head.
    pub paper: super::print::PaperHead,
    /// Names of units.
    pub names: UnitNames,
    /// The task.
    pub task: Value,
}

impl Page for TaskOrderPaper {
    const TEMPLATE: &'static str = "print/task_order.html";
}
