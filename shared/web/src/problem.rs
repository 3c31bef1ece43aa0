//! Refusals as RFC 9457 problems, in the language and the form that the client reads.
//!
//! A handler returns [`Refused`] and knows nothing of either: the answer carries the refusal as an
//! extension, and the middleware [`answer`] writes it as `application/problem+json`, or as the
//! console's page when a browser asked. Errors that the framework made (404, 405, 413, …) become
//! problems on the same way.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{
            ACCEPT, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{ErrorKind, Refusal, WhoActs};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{errors, language::Language};

/// What every problem's type begins with; the rest is the refusal's code.
pub const TYPE_PREFIX: &str = "urn:lianxi:error:";
/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// The refusal's parameter that becomes `Retry-After`, in seconds.
pub const RETRY_AFTER_PARAM: &str = "retry_after_s";

/// A refusal for one reader: RFC 9457's members and those of the suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// `urn:lianxi:error:<code>`.
    #[serde(rename = "type")]
    pub problem_type: String,
    /// The kind of refusal, in the reader's language.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, in the reader's language.
    pub detail: String,
    /// The stable code, listed in `ERRORS.md`.
    pub code: String,
    /// The field of the input, as a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The state that forbade it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The event that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The article it follows from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Who can mend it.
    pub acts: WhoActs,
    /// The same, in the reader's language.
    pub acts_text: &'static str,
}

impl Problem {
    /// A refusal in a language.
    #[must_use]
    pub fn of(refusal: &Refusal, language: Language) -> Self {
        Self {
            problem_type: format!("{TYPE_PREFIX}{}", refusal.code),
            title: title(refusal.kind, language),
            status: refusal.kind.status(),
            detail: refusal.text(language.is_english()),
            code: refusal.code.to_string(),
            field: refusal.field.clone(),
            state: refusal.state.clone(),
            event: refusal.event.clone(),
            article: refusal.article.as_ref().map(ToString::to_string),
            acts: refusal.acts,
            acts_text: acts_text(refusal.acts, language),
        }
    }
}

/// The kind of a refusal, for a heading.
#[must_use]
pub const fn title(kind: ErrorKind, language: Language) -> &'static str {
    let (zh, en) = match kind {
        ErrorKind::Invalid => ("内容有误", "Invalid input"),
        ErrorKind::Unauthenticated => ("尚未登录", "Not signed in"),
        ErrorKind::Forbidden => ("没有权限", "Not allowed"),
        ErrorKind::NotFound => ("未找到", "Not found"),
        ErrorKind::Conflict => ("当前状态不允许", "Not possible in this state"),
        ErrorKind::NotHereYet => ("数据尚未到达", "Not here yet"),
        ErrorKind::TooLarge => ("内容过大", "Too large"),
        ErrorKind::TooMany => ("操作过于频繁", "Too many requests"),
        ErrorKind::Unavailable => ("服务暂时不可用", "Temporarily unavailable"),
        ErrorKind::Internal => ("系统内部错误", "Internal error"),
    };
    if language.is_english() { en } else { zh }
}

/// Who can mend a refusal, for a line under it.
#[must_use]
pub const fn acts_text(acts: WhoActs, language: Language) -> &'static str {
    let (zh, en) = match acts {
        WhoActs::Sender => ("提交人", "the sender"),
        WhoActs::Petitioner => ("信访人", "the petitioner"),
        WhoActs::Office => ("联席办", "the joint-conference office"),
        WhoActs::Agency => ("承办单位", "the agency that holds the matter"),
        WhoActs::Administrator => ("系统管理员", "the administrator"),
        WhoActs::Operator => ("运维人员", "the operator"),
    };
    if language.is_english() { en } else { zh }
}

/// What the client of a refused request reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The language.
    pub language: Language,
    /// Whether it reads HTML: a browser's navigation, or htmx.
    pub html: bool,
    /// Whether only a fragment is swapped into a page (htmx).
    pub fragment: bool,
}

impl Wanted {
    /// Reads it from a request.
    #[must_use]
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let accept = headers.get(ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let fragment = headers.get("hx-request").is_some_and(|v| v == "true");
        Self {
            language: Language::of_request(uri, headers),
            // A program that asks the REST face reads JSON, whatever it says it accepts.
            html: !uri.path().starts_with("/api/") && (fragment || accept.contains("text/html")),
            fragment,
        }
    }
}

/// A refusal as a handler's answer. Boxed: a refusal is large, and most handlers succeed.
#[derive(Clone, Debug)]
pub struct Refused(pub Box<Refusal>);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(Box::new(refusal))
    }
}

/// The refusal behind an answer, for the layers around the handler.
#[derive(Clone, Debug)]
pub struct Reason(pub Arc<Refusal>);

impl IntoResponse for Refused {
    /// The problem in Chinese as JSON, which is what a client gets when [`answer`] is not in place.
    fn into_response(self) -> Response {
        let refusal = Arc::new(*self.0);
        let mut response = json(&Problem::of(&refusal, Language::ZhCn), Language::ZhCn);
        let headers = response.headers_mut();
        if let Some(seconds) = retry_after(&refusal) {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if refusal.kind == ErrorKind::Unauthenticated {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Reason(refusal));
        response
    }
}

fn retry_after(refusal: &Refusal) -> Option<u32> {
    let stated = refusal.params.get(RETRY_AFTER_PARAM).and_then(|s| s.parse().ok());
    stated.or(match refusal.kind {
        ErrorKind::NotHereYet => Some(1),
        ErrorKind::Unavailable => Some(5),
        _ => None,
    })
}

fn json(problem: &Problem, language: Language) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // A struct of strings always serialises; were it not so, the status still says it.
    let body = serde_json::to_vec(problem).unwrap_or_default();
    (status, [(CONTENT_TYPE, MEDIA_TYPE), (CONTENT_LANGUAGE, language.tag())], body).into_response()
}

/// Renders a problem as HTML for a browser: a whole page or, when a fragment is wanted, a part of
/// one. `None` leaves it to JSON.
pub type ProblemPage = Arc<dyn Fn(&Problem, Wanted) -> Option<String> + Send + Sync>;

/// Middleware: writes every refusal and every bare error in the client's language and form. An error
/// answer whose body a handler wrote itself (HTML, JSON or XML) stays as it is.
pub async fn answer(State(page): State<Option<ProblemPage>>, request: Request, next: Next) -> Response {
    let wanted = Wanted::of(request.uri(), request.headers());
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let refusal = match response.extensions().get::<Reason>() {
        Some(Reason(refusal)) => refusal.clone(),
        None if is_written(&response) => return response,
        None => Arc::new(errors::of_status(status.as_u16()).refuse()),
    };
    let mut problem = Problem::of(&refusal, wanted.language);
    problem.status = status.as_u16();
    let html = page.filter(|_| wanted.html).and_then(|render| render(&problem, wanted)).map(|text| {
        let kind = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_LANGUAGE, wanted.language.tag())];
        (kind, text).into_response()
    });
    let written = html.unwrap_or_else(|| json(&problem, wanted.language));
    rewritten(response, written, refusal)
}

/// The first answer's status and headers (`Allow`, `Retry-After`, cookies) with the second's body.
fn rewritten(first: Response, second: Response, refusal: Arc<Refusal>) -> Response {
    let (mut parts, _) = first.into_parts();
    let (body_parts, body): (_, Body) = second.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    for name in [CONTENT_TYPE, CONTENT_LANGUAGE] {
        if let Some(value) = body_parts.headers.get(&name) {
            parts.headers.insert(name, value.clone());
        }
    }
    parts.headers.append(VARY, HeaderValue::from_static("accept, accept-language, cookie"));
    parts.extensions.insert(Reason(refusal));
    Response::from_parts(parts, body)
}

fn is_written(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.contains("json") || kind.starts_with("text/xml")
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::Method, middleware::from_fn_with_state, routing::get};
    use kernel::ErrorDef;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;

    static LATE_OBJECTION: ErrorDef = ErrorDef {
        code: "late_objection",
        kind: ErrorKind::Conflict,
        acts: WhoActs::Agency,
        article: Some("Art. 23"),
        zh: "异议已过 {days} 个工作日。",
        en: "The objection came after {days} working days.",
    };

    async fn refuse() -> Result<&'static str, Refused> {
        Err(LATE_OBJECTION.refuse().with("days", 5).at("reason").when("accepted", "object").into())
    }

    fn app(page: Option<ProblemPage>) -> Router {
        Router::new()
            .route("/refuse", get(refuse))
            .route("/away", get(|| async { Refused::from(errors::TEMPORARILY_UNAVAILABLE.refuse()) }))
            .route(
                "/own",
                get(|| async { (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html")], "own page") }),
            )
            .route("/bare", get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "SELECT * FROM secret") }))
            .layer(from_fn_with_state(page, answer))
    }

    fn page() -> Option<ProblemPage> {
        Some(Arc::new(|p: &Problem, w: Wanted| {
            Some(format!("<p>{} {} {}</p>", p.status, p.detail, w.fragment))
        }))
    }

    async fn ask(
        app: Router,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (Response<()>, String) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = app.oneshot(request.body(Body::empty()).expect("request")).await.expect("answer");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.expect("body");
        (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn an_api_client_reads_the_problem_in_its_language() {
        let (head, text) = ask(app(page()), Method::GET, "/refuse", &[("accept-language", "en")]).await;
        assert_eq!(head.status(), StatusCode::CONFLICT);
        assert_eq!(head.headers()[CONTENT_TYPE], MEDIA_TYPE);
        assert_eq!(head.headers()[CONTENT_LANGUAGE], "en");
        let problem: Value = serde_json::from_str(&text).expect("json");
        assert_eq!(problem["type"], "urn:lianxi:error:late_objection");
        assert_eq!(problem["title"], "Not possible in this state");
        assert_eq!(problem["detail"], "The objection came after 5 working days.");
        assert_eq!(problem["status"], 409);
        assert_eq!(problem["article"], "Art. 23");
        assert_eq!(problem["field"], "reason");
        assert_eq!(problem["state"], "accepted");
        assert_eq!(problem["acts"], "agency");
        let (_, text) = ask(app(None), Method::GET, "/refuse", &[("accept", "text/html")]).await;
        assert!(text.contains("异议已过 5 个工作日。"), "Chinese comes first: {text}");
    }

    #[tokio::test]
    async fn a_browser_reads_the_consoles_page_and_htmx_a_fragment() {
        let html = ("accept", "text/html,application/xhtml+xml");
        let (head, text) = ask(app(page()), Method::GET, "/refuse", &[html]).await;
        assert_eq!(
            (head.status(), text.as_str()),
            (StatusCode::CONFLICT, "<p>409 异议已过 5 个工作日。 false</p>")
        );
        assert_eq!(head.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        let (_, text) = ask(app(page()), Method::GET, "/refuse", &[("hx-request", "true")]).await;
        assert!(text.ends_with("true</p>"), "{text}");
    }

    #[tokio::test]
    async fn bare_errors_become_problems_and_written_ones_stay() {
        let (head, text) = ask(app(None), Method::GET, "/nowhere", &[]).await;
        assert_eq!(head.status(), StatusCode::NOT_FOUND);
        assert!(text.contains("page_not_found"), "{text}");
        let (head, text) = ask(app(None), Method::POST, "/refuse", &[]).await;
        assert_eq!(head.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(head.headers()["allow"], "GET,HEAD");
        assert!(text.contains(r#""status":405"#), "{text}");
        let (_, text) = ask(app(page()), Method::GET, "/own", &[("accept", "text/html")]).await;
        assert_eq!(text, "own page");
        let (_, text) = ask(app(None), Method::GET, "/bare", &[]).await;
        assert!(text.contains("internal_error") && !text.contains("SELECT"), "{text}");
    }

    #[tokio::test]
    async fn a_client_is_told_when_to_come_back() {
        let (head, _) = ask(app(None), Method::GET, "/away", &[]).await;
        assert_eq!(head.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(head.headers()[RETRY_AFTER], "5");
    }

    #[test]
    fn every_refusal_of_the_door_has_its_own_code() {
        let codes: std::collections::BTreeSet<_> = errors::ALL.iter().map(|d| d.code).collect();
        assert_eq!(codes.len(), errors::ALL.len());
    }
}
