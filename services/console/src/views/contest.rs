//! 异议核实 and 指定管辖: the office answers a refusal; others decide a dispute, the office records it.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    co::CoFields,
    due::Due,
    form::{Choice, CommandForm, Field},
    matter::{MatterHead, ObjectionLine},
};

/// The page of an open objection.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ObjectionPage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the matter.
    pub back_href: String,
    /// The matter.
    pub matter: MatterHead,
    /// Who objects.
    pub agency: String,
    /// 信转 or 信交 number.
    pub document_number: String,
    /// Objections of this assignment, the open one last.
    pub objections: Vec<ObjectionLine>,
    /// The letter with the reasons; opening it is logged.
    pub letter_href: String,
    /// T03, which goes on.
    pub due: Option<Due>,
    /// Refusals of the matter so far.
    pub bounces: i64,
    /// Why this person cannot agree, in the page's language.
    pub uphold_barred: Option<String>,
    /// 同意.
    pub uphold: RulingForm,
    /// 不同意.
    pub reject: RulingForm,
}

impl Page for ObjectionPage {
    const TEMPLATE: &'static str = "objection.html";
}

/// One of the two answers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RulingForm {
    /// Where to.
    pub command: CommandForm,
    /// Reasons (texts `ruling-reason-*`).
    pub reasons: Vec<Choice>,
    /// No reason was chosen, in the page's language.
    pub reason_problem: Option<String>,
    /// The office's own words; they stay in routing.
    pub note: Field,
}

/// The page of a dispute.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CompetencePage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the matter.
    pub back_href: String,
    /// The matter.
    pub matter: MatterHead,
    /// Who refused.
    pub refused: Vec<String>,
    /// Since when (ISO).
    pub raised_on: String,
    /// The common superior; none when the joint conference decides.
    pub superior: Option<String>,
    /// Where to.
    pub command: CommandForm,
    /// 主办, named.
    pub leads: Vec<Choice>,
    /// The lead is missing or refused, in the page's language.
    pub lead_problem: Option<String>,
    /// 办理期限 (ISO).
    pub due_on: Field,
    /// The resolution's id; asked for where the conference decides.
    pub resolution: Option<Field>,
    /// Number of the written decision.
    pub document_number: Field,
    /// A member's dissent is on record.
    pub dissent: bool,
    /// 协办.
    pub co: CoFields,
}

impl Page for CompetencePage {
    const TEMPLATE: &'static str = "competence.html";
}
