//! The public door: look-up by number and query code. Both are needed; a name finds nothing.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    due::Due,
    form::{CommandForm, Field},
    reveal::Read,
};

/// The look-up form, the portal's first page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LookupPage {
    /// The frame.
    pub chrome: Chrome,
    /// Where to.
    pub command: CommandForm,
    /// The public number.
    pub number: Field,
    /// The query code.
    pub query_code: Field,
    /// The public registration form.
    pub register_href: String,
    /// Staff sign-in.
    pub login_href: String,
}

impl Page for LookupPage {
    const TEMPLATE: &'static str = "portal_lookup.html";
}

/// What a petitioner sees of the own matter.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LookupResultPage {
    /// The frame.
    pub chrome: Chrome,
    /// The public number.
    pub number: String,
    /// State (texts `state-*`).
    pub state: String,
    /// The unit that holds it now.
    pub holder: Option<String>,
    /// What was reached, the oldest first.
    pub milestones: Vec<Milestone>,
    /// What comes next, and by when.
    pub next: Option<NextStep>,
    /// 查阅记录: which unit opened the file.
    pub reads: Vec<Read>,
    /// Back to the look-up.
    pub back_href: String,
}

impl Page for LookupResultPage {
    const TEMPLATE: &'static str = "portal_result.html";
}

/// One public milestone (domain.md section 6).
#[derive(Clone, Debug, Default, Serialize)]
pub struct Milestone {
    /// `registered`, `forwarded`, `assigned`, `delivered`, `accepted`, `diverted`, `refused`,
    /// `extended`, `opinion`, `served`, `closed` (texts `milestone-*`).
    pub code: String,
    /// The day (ISO).
    pub on: String,
    /// The unit.
    pub unit: String,
    /// Number of the paper sent to the petitioner.
    pub document_number: Option<String>,
    /// What kind of notice (texts `notice-kind-*`).
    pub notice: Option<String>,
}

/// What is owed next.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NextStep {
    /// `screen`, `notify`, `answer`, `serve`, `review` (texts `next-step-*`).
    pub code: String,
    /// Who owes it.
    pub unit: String,
    /// By when.
    pub due: Option<Due>,
}
