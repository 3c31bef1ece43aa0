//! The steps of an agency as forms; the agency fills them in itself, or the office from its paper.

use serde::Serialize;

use super::{
    due::Due,
    form::{Choice, CommandForm, Field},
};

/// 签收.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SignForm {
    /// Where to.
    pub command: CommandForm,
}

/// 受理告知 (T03): tells the petitioner receipt, route and procedure; T06 starts.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AcceptanceForm {
    /// Where to.
    pub command: CommandForm,
    /// 受理之日 (ISO).
    pub accepted_on: Field,
    /// Route and procedure, as told to the petitioner.
    pub notice: Field,
    /// Handler named in the notice.
    pub handler: Field,
    /// Telephone named in the notice.
    pub telephone: Field,
    /// The limit that will begin.
    pub due_after: Option<Due>,
}

/// 异议 (Art. 23): not this unit's to handle.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ObjectionForm {
    /// Where to.
    pub command: CommandForm,
    /// The day it is lodged (ISO).
    pub objected_on: Field,
    /// Detailed reasons.
    pub reasons: Field,
    /// The clause of the unit's own duties.
    pub own_duties: Field,
    /// Units that may be held for competent, named.
    pub proposed: Vec<Choice>,
    /// What is wrong with the choice, in the page's language.
    pub proposed_problem: Option<String>,
    /// T04.
    pub due: Option<Due>,
}

/// 延期 (Art. 34).
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExtensionForm {
    /// Where to.
    pub command: CommandForm,
    /// Days added.
    pub days: Field,
    /// Why, as told to the petitioner.
    pub reason: Field,
    /// Name and post of the head.
    pub approver: Field,
    /// T06 as it runs.
    pub due: Option<Due>,
}

/// 信访处理意见书 (Art. 32).
#[derive(Clone, Debug, Default, Serialize)]
pub struct OpinionForm {
    /// Where to.
    pub command: CommandForm,
    /// One answer for each claim.
    pub answers: Vec<ClaimAnswer>,
    /// Others give a part to this answer.
    pub parts_here: bool,
    /// Units whose part is missing, named: nothing is issued before (Art. 24).
    pub waiting: Vec<String>,
    /// Where the text is opened from beside a claim (POST, logged); `None` where it is not to be had here.
    pub open_href: Option<String>,
    /// Facts found, with time and place.
    pub facts: Field,
    /// Law or policy.
    pub basis: Field,
    /// The unit that reviews (next higher).
    pub review_unit: Field,
    /// The signer's name and post.
    pub signer: Field,
}

/// 协办意见 (Art. 24): this unit's part, for the lead.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PartForm {
    /// Where to.
    pub command: CommandForm,
    /// One answer for each claim that was asked about.
    pub answers: Vec<ClaimAnswer>,
    /// Where the text is opened from beside a claim (POST, logged); `None` where it is not to be had here.
    pub open_href: Option<String>,
    /// Facts found, with time and place.
    pub facts: Field,
    /// Law or policy.
    pub basis: Field,
    /// The signer's name and post.
    pub signer: Field,
    /// Whether this person sends it: the head, or the office from the head's paper.
    pub may_send: bool,
    /// Where a draft of it is kept; `None` where none is.
    pub draft_href: Option<String>,
}

/// The answer to one claim.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ClaimAnswer {
    /// Its number, part of the field names: `outcome-1`, `opinion-1`.
    pub no: u32,
    /// It in the petitioner's words, once the text was opened; sent along, so that it stays.
    pub text: Option<String>,
    /// `supported`, `reasonable_no_basis`, `not_supported` (texts `outcome-*`).
    pub outcomes: Vec<Choice>,
    /// The outcome is missing, in the page's language.
    pub outcome_problem: Option<String>,
    /// The opinion on it.
    pub opinion: Field,
}

/// 送达回证.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ServiceForm {
    /// Where to.
    pub command: CommandForm,
    /// `in_person`, `mail`, `electronic`, `left`, `notice`, `entrusted` (texts `service-way-*`).
    pub ways: Vec<Choice>,
    /// No way was chosen, in the page's language.
    pub way_problem: Option<String>,
    /// Served (ISO); T07 counts from here.
    pub served_on: Field,
    /// What proves it: posting number, who signed, witnesses.
    pub proof: Field,
}

/// 办结.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CloseForm {
    /// Where to.
    pub command: CommandForm,
    /// Close codes that are possible now (texts `close-*`).
    pub codes: Vec<Choice>,
    /// No code was chosen, in the page's language.
    pub code_problem: Option<String>,
    /// 办结报告: owed under a 交办.
    pub report: Field,
    /// Whether it is owed.
    pub report_owed: bool,
}

/// The one form that is to be filled in, by kind. The template picks it by `step`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "step", content = "form", rename_all = "snake_case")]
pub enum StepForm {
    /// 签收.
    Sign(SignForm),
    /// 受理告知.
    NotifyAcceptance(Box<AcceptanceForm>),
    /// 异议.
    Object(Box<ObjectionForm>),
    /// 延期.
    Extend(Box<ExtensionForm>),
    /// 处理意见.
    IssueOpinion(Box<OpinionForm>),
    /// 送达.
    RecordService(ServiceForm),
    /// 办结.
    Close(CloseForm),
    /// 协办意见.
    AnswerCo(Box<PartForm>),
}
