//! 检举控告: a plain list without search, for the restricted officer alone.

use serde::Serialize;

use super::{Page, chrome::Chrome, due::Due};

/// The restricted queue.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RestrictedPage {
    /// The frame.
    pub chrome: Chrome,
    /// Open accusations, the earliest due first.
    pub rows: Vec<RestrictedRow>,
    /// The page after this one.
    pub next_href: Option<String>,
}

impl Page for RestrictedPage {
    const TEMPLATE: &'static str = "restricted.html";
}

/// One accusation: no summary, no class, no unit.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RestrictedRow {
    /// Its page.
    pub href: String,
    /// The matter's id; an accusation is not named by its number in a list.
    pub matter_id: String,
    /// First receipt (ISO).
    pub received_on: String,
    /// State (texts `state-*`).
    pub state: String,
    /// The office's limit.
    pub due: Option<Due>,
}
