//! 系统建议: learned versions, what they were compared with, and whether people take what is proposed.

use serde::Serialize;

use super::{
    Page,
    chrome::Chrome,
    form::{CommandForm, Field},
};

/// The page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SuggestionsPage {
    /// The frame.
    pub chrome: Chrome,
    /// What stands in the way of what was tried, in the page's language.
    pub problem: Option<String>,
    /// Category and agency.
    pub kinds: Vec<KindView>,
    /// Asks for learning.
    pub learn: CommandForm,
    /// It is under way.
    pub learning: bool,
    /// New confirmations since the last learning.
    pub fresh: i64,
    /// So many are learned from by themselves; 0: never.
    pub learns_after: i64,
    /// The first day of the period (ISO).
    pub from: Field,
    /// Its last day (ISO).
    pub to: Field,
    /// By category.
    pub rows: Vec<AgreementRow>,
    /// Of agencies.
    pub agencies: AgreementRow,
}

impl Page for SuggestionsPage {
    const TEMPLATE: &'static str = "suggestions.html";
}

/// One kind of proposals.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KindView {
    /// `category` or `agency` (texts `suggestion-kind-*`).
    pub kind: String,
    /// Who proposes (texts `suggestion-state-*`): `learned`, `rules`, `off`, `damaged`.
    pub state: String,
    /// The version in use.
    pub in_use: Option<i64>,
    /// The newest versions.
    pub versions: Vec<VersionView>,
    /// How the last learning ended (texts `learning-end-*`).
    pub ended: Option<String>,
    /// When (ISO).
    pub ended_on: Option<String>,
    /// Confirmed matters that there were then.
    pub ended_texts: i64,
    /// Switches it off, or on again (texts `suggestion-do-*`).
    pub switch: Option<SwitchForm>,
    /// Goes back to the version before.
    pub back: Option<SwitchForm>,
}

/// A button.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SwitchForm {
    /// Where to.
    pub command: CommandForm,
    /// `off`, `on` or `back`.
    pub switch: String,
}

/// One version.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VersionView {
    /// Its number.
    pub number: i64,
    /// It is the one in use.
    pub in_use: bool,
    /// It took over when it was made.
    pub taken: bool,
    /// Confirmed matters that it learned from.
    pub texts: i64,
    /// On matters that it had not seen.
    pub figures: FiguresView,
    /// What the rules alone get right, on the same.
    pub rules: Option<String>,
    /// The version in use then, on the same.
    pub before: Option<FiguresView>,
}

/// Figures in percent, with one decimal.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FiguresView {
    /// Matters it was tried on.
    pub texts: i64,
    /// The first is right.
    pub first: String,
    /// The right one is among three.
    pub three: String,
    /// By how much the confidence misses.
    pub off: String,
}

/// What became of proposals.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AgreementRow {
    /// The category's name.
    pub name: String,
    /// Proposed first.
    pub proposed: i64,
    /// Taken.
    pub taken: i64,
    /// Decided otherwise.
    pub overruled: i64,
    /// Nothing was proposed.
    pub without: i64,
    /// Taken of proposed, in percent.
    pub share: Option<i64>,
}
