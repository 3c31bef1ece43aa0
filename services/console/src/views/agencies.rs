//! 单位名录: the list, one entry with its forms, and the cases that ended agencies leave.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    form::{Choice, CommandForm, Field},
};

/// The register.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AgenciesPage {
    /// The frame.
    pub chrome: Chrome,
    /// Whether this person keeps the register.
    pub may_keep: bool,
    /// Whether this person hands cases on.
    pub may_route: bool,
    /// The entries.
    pub rows: Vec<AgencyRow>,
    /// The page after this one.
    pub next_href: Option<String>,
}

impl Page for AgenciesPage {
    const TEMPLATE: &'static str = "agencies.html";
}

/// One entry in the list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AgencyRow {
    /// Its page.
    pub href: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its level (texts `level-*`).
    pub level: String,
    /// Where it sits.
    pub region: String,
    /// Where it works (texts `agency-site-*`).
    pub site: String,
    /// Whether it exists (texts `agency-life-*`): `now`, `later`, `ending`, `ended`.
    pub life: String,
    /// From when (ISO).
    pub valid_from: String,
    /// Until when (ISO).
    pub valid_to: Option<String>,
    /// Who has its functions afterwards, named.
    pub successors: Vec<String>,
}

/// One entry.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AgencyPage {
    /// The frame.
    pub chrome: Chrome,
    /// The entry, in short.
    pub agency: AgencyRow,
    /// Facts without a form: texts `agency-*` and values.
    pub facts: Vec<(String, String)>,
    /// Its end.
    pub ending: Option<EndingView>,
    /// What may be changed, for who keeps the register.
    pub form: Option<EntryForm>,
    /// It was tried and refused: shown open.
    pub change_open: bool,
    /// Its end, to be stated.
    pub end: Option<EndForm>,
    /// The same of its end.
    pub end_open: bool,
}

impl Page for AgencyPage {
    const TEMPLATE: &'static str = "agency.html";
}

/// The end of an agency.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EndingView {
    /// How (texts `agency-end-*`).
    pub kind: String,
    /// Its last day (ISO).
    pub last_on: String,
    /// The document.
    pub ground: String,
    /// Who has what, a line each.
    pub shares: Vec<String>,
}

/// A new entry.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewAgencyPage {
    /// The frame.
    pub chrome: Chrome,
    /// Its form.
    pub form: EntryForm,
}

impl Page for NewAgencyPage {
    const TEMPLATE: &'static str = "agency_new.html";
}

/// What is said of an agency.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EntryForm {
    /// Where to.
    pub command: CommandForm,
    /// Its code; asked once.
    pub code: Option<Field>,
    /// Where it works (texts `agency-site-*`); asked once.
    pub sites: Vec<Choice>,
    /// Name in Chinese.
    pub name_zh: Field,
    /// Name in English.
    pub name_en: Field,
    /// Levels (texts `level-*`).
    pub levels: Vec<Choice>,
    /// Regions, named.
    pub regions: Vec<Choice>,
    /// The unit above it, named.
    pub superiors: Vec<Choice>,
    /// Why that unit cannot be.
    pub superior_problem: Option<String>,
    /// 系统.
    pub line: Field,
    /// 机关代字.
    pub doc_prefix: Field,
    /// The unit that reviews.
    pub review_unit: Field,
    /// Works at a screen.
    pub computer: bool,
    /// From when (ISO).
    pub valid_from: Field,
    /// What it answers for: a region and its categories a line.
    pub competence: Field,
    /// Telephone of its desk.
    pub telephone: Field,
    /// Mailbox of its desk.
    pub email: Field,
}

/// How it ends.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EndForm {
    /// Where to.
    pub command: CommandForm,
    /// How (texts `agency-end-*`).
    pub kinds: Vec<Choice>,
    /// Its last day (ISO).
    pub last_on: Field,
    /// The document.
    pub ground: Field,
    /// Who has what: a code, then categories and regions, a line each.
    pub successors: Field,
}

/// 待改派: cases that ending agencies hold.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CasesPage {
    /// The frame.
    pub chrome: Chrome,
    /// The cases.
    pub rows: Vec<CaseRow>,
    /// The page after this one.
    pub next_href: Option<String>,
}

impl Page for CasesPage {
    const TEMPLATE: &'static str = "agency_cases.html";
}

/// One case.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CaseRow {
    /// The matter's id.
    pub id: String,
    /// The matter's page.
    pub href: String,
    /// Its number; of an accusation its id.
    pub number: String,
    /// Who holds it, named.
    pub agency: String,
    /// Its last day (ISO).
    pub last_on: String,
    /// Whether that day has passed.
    pub ended: bool,
    /// Where the assignment stands (texts `assignment-state-*`).
    pub state: String,
    /// Who has the function now, named.
    pub successors: Vec<String>,
    /// The hand-over; none of a co-agency's part, which is released and asked anew on the page of co-agencies.
    pub form: Option<CaseForm>,
    /// The page of co-agencies, for a part.
    pub co_href: Option<String>,
}

/// The hand-over of one case.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CaseForm {
    /// Where to.
    pub command: CommandForm,
    /// Agencies, named; the proposed one is chosen when it is the only one.
    pub agencies: Vec<Choice>,
    /// What is wrong with the choice.
    pub agency_problem: Option<String>,
    /// 办理期限 (ISO): then it is a 交办.
    pub limit_on: Field,
}
