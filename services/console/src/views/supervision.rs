//! 督查督办: duties by their limit, and supervision orders. Units and dates alone: nothing here tells of persons.

use serde::Serialize;

use super::{
    Page,
    board::Tab,
    chrome::{Chrome, Link},
    due::Due,
    form::{Choice, CommandForm, Field},
};

/// The office's page of duties and orders.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SupervisionPage {
    /// The frame.
    pub chrome: Chrome,
    /// `duties` and `orders` (texts `tab-*`).
    pub tabs: Vec<Tab>,
    /// Which of them is shown.
    pub tab: String,
    /// What was refused, in the page's language.
    pub problem: Option<String>,
    /// Agencies, named.
    pub agencies: Vec<Choice>,
    /// Rules (texts `rule-*`).
    pub rules: Vec<Choice>,
    /// Only what is overdue.
    pub breached_only: bool,
    /// Duties that are owed, the earliest due first.
    pub duties: Vec<DutyRow>,
    /// Orders and drafts, open ones first.
    pub orders: Vec<OrderItem>,
    /// The page after this one.
    pub next_href: Option<String>,
}

impl Page for SupervisionPage {
    const TEMPLATE: &'static str = "supervision.html";
}

/// One duty.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DutyRow {
    /// The matter's page.
    pub href: String,
    /// The matter's number; of an accusation its id.
    pub number: String,
    /// Who owes it, named.
    pub holder: String,
    /// The limit.
    pub due: Due,
    /// `green`, `yellow` (warned) or `red` (breached; texts `lamp-*`).
    pub lamp: String,
}

/// One order with what this person may do about it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OrderItem {
    /// Its id: tells the forms of a page apart.
    pub id: String,
    /// The matter's page, for people of the office.
    pub href: Option<String>,
    /// The matter's number.
    pub number: String,
    /// The agency, named.
    pub agency: String,
    /// State (texts `order-state-*`).
    pub state: String,
    /// Why (texts `cause-*`).
    pub cause: String,
    /// What is owed (texts `owed-*`).
    pub owed: String,
    /// The rule that was breached (texts `rule-*`).
    pub rule: Option<String>,
    /// 信督 number.
    pub document_number: Option<String>,
    /// Issued (ISO).
    pub issued_on: Option<String>,
    /// By when a reply is owed (ISO).
    pub due_on: Option<String>,
    /// The day for the reply has passed without one.
    pub late: bool,
    /// Why the last reply was sent back (texts `send-back-*`).
    pub sent_back: Option<String>,
    /// Replies, each with its page.
    pub replies: Vec<Link>,
    /// The form that confirms a draft.
    pub issue: Option<IssueForm>,
    /// The form that drops a draft.
    pub dismiss: Option<CommandForm>,
    /// The form that judges a reply.
    pub judge: Option<JudgeForm>,
    /// The agency's form that takes it in hand.
    pub acknowledge: Option<CommandForm>,
    /// The agency's form that replies.
    pub reply: Option<ReplyForm>,
    /// The office records it from the agency's paper: each form asks for the scan.
    pub on_paper: bool,
}

/// 发督办函
#[derive(Clone, Debug, Default, Serialize)]
pub struct IssueForm {
    /// Where it goes.
    pub form: CommandForm,
    /// Hidden: the matter.
    pub matter_id: String,
    /// Hidden: the assignment.
    pub assignment_id: String,
    /// Hidden: the draft that is confirmed; empty for an order without one.
    pub order_id: String,
    /// Causes (texts `cause-*`).
    pub causes: Vec<Choice>,
    /// What is owed (texts `owed-*`).
    pub owed: Vec<Choice>,
    /// By when the agency replies.
    pub due_on: Field,
}

/// 审核回复
#[derive(Clone, Debug, Default, Serialize)]
pub struct JudgeForm {
    /// Where it goes.
    pub form: CommandForm,
    /// Reasons (texts `send-back-*`).
    pub reasons: Vec<Choice>,
    /// By when the agency replies anew.
    pub due_on: Field,
}

/// 回复督办函
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReplyForm {
    /// Where it goes.
    pub form: CommandForm,
    /// What was done, and what proves it.
    pub text: Field,
}
