//! Texts as people type them: trimmed, not empty, not too long.

use kernel::Refusal;

use crate::error;

/// A text that is owed. `lines`: whether it may have several.
///
/// # Errors
/// `conference_field_owed`, `conference_field_too_long`.
pub fn owed(text: &str, most: usize, field: &str, lines: bool) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(error::TEXT_OWED.refuse().at(field).with("field", field));
    }
    let control = |c: char| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'));
    if text.chars().count() > most || text.chars().any(control) {
        return Err(error::TEXT_TOO_LONG.refuse().at(field).with("field", field).with("most", most));
    }
    Ok(text.to_owned())
}

/// Longest texts, in characters.
pub mod at_most {
    /// A title, a place, a name with a post.
    pub const LINE: usize = 80;
    /// A reason, an action, somebody's words.
    pub const PARAGRAPH: usize = 1_000;
    /// Facts as found.
    pub const PAGES: usize = 6_000;
}
