//! Answers in the form that was asked for, refusals as GeoReport has them: a list of `{code, description}`.

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use kernel::{ErrorKind, Refusal};
use serde_json::{Value, json};
use web::Language;

use super::xml;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `.json`
    Json,
    /// `.xml`
    Xml,
}

impl Form {
    /// The name before the ending, and the form that the ending asks for; JSON where there is none.
    #[must_use]
    pub fn of(file: &str) -> (&str, Self) {
        match file.rsplit_once('.') {
            Some((name, "xml")) => (name, Self::Xml),
            Some((name, "json")) => (name, Self::Json),
            _ => (file, Self::Json),
        }
    }

    /// An answer; `root` and `item` are the names in XML.
    #[must_use]
    pub fn write(self, status: StatusCode, root: &str, item: &str, value: &Value) -> Response {
        match self {
            Self::Json => (status, [(CONTENT_TYPE, "application/json; charset=utf-8")], value.to_string())
                .into_response(),
            Self::Xml => match xml::document(root, item, value) {
                Ok(bytes) => (status, [(CONTENT_TYPE, "text/xml; charset=utf-8")], bytes).into_response(),
                Err(error) => {
                    tracing::error!(%error, "an XML answer could not be written");
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }
            },
        }
    }

    /// A refusal. The stable code stands before the text.
    #[must_use]
    pub fn refuse(self, refusal: &Refusal, language: Language) -> Response {
        let status = status(refusal);
        let field = refusal.field.as_ref().map_or_else(String::new, |field| format!(" ({field})"));
        let said = format!("{}{field}: {}", refusal.code, refusal.text(language.is_english()));
        let value = json!([{ "code": status.as_u16(), "description": said }]);
        let mut response = self.write(status, "errors", "error", &value);
        if let Some(seconds) = refusal.params.get(web::problem::RETRY_AFTER_PARAM)
            && let Ok(seconds) = HeaderValue::from_str(seconds)
        {
            response.headers_mut().insert("retry-after", seconds);
        }
        response
    }
}

/// GeoReport: 400 for wrong input, 403 for a missing key, 404 for what does not exist.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal.kind {
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated => StatusCode::FORBIDDEN,
        kind => StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
