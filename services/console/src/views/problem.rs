//! The page of a refusal or a failure: what happened, who acts, what next, by which article.

use serde::Serialize;

use super::{Page, chrome::Chrome};

/// The error page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProblemPage {
    /// The frame.
    pub chrome: Chrome,
    /// HTTP status.
    pub status: u16,
    /// `invalid`, `unauthenticated`, `forbidden`, `not_found`, `conflict`, `not_here_yet`, `too_large`,
    /// `too_many`, `unavailable`, `internal` (texts `problem-*`, what next `problem-next-*`).
    pub kind: String,
    /// Stable code.
    pub code: String,
    /// What happened, in the page's language.
    pub text: String,
    /// `sender`, `petitioner`, `office`, `agency`, `administrator`, `operator` (texts `acts-*`).
    pub acts: String,
    /// The article.
    pub article: Option<String>,
    /// The state that forbade it (texts `state-*`).
    pub state: Option<String>,
    /// Trace id: what to tell the operator.
    pub reference: Option<String>,
    /// Where to go back to.
    pub back_href: String,
}

impl Page for ProblemPage {
    const TEMPLATE: &'static str = "problem.html";
}
