//! One span and one measure for each request, named by the route's template: a path or a query would
//! carry ids and what people typed.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, field::Empty, info_span};

use crate::problem::Reason;

/// What stands for a path that no route matches.
pub const UNMATCHED: &str = "unmatched";

/// Middleware: opens the request's span as a child of the caller's `traceparent`, counts and times
/// the request, and logs the one line of a failure of ours.
pub async fn trace(State(service): State<&'static str>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = method_name(request.method());
    let route =
        request.extensions().get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or(UNMATCHED).to_owned();
    let span = info_span!(
        "http",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        service,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        refusal = Empty,
    );
    let caller = request.headers().get("traceparent").and_then(|v| v.to_str().ok());
    telemetry::set_parent(&span, caller);
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if let Some(Reason(refusal)) = response.extensions().get::<Reason>() {
        span.record("refusal", refusal.code.as_ref());
    }
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
        span.in_scope(|| tracing::error!(status = status.as_u16(), "a request failed"));
    }
    telemetry::metrics().http_request(
        service,
        method,
        &route,
        status.as_u16(),
        began.elapsed().as_secs_f64(),
    );
    response
}

/// Any text may be sent as a method; only the usual ones become a name.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
