//! The headers that every answer carries.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Only our own scripts, styles and pictures, none of them inline; no frame around us. htmx must be
/// told to bring no inline style and no `eval`:
/// `<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false}'>`.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// A referrer goes to our own pages alone. `no-referrer` would also turn the `Origin` of our own
/// forms into `null`, on which the cross-site check of older browsers rests.
const REFERRER_POLICY: &str = "same-origin";
const PERMISSIONS_POLICY: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
/// One year, in seconds, as is usual.
const HSTS: &str = "max-age=31536000";

/// What the headers depend on.
#[derive(Clone, Copy, Debug, Default)]
pub struct SecurityHeaders {
    /// Whether the site is served under TLS: adds `Strict-Transport-Security`.
    pub tls: bool,
}

/// Middleware: adds the headers that the handler did not set itself. Pages hold personal data, so
/// the default is that nobody stores them; assets say otherwise for themselves.
pub async fn add_headers(State(options): State<SecurityHeaders>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    default(headers, header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(headers, header::X_FRAME_OPTIONS, "DENY");
    default(headers, header::REFERRER_POLICY, REFERRER_POLICY);
    default(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY);
    default(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(headers, header::CACHE_CONTROL, "no-store");
    if options.tls {
        default(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
    use tower::ServiceExt;

    use super::*;

    async fn headers(tls: bool, path: &str) -> HeaderMap {
        let app = Router::new()
            .route("/page", get(|| async { "page" }))
            .route("/asset", get(|| async { ([(header::CACHE_CONTROL, "public, max-age=60")], "asset") }))
            .layer(from_fn_with_state(SecurityHeaders { tls }, add_headers));
        let request = Request::get(path).body(Body::empty()).expect("request");
        app.oneshot(request).await.expect("answer").headers().clone()
    }

    #[tokio::test]
    async fn a_page_is_guarded_and_not_stored() {
        let headers = headers(false, "/page").await;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"), "nothing inline: {policy}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::REFERRER_POLICY], "same-origin");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }

    #[tokio::test]
    async fn a_handler_may_set_its_own_and_tls_is_made_to_stay() {
        let headers = headers(true, "/asset").await;
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=60");
        assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], HSTS);
    }
}
