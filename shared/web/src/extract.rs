//! Extractors whose refusals name the field and never quote what was typed: a parser's own message
//! repeats values, which may be personal.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawForm, Request},
    http::{header::CONTENT_TYPE, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::{
    errors::{self, MALFORMED_INPUT, UNSUPPORTED_MEDIA_TYPE},
    problem::Refused,
};

/// The longest path of a field that a refusal names, in characters.
const FIELD_MAX: usize = 120;

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let is_json = essence.eq_ignore_ascii_case("application/json") || essence.ends_with("+json");
        if !is_json {
            return Err(UNSUPPORTED_MEDIA_TYPE.refuse().into());
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| errors::of_status(rejection.status().as_u16()).refuse())?;
        let mut reader = serde_json::Deserializer::from_slice(&body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| malformed(&e))?;
        reader.end().map_err(|_| MALFORMED_INPUT.refuse())?;
        Ok(Self(value))
    }
}

/// A form: the query of a GET, the urlencoded body of a POST.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let RawForm(bytes) = RawForm::from_request(request, state)
            .await
            .map_err(|rejection| errors::of_status(rejection.status().as_u16()).refuse())?;
        urlencoded(&bytes).map(Self)
    }
}

/// The query.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        urlencoded(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)
    }
}

fn urlencoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(bytes));
    serde_path_to_error::deserialize(pairs).map_err(|e| malformed(&e))
}

fn malformed<E: std::fmt::Display>(error: &serde_path_to_error::Error<E>) -> Refused {
    let refusal = MALFORMED_INPUT.refuse();
    let mut path = error.path().to_string();
    if path == "." || path == "?" {
        path.clear();
    }
    if let Some(missing) = missing_field(&error.inner().to_string()) {
        path = if path.is_empty() { missing } else { format!("{path}.{missing}") };
    }
    if path.is_empty() {
        refusal.into()
    } else {
        refusal.at(path.chars().take(FIELD_MAX).collect::<String>()).into()
    }
}

/// The name in serde's "missing field" message: ours, from the type, never the sender's.
fn missing_field(message: &str) -> Option<String> {
    let name = message.strip_prefix("missing field `")?.split('`').next()?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, http::StatusCode, middleware::from_fn_with_state, routing::post};
    use serde::Deserialize;
    use tower::ServiceExt;

    use super::*;

    #[derive(Deserialize)]
    struct Petition {
        title: String,
        petitioners: Vec<Petitioner>,
    }
    #[derive(Deserialize)]
    struct Petitioner {
        age: u8,
    }
    #[derive(Deserialize)]
    struct Paging {
        page: u32,
    }

    fn app() -> Router {
        Router::new()
            .route(
                "/json",
                post(|Json(p): Json<Petition>| async move {
                    format!("{} {}", p.title, p.petitioners.iter().map(|p| u32::from(p.age)).sum::<u32>())
                }),
            )
            .route(
                "/form",
                post(|Form(p): Form<Paging>| async move { p.page.to_string() })
                    .get(|Query(p): Query<Paging>| async move { p.page.to_string() }),
            )
            .layer(axum::extract::DefaultBodyLimit::max(256))
            .layer(from_fn_with_state(None, crate::problem::answer))
    }

    async fn send(method: &str, path: &str, kind: &str, body: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(CONTENT_TYPE, kind)
            .body(Body::from(body.to_owned()))
            .expect("request");
        let response = app().oneshot(request).await.expect("answer");
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("body");
        (status, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn a_json_refusal_names_the_field_and_quotes_nothing() {
        let kind = "application/json";
        let (status, text) =
            send("POST", "/json", kind, r#"{"title":"t","petitioners":[{"age":"张三"}]}"#).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains(r#""field":"petitioners[0].age""#) && !text.contains("张三"), "{text}");
        let (_, text) = send("POST", "/json", kind, r#"{"title":"t"}"#).await;
        assert!(text.contains(r#""field":"petitioners""#), "{text}");
        let (_, text) = send("POST", "/json", kind, r#"{"title":"t","petitioners":[{}]}"#).await;
        assert!(text.contains(r#""field":"petitioners[0].age""#), "{text}");
        let (status, _) = send("POST", "/json", kind, r#"{"title":"t","petitioners":[]} x"#).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "nothing may follow the body");
        let (status, text) = send("POST", "/json", kind, r#"{"title":"t","petitioners":[{"age":3}]}"#).await;
        assert_eq!((status, text.as_str()), (StatusCode::OK, "t 3"));
    }

    #[tokio::test]
    async fn a_wrong_type_and_a_large_body_are_told_apart() {
        let (status, text) = send("POST", "/json", "text/plain", "{}").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("unsupported_media_type"), "{text}");
        let (status, text) = send("POST", "/json", "application/json", &"x".repeat(257)).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(text.contains("body_too_large"), "{text}");
    }

    #[tokio::test]
    async fn forms_and_queries_read_the_same() {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(send("POST", "/form", form, "page=2").await, (StatusCode::OK, "2".to_owned()));
        assert_eq!(send("GET", "/form?page=3", form, "").await, (StatusCode::OK, "3".to_owned()));
        let (status, text) = send("POST", "/form", form, "page=13800138000x").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains(r#""field":"page""#) && !text.contains("138"), "{text}");
        let (_, text) = send("GET", "/form", form, "").await;
        assert!(text.contains(r#""field":"page""#), "{text}");
    }
}
