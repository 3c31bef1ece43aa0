//! Texts for people, in Fluent: every crate brings its `.ftl` sources in both languages, and a test
//! of each crate asks [`Texts::assert_complete`].

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use unic_langid::LanguageIdentifier;

pub use fluent_bundle::FluentValue as TextArg;

use crate::language::Language;

/// One crate's texts.
#[derive(Clone, Copy, Debug)]
pub struct TextSource {
    /// The crate, for messages about its sources.
    pub owner: &'static str,
    /// The Fluent source in Chinese.
    pub zh: &'static str,
    /// The Fluent source in English.
    pub en: &'static str,
}

/// A Fluent source that cannot be used; a developer acts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("texts of `{owner}` in {language}: {reason}", language = .language.tag())]
pub struct TextsError {
    owner: &'static str,
    language: Language,
    reason: String,
}

/// The variables of each text, by its key (`key` or `key.attribute`).
type Variables = BTreeMap<String, BTreeSet<String>>;

struct Bundle {
    fluent: FluentBundle<FluentResource>,
    variables: Variables,
}

/// All texts of the process.
pub struct Texts {
    zh: Bundle,
    en: Bundle,
}

impl Texts {
    /// Reads the sources of all crates. A key belongs to one crate: a second one of the same name is
    /// an error.
    ///
    /// # Errors
    /// When a source does not parse or a key is there twice.
    pub fn try_new(sources: &[TextSource]) -> Result<Self, TextsError> {
        let zh = bundle(Language::ZhCn, sources.iter().map(|s| (s.owner, s.zh)))?;
        let en = bundle(Language::En, sources.iter().map(|s| (s.owner, s.en)))?;
        Ok(Self { zh, en })
    }

    /// A text in a language. A key that is missing there is shown in the other language, one that is
    /// missing everywhere as `⟦key⟧`; both are defects that the tests find first.
    #[must_use]
    pub fn t(&self, language: Language, key: &str, args: &[(&str, TextArg<'_>)]) -> String {
        let (own, other) = match language {
            Language::ZhCn => (&self.zh, &self.en),
            Language::En => (&self.en, &self.zh),
        };
        own.text(key, args).or_else(|| other.text(key, args)).unwrap_or_else(|| {
            tracing::error!(key, "there is no such text");
            format!("⟦{key}⟧")
        })
    }

    /// Whether a key is there in either language.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.zh.variables.contains_key(key) || self.en.variables.contains_key(key)
    }

    /// Every key, in order.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<&str> {
        self.zh.variables.keys().chain(self.en.variables.keys()).map(String::as_str).collect()
    }

    /// What differs between the languages: keys that one lacks, variables that one does not use.
    #[must_use]
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        for key in self.keys() {
            match (self.zh.variables.get(key), self.en.variables.get(key)) {
                (Some(zh), Some(en)) if zh != en => {
                    gaps.push(format!("{key}: zh-CN uses {zh:?}, en uses {en:?}"));
                }
                (Some(_), Some(_)) => {}
                (Some(_), None) => gaps.push(format!("{key}: missing in en")),
                (None, _) => gaps.push(format!("{key}: missing in zh-CN")),
            }
        }
        gaps
    }

    /// For tests.
    ///
    /// # Panics
    /// When [`Texts::gaps`] finds any.
    pub fn assert_complete(&self) {
        let gaps = self.gaps();
        assert!(gaps.is_empty(), "texts differ between the languages:\n{}", gaps.join("\n"));
    }
}

impl Bundle {
    fn text(&self, key: &str, args: &[(&str, TextArg<'_>)]) -> Option<String> {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, a)| (id, Some(a)));
        let message = self.fluent.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let fluent_args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.fluent.format_pattern(pattern, Some(&fluent_args), &mut errors).into_owned();
        if !errors.is_empty() {
            // The errors name variables of the source, never the values that were given.
            tracing::error!(key, missing = errors.len(), "a text was not given all its variables");
        }
        Some(text)
    }
}

fn bundle<'a>(
    language: Language,
    sources: impl Iterator<Item = (&'static str, &'a str)>,
) -> Result<Bundle, TextsError> {
    // Both tags parse; an unknown locale would only lose the plural forms.
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut fluent = FluentBundle::new_concurrent(vec![locale]);
    // Both languages run from left to right; isolation marks would only litter forms and prints.
    fluent.set_use_isolating(false);
    let mut variables = Variables::new();
    for (owner, source) in sources {
        let error = |reason: String| TextsError { owner, language, reason };
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| {
            error(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        })?;
        collect(&resource, &mut variables).map_err(|key| error(format!("`{key}` is there twice")))?;
        fluent
            .add_resource(resource)
            .map_err(|errors| error(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
    }
    Ok(Bundle { fluent, variables })
}

fn collect(resource: &FluentResource, variables: &mut Variables) -> Result<(), String> {
    for entry in resource.entries() {
        let Entry::Message(message) = entry else { continue };
        let id = message.id.name;
        let value = message.value.iter().map(|pattern| (id.to_owned(), pattern));
        let attributes = message.attributes.iter().map(|a| (format!("{id}.{}", a.id.name), &a.value));
        for (key, pattern) in value.chain(attributes) {
            let mut used = BTreeSet::new();
            of_pattern(pattern, &mut used);
            if variables.insert(key.clone(), used).is_some() {
                return Err(key);
            }
        }
    }
    Ok(())
}

fn of_pattern(pattern: &Pattern<&str>, used: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, used);
        }
    }
}

fn of_expression(expression: &Expression<&str>, used: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, used),
        Expression::Select { selector, variants } => {
            of_inline(selector, used);
            variants.iter().for_each(|variant| of_pattern(&variant.value, used));
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, used: &mut BTreeSet<String>) {
    let mut of_arguments = |arguments: &CallArguments<&str>| {
        arguments.positional.iter().for_each(|a| of_inline(a, used));
        arguments.named.iter().for_each(|a| of_inline(&a.value, used));
    };
    match inline {
        InlineExpression::VariableReference { id } => {
            used.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => of_arguments(arguments),
        InlineExpression::TermReference { arguments, .. } => {
            arguments.iter().for_each(of_arguments);
        }
        InlineExpression::Placeable { expression } => of_expression(expression, used),
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOARD: TextSource = TextSource {
        owner: "board",
        zh: "board-title = 信访事项\nboard-count = 共 { $count } 件\nboard-search = 搜索\n    .hint = 编号或单位\n",
        en: "board-title = Matters\nboard-count = { $count ->\n    [one] { $count } matter\n   *[other] { $count } matters\n }\nboard-search = Search\n    .hint = number or agency\n",
    };

    #[test]
    fn a_text_is_said_in_either_language_with_its_variables() {
        let texts = Texts::try_new(&[BOARD]).expect("texts");
        texts.assert_complete();
        assert_eq!(texts.t(Language::ZhCn, "board-title", &[]), "信访事项");
        assert_eq!(texts.t(Language::ZhCn, "board-count", &[("count", 3.into())]), "共 3 件");
        assert_eq!(texts.t(Language::En, "board-count", &[("count", 1.into())]), "1 matter");
        assert_eq!(texts.t(Language::En, "board-count", &[("count", 12_000.into())]), "12000 matters");
        assert_eq!(texts.t(Language::En, "board-search.hint", &[]), "number or agency");
    }

    #[test]
    fn what_differs_between_the_languages_is_found() {
        let source = TextSource {
            owner: "x",
            zh: "a = { $n } 件\nb = 乙\nd = 丁\n",
            en: "a = matters\nc = C\nd = D\n",
        };
        let texts = Texts::try_new(&[source]).expect("texts");
        let gaps = texts.gaps();
        assert_eq!(gaps.len(), 3, "{gaps:?}");
        assert!(gaps.iter().any(|g| g.starts_with("a: zh-CN uses")), "{gaps:?}");
        assert!(
            gaps.contains(&"b: missing in en".to_owned()) && gaps.contains(&"c: missing in zh-CN".to_owned())
        );
        assert_eq!(texts.t(Language::En, "b", &[]), "乙", "shown in the other language");
        assert_eq!(texts.t(Language::En, "nowhere", &[]), "⟦nowhere⟧");
    }

    #[test]
    #[should_panic(expected = "b: missing in en")]
    fn an_incomplete_set_fails_its_test() {
        Texts::try_new(&[TextSource { owner: "x", zh: "b = 乙\n", en: "" }])
            .expect("texts")
            .assert_complete();
    }

    #[test]
    fn a_key_belongs_to_one_crate_and_a_broken_source_is_named() {
        let twice = Texts::try_new(&[BOARD, TextSource { owner: "other", zh: "board-title = 又\n", en: "" }]);
        let error = twice.err().expect("twice").to_string();
        assert!(error.contains("`other` in zh-CN") && error.contains("board-title"), "{error}");
        assert!(Texts::try_new(&[TextSource { owner: "x", zh: "= 无名\n", en: "" }]).is_err());
    }
}
