//! How the suite says no: what was asked, in which state, why, by which article, and who acts next.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of no it is; doors map it to their own status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The input is wrong: field and rule are named.
    Invalid,
    /// Nobody is signed in, or the token is not valid.
    Unauthenticated,
    /// The actor may not do or see this.
    Forbidden,
    /// There is no such thing, or not for this actor.
    NotFound,
    /// The state forbids the event, or another writer was first.
    Conflict,
    /// The thing is known elsewhere and has not arrived here yet: try again.
    NotHereYet,
    /// Too large or too many.
    TooLarge,
    /// Too often.
    TooMany,
    /// The store or the bus is away; nothing was changed.
    Unavailable,
    /// Our fault.
    Internal,
}

impl ErrorKind {
    /// The HTTP status of this kind.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 422,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict | Self::NotHereYet => 409,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// Who can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhoActs {
    /// The person who typed it.
    Sender,
    /// The petitioner.
    Petitioner,
    /// A coordinator of the office.
    Office,
    /// The agency that holds the matter.
    Agency,
    /// An administrator of the place.
    Administrator,
    /// Whoever runs the machines.
    Operator,
}

/// One published refusal: its code never changes its meaning. `shared/web/ERRORS.md` lists all.
#[derive(Clone, Copy, Debug)]
pub struct ErrorDef {
    /// Stable code, `snake_case`.
    pub code: &'static str,
    /// The kind.
    pub kind: ErrorKind,
    /// Who can mend it.
    pub acts: WhoActs,
    /// The article it follows from, as `Art. 23`, if any.
    pub article: Option<&'static str>,
    /// What happened and what to do, in Chinese; `{name}` stands for a parameter.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

impl ErrorDef {
    /// A refusal of this kind.
    #[must_use]
    pub fn refuse(&self) -> Refusal {
        Refusal {
            code: Cow::Borrowed(self.code),
            kind: self.kind,
            acts: self.acts,
            article: self.article.map(Cow::Borrowed),
            zh: Cow::Borrowed(self.zh),
            en: Cow::Borrowed(self.en),
            field: None,
            state: None,
            event: None,
            params: BTreeMap::new(),
        }
    }
}

/// A refusal as it travels: complete in itself, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refusal {
    /// Stable code.
    pub code: Cow<'static, str>,
    /// The kind.
    pub kind: ErrorKind,
    /// Who can mend it.
    pub acts: WhoActs,
    /// The article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<Cow<'static, str>>,
    /// Template of the text, Chinese.
    pub zh: Cow<'static, str>,
    /// Template of the text, English.
    pub en: Cow<'static, str>,
    /// The field of the input, as a JSON path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The state that forbade it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The event that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Values for the template; never personal data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

impl Refusal {
    /// Names the field of the input that is wrong.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the state and the event that do not go together.
    #[must_use]
    pub fn when(mut self, state: impl Into<String>, event: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self.event = Some(event.into());
        self
    }

    /// Gives a value to the text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// The text in a language: Chinese unless English is asked for.
    #[must_use]
    pub fn text(&self, english: bool) -> String {
        let template = if english { &self.en } else { &self.zh };
        let filled = self
            .params
            .iter()
            .fold(template.to_string(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
        let field = self.field.as_deref().unwrap_or_default();
        let state = self.state.as_deref().unwrap_or_default();
        let event = self.event.as_deref().unwrap_or_default();
        filled.replace("{field}", field).replace("{state}", state).replace("{event}", event)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.text(true))
    }
}

impl std::error::Error for Refusal {}
