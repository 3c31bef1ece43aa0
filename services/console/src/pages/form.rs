//! Forms: one piece builds what every page's form is made of. First shown it holds what the page proposes;
//! after a refusal it holds what was typed, the refusal beside its field, or above the form when it has none.

use axum::response::{Html, IntoResponse, Response};
use kernel::Refusal;

use super::{Visit, fresh_key, typed::Typed};
use crate::views::form::{Choice, CommandForm, Field};

/// A form on its way to a page.
#[derive(Clone, Copy)]
pub struct Draft<'d> {
    visit: &'d Visit,
    /// Fields that stand in the form; a refusal about any other is said above it.
    fields: &'d [&'d str],
    typed: Option<&'d Typed>,
    refusal: Option<&'d Refusal>,
}

impl<'d> Draft<'d> {
    /// A form that is shown for the first time.
    pub const fn new(visit: &'d Visit, fields: &'d [&'d str]) -> Self {
        Self { visit, fields, typed: None, refusal: None }
    }

    /// Holds what was typed.
    #[must_use]
    pub const fn typed(self, typed: Option<&'d Typed>) -> Self {
        Self { typed, ..self }
    }

    /// Says what stands in the way.
    #[must_use]
    pub const fn refused(self, refusal: Option<&'d Refusal>) -> Self {
        Self { refusal, ..self }
    }

    /// Holds what was typed and says why it was refused.
    #[must_use]
    pub fn tried(self, tried: Option<(&'d Typed, &'d Refusal)>) -> Self {
        self.typed(tried.map(|(typed, _)| typed)).refused(tried.map(|(_, refusal)| refusal))
    }

    /// Where the form is sent, with its key and what is wrong with the whole of it. `version` is that of the
    /// thing the person looks at.
    pub fn command(&self, href: impl Into<String>, version: Option<i64>) -> CommandForm {
        let stands = |refusal: &&Refusal| refusal.field.as_deref().is_some_and(|f| self.fields.contains(&f));
        let key = self.typed.and_then(|typed| typed.some("key"));
        CommandForm {
            href: href.into(),
            key: key.unwrap_or_else(|| fresh_key(&self.visit.site.deps.mint)),
            version: version.map(|version| version.to_string()).unwrap_or_default(),
            problem: self.refusal.filter(|refusal| !stands(refusal)).map(|refusal| self.say(refusal)),
        }
    }

    fn say(&self, refusal: &Refusal) -> String {
        refusal.text(self.visit.language.is_english())
    }

    /// What is wrong with a field.
    pub fn about(&self, field: &str) -> Option<String> {
        let refusal = self.refusal.filter(|refusal| refusal.field.as_deref() == Some(field))?;
        Some(self.say(refusal))
    }

    /// What a field holds: as typed, else `first`.
    pub fn value(&self, name: &str, first: &str) -> String {
        self.typed.map_or(first, |typed| typed.get(name)).to_owned()
    }

    /// Every value of a field, as typed.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.typed.map(|typed| typed.all(name).map(str::to_owned).collect()).unwrap_or_default()
    }

    /// An input whose refusal names it as the form does.
    pub fn field(&self, name: &str, first: &str) -> Field {
        self.field_at(name, first, name)
    }

    /// An input that the command knows as `at`.
    pub fn field_at(&self, name: &str, first: &str, at: &str) -> Field {
        Field { value: self.value(name, first), problem: self.about(at), warning: None }
    }

    /// A password: what was typed never comes back.
    pub fn secret(&self, name: &str) -> Field {
        Field { problem: self.about(name), ..Field::default() }
    }

    /// Code words of which one is chosen.
    pub fn codes(
        &self,
        name: &str,
        codes: impl IntoIterator<Item = &'static str>,
        first: &str,
    ) -> Vec<Choice> {
        let chosen = self.value(name, first);
        codes.into_iter().map(|code| Choice::code(code, code == chosen)).collect()
    }
}

/// A page with a form as an answer: when it was refused, the status says so and the page says why.
pub fn answer(page: Html<String>, refusal: Option<&Refusal>) -> Response {
    let status = refusal.map(|refusal| axum::http::StatusCode::from_u16(refusal.kind.status()));
    match status {
        Some(status) => {
            (status.unwrap_or(axum::http::StatusCode::UNPROCESSABLE_ENTITY), page).into_response()
        }
        None => page.into_response(),
    }
}

/// A field that holds what no select or date input of ours sends.
pub fn malformed(field: &str) -> Refusal {
    web::errors::MALFORMED_INPUT.refuse().at(field)
}
