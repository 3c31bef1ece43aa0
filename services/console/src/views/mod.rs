//! What people see: one plain view struct and one template per page, the Fluent texts, the style
//! sheets. A view holds strings, numbers, ISO dates and code words; the template words and lays it out.
//! Nothing here loads data, decides, or knows HTTP.
//!
//! A view never has a field that counts a person's petitions, grades a petitioner, or names one
//! outside the sealed panel that a stated purpose has opened (domain.md section 5).

pub mod account;
pub mod agencies;
pub mod assets;
pub mod board;
pub mod chrome;
pub mod co;
pub mod contest;
pub mod due;
mod embedded;
pub mod form;
pub mod like;
pub mod matter;
pub mod meeting;
pub mod notices;
pub mod on_behalf;
pub mod portal;
pub mod print;
pub mod problem;
pub mod register;
pub mod restricted;
pub mod reveal;
pub mod screening;
pub mod status;
pub mod steps;
pub mod suggestions;
pub mod supervision;
pub mod task;
#[cfg(test)]
mod tests;
pub mod webhooks;

use std::sync::Arc;

use serde::Serialize;
use web::{Assets, PageError, Pages, Texts, TextsError};

pub use embedded::{TEMPLATES, TEXTS};

/// A whole page: the view is the template's context.
pub trait Page: Serialize {
    /// The template's name under `templates/`.
    const TEMPLATE: &'static str;
}

/// The console's texts.
///
/// # Errors
/// When a source does not parse: a bug, which a test finds first.
pub fn texts() -> Result<Texts, TextsError> {
    Texts::try_new(TEXTS)
}

/// The console's files, for their addresses and their route.
#[must_use]
pub fn assets() -> Assets {
    Assets::new(&assets::find)
}

/// The console's templates, compiled in both languages.
///
/// # Errors
/// When one does not compile or asks for an unknown text: a bug, which a test finds first.
pub fn pages(texts: Arc<Texts>, assets: Assets) -> Result<Pages, PageError> {
    Pages::builder(texts).templates(TEMPLATES).assets(assets).build()
}
