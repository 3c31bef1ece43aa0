//! Templates of notices: a file each, in two languages, with a version; rendered when a notice is sent, printed or
//! read.

use std::{collections::BTreeMap, sync::Arc};

use calendar::RuleId;
use chrono::{DateTime, FixedOffset, NaiveDate};
use kernel::Refusal;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};
use web::{Language, citation, page::written_date};

use crate::error;

macro_rules! templates {
    ($($name:literal)*) => {
        /// Names of all templates.
        pub const NAMES: &[&str] = &[$($name),*];
        const FILES: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../templates/zh-CN/", $name, ".txt")),
            include_str!(concat!("../templates/en/", $name, ".txt")),
        )),*];
    };
}

templates! {
    "accepted" "answered" "assignment" "attached" "co_answered" "disputed" "duty_breached" "duty_warned" "extended"
    "forwarded" "meeting" "meeting_called_off" "meeting_moved" "neutral" "neutral_receipt" "objected"
    "objection_decided" "order" "order_replied" "order_sent_back" "receipt"
}

/// Asia/Shanghai, the whole year round.
const SHANGHAI_S: i32 = 8 * 3_600;

/// A template that does not fit.
#[derive(Debug, thiserror::Error)]
pub enum BadTemplate {
    /// Its head has no version or title.
    #[error("template {0}: begins with `version: <number>` and `title: <text>`")]
    Head(String),
    /// It does not compile.
    #[error("template {name}")]
    Body {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: Error,
    },
}

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its title.
    pub title: String,
    /// Its text.
    pub paragraphs: Vec<String>,
}

/// All templates.
#[derive(Clone)]
pub struct Texts {
    zh: Arc<Environment<'static>>,
    en: Arc<Environment<'static>>,
    versions: BTreeMap<&'static str, i64>,
}

impl Texts {
    /// The templates compiled in.
    ///
    /// # Errors
    /// The first that does not fit.
    pub fn try_new() -> Result<Self, BadTemplate> {
        let (mut zh, mut en) = (environment(Language::ZhCn), environment(Language::En));
        let mut versions = BTreeMap::new();
        for (name, chinese, english) in FILES {
            versions.insert(*name, add(&mut zh, name, chinese)?);
            add(&mut en, name, english)?;
        }
        Ok(Self { zh: Arc::new(zh), en: Arc::new(en), versions })
    }

    /// The version of a template.
    #[must_use]
    pub fn version(&self, name: &str) -> i64 {
        self.versions.get(name).copied().unwrap_or(0)
    }

    /// The words of a notice.
    ///
    /// # Errors
    /// `notice_template_fault`: what the template asks for was not told.
    pub fn words(
        &self,
        name: &str,
        english: bool,
        told: &BTreeMap<String, String>,
    ) -> Result<Words, Refusal> {
        let mut told = told.clone();
        if let Some(rule) = told.get("rule").and_then(|code| code.parse::<RuleId>().ok()) {
            told.insert("article".to_owned(), citation::ground(language(english), rule.def().article));
        }
        let render = |part: &str| {
            let environment = if english { &self.en } else { &self.zh };
            environment.get_template(&format!("{name}/{part}")).and_then(|t| t.render(&told)).map_err(|why| {
                // minijinja's own words name the template and the field, never a value.
                tracing::error!(%why, template = name, "a notice has no words");
                error::TEMPLATE_FAULT.refuse().with("template", name)
            })
        };
        let text = render("text")?;
        let paragraphs = text.split("\n\n").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
        Ok(Words { title: render("title")?, paragraphs: paragraphs.collect() })
    }
}

const fn language(english: bool) -> Language {
    if english { Language::En } else { Language::ZhCn }
}

fn environment(language: Language) -> Environment<'static> {
    let mut environment = Environment::new();
    // A field that is missing may be asked for, never printed.
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_filter("date", move |value: Value| {
        let on = value.as_str().and_then(|text| text.parse::<NaiveDate>().ok());
        on.map(|on| written_date(language, on))
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a civil date"))
    });
    environment.add_filter("hour", move |value: Value| {
        let at = value.as_str().and_then(|text| text.parse::<i64>().ok());
        let local = at.and_then(DateTime::from_timestamp_millis).zip(FixedOffset::east_opt(SHANGHAI_S));
        let local = local.map(|(at, zone)| at.with_timezone(&zone));
        local
            .map(|at| format!("{} {}", written_date(language, at.date_naive()), at.format("%H:%M")))
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not an instant"))
    });
    environment
}

fn add(environment: &mut Environment<'static>, name: &str, file: &'static str) -> Result<i64, BadTemplate> {
    let head = || BadTemplate::Head(name.to_owned());
    let (version, rest) = file.split_once('\n').ok_or_else(head)?;
    let (title, text) = rest.split_once('\n').ok_or_else(head)?;
    let version = version.strip_prefix("version:").and_then(|v| v.trim().parse().ok()).ok_or_else(head)?;
    let title = title.strip_prefix("title:").map(str::trim).ok_or_else(head)?;
    for (part, source) in [("title", title), ("text", text)] {
        let broken = |source| BadTemplate::Body { name: name.to_owned(), source };
        environment.add_template_owned(format!("{name}/{part}"), source).map_err(broken)?;
    }
    Ok(version)
}
