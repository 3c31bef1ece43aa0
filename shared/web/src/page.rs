//! Pages: Jinja templates compiled into the binary, checked as a whole when the process starts.
//!
//! In every template: `t("key", name=value)` says a text, `date(d)` and `instant(i)` write a civil
//! date and an instant of Asia/Shanghai in the page's language (both also as filters), `asset("x.css")`
//! is the address of an embedded file, `lang` the page's language tag. Values are escaped; an
//! undefined one is an error.

use std::sync::Arc;

use axum::response::Html;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use kernel::UnixMillis;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior,
    value::{Kwargs, Serde, Value},
};
use serde::Serialize;

use crate::{
    assets::Assets,
    errors::INTERNAL_ERROR,
    language::Language,
    problem::Refused,
    texts::{TextArg, Texts},
};

const SHANGHAI_OFFSET_S: i32 = 8 * 3_600;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A template that cannot be used or rendered; a developer acts. It names the place and never a
/// value, since a page's values are personal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// The template does not compile, or fails while it is rendered.
    #[error("template `{template}` line {line}: {kind}")]
    Template {
        /// Its name.
        template: String,
        /// The line, 0 when unknown.
        line: usize,
        /// What kind of error.
        kind: String,
    },
    /// A template asks for texts that are not there.
    #[error("template `{template}` asks for unknown texts: {keys}")]
    UnknownTexts {
        /// Its name.
        template: String,
        /// The keys.
        keys: String,
    },
}

/// Collects the templates of a process.
pub struct PagesBuilder {
    texts: Arc<Texts>,
    assets: Option<Assets>,
    templates: Vec<(&'static str, &'static str)>,
    globals: Vec<(&'static str, Value)>,
}

impl PagesBuilder {
    /// Adds templates by name (`board/list.html`). A name that ends in `.html` or `.svg` is escaped.
    #[must_use]
    pub fn templates(mut self, templates: &[(&'static str, &'static str)]) -> Self {
        self.templates.extend_from_slice(templates);
        self
    }

    /// Gives templates `asset(path)`.
    #[must_use]
    pub fn assets(mut self, assets: Assets) -> Self {
        self.assets = Some(assets);
        self
    }

    /// Gives every template a value.
    #[must_use]
    pub fn global(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.globals.push((name, Value::from(Serde(value))));
        self
    }

    /// Compiles every template in both languages.
    ///
    /// # Errors
    /// When one does not compile, or says `t("key")` with a key that is in no text source.
    pub fn build(self) -> Result<Pages, PageError> {
        for (name, source) in &self.templates {
            let unknown: Vec<_> = text_keys(source).into_iter().filter(|k| !self.texts.has(k)).collect();
            if !unknown.is_empty() {
                let keys = unknown.join(", ");
                return Err(PageError::UnknownTexts { template: (*name).to_owned(), keys });
            }
        }
        Ok(Pages { zh: self.environment(Language::ZhCn)?, en: self.environment(Language::En)? })
    }

    fn environment(&self, language: Language) -> Result<Environment<'static>, PageError> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        // With debugging on, an error would carry the page's values.
        env.set_debug(false);
        env.set_auto_escape_callback(|name| match name.rsplit('.').next() {
            Some("html" | "svg") => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        let texts = self.texts.clone();
        env.add_function("t", move |key: &str, args: Kwargs| say(&texts, language, key, &args));
        env.add_function("date", move |value: Value| date(language, &value));
        env.add_filter("date", move |value: Value| date(language, &value));
        env.add_function("instant", move |value: Value| instant(language, &value));
        env.add_filter("instant", move |value: Value| instant(language, &value));
        if let Some(assets) = self.assets.clone() {
            env.add_function("asset", move |path: &str| {
                assets
                    .url(path)
                    .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no asset `{path}`")))
            });
        }
        env.add_global("lang", language.tag());
        for (name, value) in &self.globals {
            env.add_global(*name, value.clone());
        }
        for (name, source) in &self.templates {
            env.add_template(name, source).map_err(|error| located(name, &error))?;
        }
        Ok(env)
    }
}

/// Every page of the process in both languages.
pub struct Pages {
    zh: Environment<'static>,
    en: Environment<'static>,
}

impl Pages {
    /// Begins to collect.
    #[must_use]
    pub fn builder(texts: Arc<Texts>) -> PagesBuilder {
        PagesBuilder { texts, assets: None, templates: Vec::new(), globals: Vec::new() }
    }

    /// Renders a template with its values, a struct or a map.
    ///
    /// # Errors
    /// When there is no such template or it fails, an undefined value included.
    pub fn render(
        &self,
        language: Language,
        name: &str,
        values: impl Serialize,
    ) -> Result<String, PageError> {
        let env = match language {
            Language::ZhCn => &self.zh,
            Language::En => &self.en,
        };
        let template = env.get_template(name).map_err(|error| located(name, &error))?;
        template.render(Serde(values)).map_err(|error| located(name, &error))
    }

    /// Renders a template as a handler's answer; a failure is logged and refused as internal.
    ///
    /// # Errors
    /// As [`Pages::render`].
    pub fn page(
        &self,
        language: Language,
        name: &str,
        values: impl Serialize,
    ) -> Result<Html<String>, Refused> {
        self.render(language, name, values).map(Html).map_err(|error| {
            tracing::error!(template = name, %error, "a page could not be rendered");
            INTERNAL_ERROR.refuse().into()
        })
    }
}

fn located(name: &str, error: &Error) -> PageError {
    PageError::Template {
        template: error.name().unwrap_or(name).to_owned(),
        line: error.line().unwrap_or(0),
        kind: error.kind().to_string(),
    }
}

fn say(texts: &Texts, language: Language, key: &str, args: &Kwargs) -> Result<String, Error> {
    let named = args.args().map(|name| Ok((name, text_arg(&args.get::<Value>(name)?))));
    let named = named.collect::<Result<Vec<_>, Error>>()?;
    Ok(texts.t(language, key, &named))
}

fn text_arg(value: &Value) -> TextArg<'static> {
    match value.as_i64().filter(|_| value.is_number()) {
        Some(number) => number.into(),
        None => value.to_string().into(),
    }
}

/// A civil date (`YYYY-MM-DD`) as people write it; nothing for none.
fn date(language: Language, value: &Value) -> Result<String, Error> {
    if value.is_none() {
        return Ok(String::new());
    }
    let on = value.as_str().and_then(|text| text.parse::<NaiveDate>().ok());
    on.map(|on| written_date(language, on)).ok_or_else(|| not_a("civil date"))
}

/// An instant (RFC 3339 or milliseconds) as a date and time of Asia/Shanghai; nothing for none.
fn instant(language: Language, value: &Value) -> Result<String, Error> {
    if value.is_none() {
        return Ok(String::new());
    }
    let at = match value.as_str() {
        Some(text) => UnixMillis::parse_rfc3339(text).ok(),
        None => value.as_i64().map(UnixMillis),
    };
    let local = at
        .and_then(|at| DateTime::from_timestamp_millis(at.0))
        .and_then(|at| Some(at.with_timezone(&FixedOffset::east_opt(SHANGHAI_OFFSET_S)?)))
        .ok_or_else(|| not_a("instant"))?;
    let day = written_date(language, local.date_naive());
    let comma = if language.is_english() { "," } else { "" };
    Ok(format!("{day}{comma} {:02}:{:02}", local.hour(), local.minute()))
}

/// `2026年8月3日`, `3 August 2026`.
#[must_use]
pub fn written_date(language: Language, on: NaiveDate) -> String {
    match language {
        Language::ZhCn => format!("{}年{}月{}日", on.year(), on.month(), on.day()),
        Language::En => {
            let month =
                usize::try_from(on.month0()).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or_default();
            format!("{} {month} {}", on.day(), on.year())
        }
    }
}

fn not_a(what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("not an {what}"))
}

/// The keys that a template asks for literally: `t("key"…)`. Keys that are put together at run time
/// are not seen.
#[must_use]
pub fn text_keys(source: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for (at, _) in source.match_indices("t(") {
        let (before, after) =
            (source.get(..at).unwrap_or_default(), source.get(at + 2..).unwrap_or_default());
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
            continue;
        }
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let mut parts = after.split(quote).skip(1);
        let (key, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        // `t("state-" ~ x)` is put together; its literal part is no key.
        if rest.trim_start().starts_with([',', ')']) {
            keys.push(key.to_owned());
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::texts::TextSource;

    const TEXTS: TextSource = TextSource {
        owner: "test",
        zh: "greeting = 你好，{ $name }\ncount = { $n } 件\nstate-open = 办理中\n",
        en: "greeting = Hello, { $name }\ncount = { $n } matters\nstate-open = open\n",
    };

    fn pages(source: &'static str) -> Result<Pages, PageError> {
        let texts = Arc::new(Texts::try_new(&[TEXTS]).expect("texts"));
        Pages::builder(texts).templates(&[("page.html", source)]).global("site", "联席").build()
    }

    fn render(
        source: &'static str,
        language: Language,
        values: serde_json::Value,
    ) -> Result<String, PageError> {
        pages(source)?.render(language, "page.html", values)
    }

    #[test]
    fn a_page_says_texts_dates_and_instants_in_its_language() {
        let source = r#"{{ lang }} {{ t("greeting", name=who) }} {{ t('count', n=3) }} {{ on|date }} {{ instant(at) }} {{ none|date }}|{{ site }}"#;
        let values = json!({"who": "王", "on": "2026-08-03", "at": "2026-08-03T01:05:00Z"});
        assert_eq!(
            render(source, Language::ZhCn, values.clone()).expect("page"),
            "zh-CN 你好，王 3 件 2026年8月3日 2026年8月3日 09:05 |联席"
        );
        assert_eq!(
            render(source, Language::En, values).expect("page"),
            "en Hello, 王 3 matters 3 August 2026 3 August 2026, 09:05 |联席"
        );
    }

    #[test]
    fn texts_are_said_inside_macros_too() {
        let source =
            r#"{% macro badge(state) %}<b>{{ t("state-" ~ state) }}</b>{% endmacro %}{{ badge("open") }}"#;
        assert_eq!(render(source, Language::En, json!({})).expect("page"), "<b>open</b>");
    }

    #[test]
    fn values_are_escaped_wherever_they_come_through() {
        let source = r#"<p title="{{ who }}">{{ t("greeting", name=who) }}</p>"#;
        let page = render(source, Language::En, json!({"who": "<script>\"'"})).expect("page");
        assert!(!page.contains("<script>") && !page.contains("\"'"), "{page}");
    }

    #[test]
    fn an_undefined_value_is_an_error_that_tells_no_value() {
        let error =
            render("a\n{{ who }}{{ missing }}", Language::En, json!({"who": "王五"})).expect_err("strict");
        assert!(matches!(&error, PageError::Template { line: 2, .. }), "{error}");
        let error = render("{{ who|date }}", Language::En, json!({"who": "王五"})).expect_err("not a date");
        assert!(!error.to_string().contains("王五"), "{error}");
    }

    #[test]
    fn a_broken_template_or_an_unknown_text_stops_the_start() {
        assert!(matches!(pages("{% if %}"), Err(PageError::Template { .. })));
        let Err(error) = pages(r#"{{ t("nowhere") }}"#) else { panic!("unknown text") };
        assert_eq!(error.to_string(), "template `page.html` asks for unknown texts: nowhere");
    }

    #[test]
    fn literal_keys_are_seen_and_others_are_not() {
        let source =
            r#"{{ t("a") }}{{t( 'b', n=1)}}{{ t("c-" ~ x) }}{{ format("d") }}{{ x.t("e") }}{{ t(f) }}"#;
        assert_eq!(text_keys(source), ["a", "b"]);
    }
}
