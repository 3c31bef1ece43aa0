//! Pieces of forms. What a person typed always comes back with what is wrong beside it: a field is its
//! value and its problem, and no form is ever shown empty again after a mistake.

use serde::Serialize;

/// One input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Field {
    /// What stands in it (ISO for dates).
    pub value: String,
    /// What is wrong, in the page's language; blocks.
    pub problem: Option<String>,
    /// What looks wrong, in the page's language; the person may confirm it.
    pub warning: Option<String>,
}

impl Field {
    /// A field that holds a value.
    #[must_use]
    pub fn of(value: impl Into<String>) -> Self {
        Self { value: value.into(), ..Self::default() }
    }

    /// Says what is wrong with it.
    #[must_use]
    pub fn wrong(mut self, problem: impl Into<String>) -> Self {
        self.problem = Some(problem.into());
        self
    }

    /// Says what looks wrong with it.
    #[must_use]
    pub fn doubtful(mut self, warning: impl Into<String>) -> Self {
        self.warning = Some(warning.into());
        self
    }
}

/// One option of a select, of radio buttons or of boxes to tick.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The value sent.
    pub code: String,
    /// The name, where it is data (an agency, a region); otherwise the template words the code.
    pub name: Option<String>,
    /// It is the one, or one of those, chosen.
    pub chosen: bool,
    /// Why it cannot be chosen, in the page's language.
    pub barred: Option<String>,
}

impl Choice {
    /// A code word that the template translates.
    #[must_use]
    pub fn code(code: impl Into<String>, chosen: bool) -> Self {
        Self { code: code.into(), chosen, ..Self::default() }
    }

    /// A code with its own name.
    #[must_use]
    pub fn named(code: impl Into<String>, name: impl Into<String>, chosen: bool) -> Self {
        Self { code: code.into(), name: Some(name.into()), chosen, barred: None }
    }
}

/// What every form that gives a command carries.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CommandForm {
    /// Where it is sent (POST).
    pub href: String,
    /// The idempotency key, minted when the form is first shown and kept through mistakes.
    pub key: String,
    /// The version of the thing the person looked at; empty where there is none yet.
    pub version: String,
    /// What stands in the way of the whole form, in the page's language.
    pub problem: Option<String>,
}
