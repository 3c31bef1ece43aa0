//! The two languages of the suite: Chinese first, English when asked for by `?lang=`, by the cookie
//! that keeps the choice, or by `Accept-Language`.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request},
    http::{
        HeaderMap, Uri,
        header::{ACCEPT_LANGUAGE, SET_COOKIE},
        request::Parts,
    },
    middleware::Next,
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::cookie::Cookie;

/// The parameter of the query that chooses a language.
pub const QUERY: &str = "lang";
/// How long the choice is kept, in seconds: a year.
const KEEP_S: u32 = 31_536_000;
/// The most ranges of `Accept-Language` that are read.
const RANGES_MAX: usize = 16;

/// A language of pages and texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    /// 简体中文.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Language {
    /// Both, in the order shown to people.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag, for `lang` attributes and `Content-Language`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Whether it is English, as `kernel::Refusal::text` asks.
    #[must_use]
    pub const fn is_english(self) -> bool {
        matches!(self, Self::En)
    }

    /// The language a tag asks for: `zh`, `zh-Hans-CN`, `en-GB` and the like.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Some(Self::ZhCn)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The language of a request: query, then cookie, then `Accept-Language`, then Chinese.
    #[must_use]
    pub fn of_request(uri: &Uri, headers: &HeaderMap) -> Self {
        chosen(uri)
            .or_else(|| choice_cookie().read(headers).and_then(|tag| Self::of_tag(&tag)))
            .or_else(|| headers.get(ACCEPT_LANGUAGE)?.to_str().ok().and_then(preferred))
            .unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of_request(&parts.uri, &parts.headers))
    }
}

/// Middleware: a choice made by `?lang=` is kept in a cookie.
pub async fn remember(request: Request, next: Next) -> Response {
    let choice = chosen(request.uri());
    let mut response = next.run(request).await;
    let kept = choice.and_then(|language| choice_cookie().set(language.tag(), Some(KEEP_S)).ok());
    if let Some(cookie) = kept {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// A language is no secret and is read before TLS is known: the cookie has no `__Host-` prefix.
fn choice_cookie() -> Cookie {
    Cookie::new("lianxi_lang", false)
}

fn chosen(uri: &Uri) -> Option<Language> {
    let query = uri.query()?.as_bytes();
    form_urlencoded::parse(query).find(|(name, _)| name == QUERY).and_then(|(_, tag)| Language::of_tag(&tag))
}

/// The first language of highest weight among ours.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for range in header.split(',').take(RANGES_MAX) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(Language::of_tag) else { continue };
        let weight =
            parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        if weight > 0.0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use tower::ServiceExt;

    use super::*;

    fn of(uri: &str, headers: &[(&str, &str)]) -> Language {
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("request").into_parts();
        Language::of_request(&parts.uri, &parts.headers)
    }

    #[test]
    fn the_query_wins_over_the_cookie_over_the_header_over_chinese() {
        let accept_en = ("accept-language", "en-GB,en;q=0.9");
        let cookie_zh = ("cookie", "a=b; lianxi_lang=zh-CN");
        assert_eq!(of("/", &[]), Language::ZhCn);
        assert_eq!(of("/", &[accept_en]), Language::En);
        assert_eq!(of("/", &[accept_en, cookie_zh]), Language::ZhCn);
        assert_eq!(of("/?page=2&lang=en", &[cookie_zh]), Language::En);
        assert_eq!(of("/?lang=fr", &[]), Language::ZhCn);
    }

    #[test]
    fn the_heaviest_of_our_languages_is_preferred() {
        assert_eq!(preferred("fr, en;q=0.5, zh;q=0.8"), Some(Language::ZhCn));
        assert_eq!(preferred("en;q=0.8, zh-TW;q=0.8"), Some(Language::En));
        assert_eq!(preferred("de, en;q=0"), None);
        assert_eq!(preferred("en;q=x"), None);
    }

    #[tokio::test]
    async fn a_choice_is_kept_in_a_cookie() {
        let app =
            Router::new().route("/", get(|l: Language| async move { l.tag() })).layer(from_fn(remember));
        let request = Request::get("/?lang=en").body(Body::empty()).expect("request");
        let response = app.clone().oneshot(request).await.expect("answer");
        let kept = response.headers().get(SET_COOKIE).expect("cookie").to_str().expect("text");
        assert!(kept.starts_with("lianxi_lang=en; "), "{kept}");
        let request = Request::get("/").body(Body::empty()).expect("request");
        assert!(app.oneshot(request).await.expect("answer").headers().get(SET_COOKIE).is_none());
    }
}
