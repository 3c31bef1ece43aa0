//! 甄别 and 转送 / 交办 / 撤回: a person decides; what the rules propose comes with its reason.

use serde::Serialize;

use super::{
    Page,
    chrome::{Chrome, Link},
    co::CoFields,
    due::Due,
    form::{Choice, CommandForm, Field},
    matter::{ClaimView, MatterHead},
    reveal::RevealPanel,
};

/// The screening page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ScreeningPage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the matter.
    pub back_href: String,
    /// The matter.
    pub matter: MatterHead,
    /// Its claims.
    pub claims: Vec<ClaimView>,
    /// The office's own limit.
    pub due: Option<Due>,
    /// Sealed text.
    pub content: Option<RevealPanel>,
    /// What the rules propose.
    pub proposal: Proposal,
    /// What the person decides.
    pub form: ScreeningForm,
    /// 检举控告: names the units that must never get it.
    pub name_accused: Option<NameAccusedForm>,
}

impl Page for ScreeningPage {
    const TEMPLATE: &'static str = "screening.html";
}

/// A proposal, never a decision.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Proposal {
    /// Content classes, best first; empty when the rules are not sure.
    pub categories: Vec<ProposedCode>,
    /// Agencies, best first; likewise.
    pub agencies: Vec<ProposedCode>,
    /// An open matter that this may repeat.
    pub repeat_of: Option<Link>,
}

/// One proposed class or agency.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProposedCode {
    /// Its name.
    pub name: String,
    /// In percent.
    pub confidence: u32,
    /// Why.
    pub reasons: Vec<ProposalReason>,
    /// Passages of the masked text that speak for it.
    pub terms: Vec<String>,
    /// Earlier matters like it that were decided so; only such as this person may open.
    pub earlier: Vec<Link>,
}

/// One reason of a proposal.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProposalReason {
    /// `keyword`, `region`, `category_line`, `level`, `purpose`, `learned`, `outside`, `off_line` (texts `reason-*`).
    pub rule: String,
    /// The catalogue's keyword, the region's name, the competence line, the version's number.
    pub detail: String,
}

/// The decision.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ScreeningForm {
    /// Where to.
    pub command: CommandForm,
    /// The class that stood first before the person; empty when nothing was proposed.
    pub seen_category: String,
    /// The agency, likewise.
    pub seen_agency: String,
    /// Content classes, named, grouped by the template's order.
    pub categories: Vec<Choice>,
    /// The class is missing or wrong, in the page's language.
    pub category_problem: Option<String>,
    /// Purposes (texts `purpose-*`).
    pub purposes: Vec<Choice>,
    /// Routes (texts `route-*`).
    pub routes: Vec<Choice>,
    /// The route is missing, in the page's language.
    pub route_problem: Option<String>,
    /// `city`, `county`, `township` (texts `level-*`).
    pub levels: Vec<Choice>,
    /// `forward`, `assign` or `later` (texts `mode-*`, hints `mode-hint-*`).
    pub modes: Vec<Choice>,
    /// Agencies, named; those the guard excludes are barred with the reason.
    pub agencies: Vec<Choice>,
    /// The agency is missing or refused, in the page's language.
    pub agency_problem: Option<String>,
    /// 交办 only: the limit (ISO).
    pub limit_on: Field,
    /// Why a unit that had refused the matter gets it again; asked for where one has.
    pub override_reason: Option<Field>,
    /// 协办.
    pub co: CoFields,
}

/// Units an accusation must never reach, told by the officer who opened it (Art. 30).
#[derive(Clone, Debug, Default, Serialize)]
pub struct NameAccusedForm {
    /// Where to.
    pub command: CommandForm,
    /// Agencies, named; those already named are chosen and barred from being taken back.
    pub agencies: Vec<Choice>,
}

/// 撤回: takes a wrong forward back before it is accepted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RecallPage {
    /// The frame.
    pub chrome: Chrome,
    /// Back to the matter.
    pub back_href: String,
    /// The matter.
    pub matter: MatterHead,
    /// The agency that holds it.
    pub agency: String,
    /// 信转 or 信交 number.
    pub document_number: String,
    /// When it was sent (ISO).
    pub sent_on: String,
    /// Whether that agency has signed for it.
    pub signed: bool,
    /// Where to.
    pub command: CommandForm,
    /// `wrong_agency`, `wrong_category`, `duplicate`, `other` (texts `recall-reason-*`).
    pub reasons: Vec<Choice>,
    /// No reason was chosen, in the page's language.
    pub reason_problem: Option<String>,
}

impl Page for RecallPage {
    const TEMPLATE: &'static str = "recall.html";
}
