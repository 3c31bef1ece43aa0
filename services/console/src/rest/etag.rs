//! `ETag`, `If-None-Match` and `If-Match`: the version that was read, as HTTP says it. The first number of a tag is
//! what the owner's commands call `expected_version`.

use axum::{
    Json as Answer,
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ETAG, IF_MATCH, IF_NONE_MATCH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use web::problem::Refused;

use crate::error;

/// The tag of versions.
fn tag(versions: &[i64]) -> String {
    let versions: Vec<_> = versions.iter().map(ToString::to_string).collect();
    format!("\"{}\"", versions.join("."))
}

/// What was read with its tag, or that it has not changed.
pub fn answer<T: Serialize>(headers: &HeaderMap, versions: &[i64], body: &T) -> Response {
    let tag = tag(versions);
    let known = headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let same = known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    let mut response =
        if same { StatusCode::NOT_MODIFIED.into_response() } else { Answer(body).into_response() };
    if let Ok(value) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(ETAG, value);
    }
    response
}

/// The version of an `If-Match`, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(Option<i64>);

impl IfMatch {
    /// A body that says which version was seen: the header's, unless it names one itself.
    #[must_use]
    pub fn into(self, mut body: Value) -> Value {
        if let (Some(version), Some(fields)) = (self.0, body.as_object_mut()) {
            fields.entry("expected_version").or_insert_with(|| version.into());
        }
        body
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
        let wrong = || error::IF_MATCH_SHAPE.refuse().at("if-match");
        let text = value.to_str().map_err(|_| wrong())?.trim();
        let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).ok_or_else(wrong)?;
        let first = inner.split('.').next().unwrap_or_default();
        Ok(Self(Some(first.parse().map_err(|_| wrong())?)))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde_json::json;

    use super::*;

    async fn read(value: &str) -> Result<IfMatch, String> {
        let request = Request::get("/").header("if-match", value).body(()).expect("request");
        let (mut parts, ()) = request.into_parts();
        IfMatch::from_request_parts(&mut parts, &()).await.map_err(|refused| refused.0.code.to_string())
    }

    #[tokio::test]
    async fn a_tag_comes_back_as_the_version_that_was_seen() {
        assert_eq!(read(&tag(&[7, 3, 0])).await, Ok(IfMatch(Some(7))));
        for bad in ["7", "*", "\"x\"", "\"\""] {
            assert_eq!(read(bad).await, Err("if_match_shape".to_owned()), "{bad}");
        }
        let body = IfMatch(Some(7)).into(json!({ "reason": "other" }));
        assert_eq!(body["expected_version"], 7);
        let own = IfMatch(Some(7)).into(json!({ "expected_version": 5 }));
        assert_eq!(own["expected_version"], 5);
    }

    #[test]
    fn what_has_not_changed_is_not_sent_again() {
        let mut headers = HeaderMap::new();
        assert_eq!(answer(&headers, &[2], &json!({})).status(), StatusCode::OK);
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"1\", W/\"2\""));
        let same = answer(&headers, &[2], &json!({}));
        assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(same.headers()[ETAG], "\"2\"");
        assert_eq!(answer(&headers, &[3], &json!({})).status(), StatusCode::OK);
    }
}
