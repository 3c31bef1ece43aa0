//! 主办与协办 (Art. 24): who gives the lead a part, by when, and the forms that ask for one.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    form::{Choice, CommandForm, Field},
    matter::MatterHead,
};

/// The co-agencies of a hand-over, a line each; a line without an agency counts for nothing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CoFields {
    /// The lines.
    pub lines: Vec<CoLine>,
    /// Whether the fold stands open: something was typed.
    pub open: bool,
}

/// One co-agency as a form asks for it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CoLine {
    /// Its number, part of the field names: `co_agency-1`.
    pub no: u32,
    /// Agencies, named.
    pub agencies: Vec<Choice>,
    /// What is wrong with the choice, in the page's language.
    pub agency_problem: Option<String>,
    /// The internal limit (ISO).
    pub due_on: Field,
    /// Claims by number; none ticked means all.
    pub claims: Vec<Choice>,
    /// What is wrong with them, in the page's language.
    pub claims_problem: Option<String>,
    /// What is asked for (texts `co-task-*`).
    pub tasks: Vec<Choice>,
    /// May open the contact.
    pub with_identity: bool,
    /// Whether the contact could go with it at all.
    pub identity_possible: bool,
}

/// One part, as the office or the lead sees it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PartLine {
    /// The co-agency.
    pub agency: String,
    /// Number of its assignment.
    pub no: u32,
    /// Its internal limit (ISO).
    pub due_on: String,
    /// Past that day and still awaited.
    pub late: bool,
    /// `awaited`, `answered`, `released` (texts `co-state-*`).
    pub state: String,
    /// The day it came, or the unit was released (ISO).
    pub on: Option<String>,
    /// Why it was released (texts `co-released-*`).
    pub released: Option<String>,
    /// Claims it is asked about.
    pub claims: Vec<u32>,
    /// What is asked for (texts `co-task-*`).
    pub task: Option<String>,
    /// Its answer to each claim.
    pub outcomes: Vec<PartOutcome>,
    /// Where its text is opened; logged.
    pub href: Option<String>,
    /// Releases it.
    pub release: Option<ReleaseForm>,
}

/// The outcome that a part gives one claim.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PartOutcome {
    /// The claim.
    pub no: u32,
    /// The outcome (texts `outcome-*`).
    pub outcome: String,
}

/// 解除协办
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReleaseForm {
    /// Where to.
    pub command: CommandForm,
    /// Reasons (texts `co-released-*`).
    pub reasons: Vec<Choice>,
}

/// 增加协办
#[derive(Clone, Debug, Default, Serialize)]
pub struct AddForm {
    /// Where to.
    pub command: CommandForm,
    /// Who, by when, on what.
    pub line: CoLine,
    /// Why it is asked although its refusal stands.
    pub override_reason: Field,
}

/// The page of a matter's co-agencies.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CoPage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the matter.
    pub back_href: String,
    /// The matter.
    pub matter: MatterHead,
    /// 主办
    pub lead: String,
    /// The parts, in the order of their numbers.
    pub parts: Vec<PartLine>,
    /// What stands in the way of the last release, in the page's language.
    pub release_problem: Option<String>,
    /// Asks one more; absent once the lead has answered.
    pub add: Option<AddForm>,
}

impl Page for CoPage {
    const TEMPLATE: &'static str = "co.html";
}
