//! 开启: sealed text or identity is shown only after the person has said what for, and the page says
//! that the read is on record before it is made.

use serde::Serialize;

use super::form::{Choice, CommandForm};

/// The panel of one sealed thing: closed with its form, or open.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RevealPanel {
    /// `text` (title, text, claims) or `contact` (names and contact); also part of the panel's element id.
    pub what: String,
    /// How to open it; `None` when this person may not.
    pub form: Option<CommandForm>,
    /// What for (texts `read-purpose-*`).
    pub purposes: Vec<Choice>,
    /// The purpose is missing or not allowed, in the page's language.
    pub purpose_problem: Option<String>,
    /// It is open for this one page.
    pub opened: Option<Opened>,
    /// Units that have opened it before.
    pub reads: Vec<Read>,
}

/// What was opened, for this one answer; the page is not stored.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Opened {
    /// The purpose that was stated.
    pub purpose: String,
    /// When it was logged (RFC 3339).
    pub at: String,
    /// The petition's text.
    pub text: Option<String>,
    /// Each claim in the petitioner's words.
    pub claims: Vec<String>,
    /// The petitioners, when identity was asked for.
    pub petitioners: Vec<PetitionerView>,
    /// Attached papers.
    pub attachments: Vec<AttachmentView>,
}

/// A petitioner, unsealed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PetitionerView {
    /// Name.
    pub name: String,
    /// Telephone.
    pub telephone: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// The number, masked but for its last four, unless the purpose needs it.
    pub id_number: Option<String>,
}

/// One attached file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AttachmentView {
    /// Its name as uploaded; sealed with the rest.
    pub label: String,
    /// Where to fetch it.
    pub href: String,
    /// Media type.
    pub media_type: String,
    /// Size in bytes.
    pub size: u64,
}

/// One earlier read, as the petitioner may see it too: the unit, not the person.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Read {
    /// The unit that read.
    pub unit: String,
    /// What: `text`, `contact` or `attachment` (texts `part-*`).
    pub what: String,
    /// Its purpose (texts `read-purpose-*`).
    pub purpose: String,
    /// When (RFC 3339).
    pub at: String,
}
