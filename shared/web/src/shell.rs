//! The layers around every router, in the one order that is right.

use std::{any::Any, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use crate::{
    errors::INTERNAL_ERROR,
    language,
    problem::{self, ProblemPage, Refused},
    security::{CrossSite, SecurityHeaders, add_headers, refuse_cross_site},
    trace::trace,
};

/// How a door is guarded.
#[derive(Clone)]
pub struct Shell {
    /// The service that answers, for spans and measures.
    pub service: &'static str,
    /// Whether people reach it under TLS, ended here or at a gateway.
    pub tls: bool,
    /// The origin that people see when a gateway stands before us.
    pub public_origin: Option<String>,
    /// The largest body a handler reads unless its route says otherwise
    /// (`axum::extract::DefaultBodyLimit::max` on the route), in bytes.
    pub body_max: usize,
    /// The largest body of any route, in bytes.
    pub upload_max: usize,
    /// How long a request may take until its answer's head is ready, in milliseconds. Streams (live
    /// updates) may last longer.
    pub answer_within_ms: u64,
    /// Renders problems for browsers; `None` answers everybody with JSON.
    pub problem_page: Option<ProblemPage>,
}

impl Default for Shell {
    fn default() -> Self {
        Self {
            service: "web",
            tls: false,
            public_origin: None,
            body_max: 256 * 1024,
            upload_max: 32 * 1024 * 1024,
            answer_within_ms: 30_000,
            problem_page: None,
        }
    }
}

/// Puts the layers around a router whose routes and fallback are complete. From the outside in:
/// span and measure, security headers, problems in the reader's form, panics, time limit, the kept
/// language, the cross-site check, body limits.
pub fn shell(router: Router, shell: Shell) -> Router {
    let own = CrossSite { public_origin: shell.public_origin.map(Into::into) };
    let within = Duration::from_millis(shell.answer_within_ms);
    router
        .layer(DefaultBodyLimit::max(shell.body_max))
        .layer(RequestBodyLimitLayer::new(shell.upload_max))
        .layer(from_fn_with_state(own, refuse_cross_site))
        .layer(from_fn(language::remember))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, within))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(shell.problem_page, problem::answer))
        .layer(from_fn_with_state(SecurityHeaders { tls: shell.tls }, add_headers))
        .layer(from_fn_with_state(shell.service, trace))
}

/// The payload of a panic may quote data: it is not logged here.
fn panicked(_payload: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    Refused::from(INTERNAL_ERROR.refuse()).into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::{
        body::{Body, Bytes, to_bytes},
        http::Request,
        routing::{get, post},
    };
    use tower::ServiceExt;

    use super::*;

    async fn panics() -> &'static str {
        panic!("about 13800138000")
    }

    fn app() -> Router {
        let routes = Router::new()
            .route("/matters/{id}", get(|| async { "ok" }))
            .route("/panic", get(panics))
            .route("/stuck", get(|| async { std::future::pending::<&str>().await }))
            .route("/act", post(|body: Bytes| async move { body.len().to_string() }))
            .route(
                "/upload",
                post(|body: Bytes| async move { body.len().to_string() }).layer(DefaultBodyLimit::max(64)),
            );
        let page: ProblemPage = Arc::new(|problem, _| Some(format!("<h1>{}</h1>", problem.title)));
        shell(
            routes,
            Shell {
                service: "shell_test",
                body_max: 16,
                upload_max: 64,
                answer_within_ms: 50,
                problem_page: Some(page),
                ..Shell::default()
            },
        )
    }

    async fn send(request: Request<Body>) -> (Response<()>, String) {
        let (parts, body) = app().oneshot(request).await.expect("answer").into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("body");
        (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).expect("text"))
    }

    fn get_request(path: &str) -> Request<Body> {
        Request::get(path).header("accept", "text/html").body(Body::empty()).expect("request")
    }

    fn post_bytes(path: &str, bytes: usize) -> Request<Body> {
        Request::post(path).body(Body::from("x".repeat(bytes))).expect("request")
    }

    #[tokio::test]
    async fn every_answer_is_guarded_and_measured_by_its_route() {
        let (head, text) = send(get_request("/matters/xf_1")).await;
        assert_eq!((head.status(), text.as_str()), (StatusCode::OK, "ok"));
        assert!(head.headers().contains_key("content-security-policy"));
        let (head, text) = send(get_request("/nowhere/13800138000")).await;
        assert_eq!((head.status(), text.as_str()), (StatusCode::NOT_FOUND, "<h1>未找到</h1>"));
        assert!(head.headers().contains_key("content-security-policy"), "errors are guarded, too");
        let measures = telemetry::metrics().render();
        for series in [r#"route="/matters/{id}",status="200""#, r#"route="unmatched",status="404""#] {
            let line = format!(r#"service="shell_test",method="GET",{series}"#);
            assert!(measures.contains(&line), "{line}\n{measures}");
        }
        assert!(!measures.contains("xf_1") && !measures.contains("138"), "no path is a label");
    }

    #[tokio::test]
    async fn a_panic_and_a_stuck_handler_are_answered() {
        let (head, text) = send(get_request("/panic")).await;
        assert_eq!(
            (head.status(), text.as_str()),
            (StatusCode::INTERNAL_SERVER_ERROR, "<h1>系统内部错误</h1>")
        );
        let (head, text) = send(get_request("/stuck")).await;
        assert_eq!(
            (head.status(), text.as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, "<h1>服务暂时不可用</h1>")
        );
    }

    #[tokio::test]
    async fn bodies_are_limited_by_route_and_at_the_door() {
        assert_eq!(send(post_bytes("/act", 16)).await.1, "16");
        assert_eq!(send(post_bytes("/act", 17)).await.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(send(post_bytes("/upload", 64)).await.1, "64");
        let (head, text) = send(post_bytes("/upload", 65)).await;
        assert_eq!(head.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(text.contains("body_too_large"), "{text}");
    }

    #[tokio::test]
    async fn another_site_cannot_act() {
        let mut request = post_bytes("/act", 1);
        request.headers_mut().insert("sec-fetch-site", "cross-site".parse().expect("value"));
        let (head, text) = send(request).await;
        assert_eq!(head.status(), StatusCode::FORBIDDEN);
        assert!(text.contains("cross_site_request"), "{text}");
    }
}
