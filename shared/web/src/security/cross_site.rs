//! No other site may make a browser act here: unsafe methods must come from our own pages.
//!
//! Browsers state it in `Sec-Fetch-Site`; where they do not (plain HTTP on a network, older ones),
//! `Origin` must be ours. A request with neither is no browser's, or an old browser's: it passes only
//! without cookies, where there is no session to abuse. API clients carry a key and no cookie.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, Method, Uri,
        header::{COOKIE, HOST, ORIGIN},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{errors::CROSS_SITE_REQUEST, problem::Refused};

/// What counts as our own site.
#[derive(Clone, Debug, Default)]
pub struct CrossSite {
    /// The origin that people see when a gateway stands before us (`https://xf.example.gov.cn`).
    /// Without it the request's own `Host` decides.
    pub public_origin: Option<Arc<str>>,
}

impl CrossSite {
    fn allows(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
        if method.is_safe() {
            return true;
        }
        if let Some(site) = headers.get("sec-fetch-site") {
            // `none` is the person itself: an address typed, a page reloaded.
            return site == "same-origin" || site == "none";
        }
        match headers.get(ORIGIN) {
            Some(_) => self.is_public_origin(headers) || is_own_host(uri, headers),
            None => !headers.contains_key(COOKIE),
        }
    }

    fn is_public_origin(&self, headers: &HeaderMap) -> bool {
        let origin = headers.get(ORIGIN).and_then(|v| v.to_str().ok());
        origin.is_some() && origin == self.public_origin.as_deref()
    }
}

/// Whether `Origin` names the host that the request went to. The scheme is not compared: a gateway
/// may have ended TLS before us.
fn is_own_host(uri: &Uri, headers: &HeaderMap) -> bool {
    let host =
        headers.get(HOST).and_then(|v| v.to_str().ok()).or_else(|| uri.authority().map(|a| a.as_str()));
    let origin = headers.get(ORIGIN).and_then(|v| v.to_str().ok());
    let authority = origin.and_then(|o| o.split_once("://")).map(|(_, authority)| authority);
    host.is_some_and(|host| authority.is_some_and(|a| a.eq_ignore_ascii_case(host)))
}

/// Middleware: refuses what another site asked for.
pub async fn refuse_cross_site(State(own): State<CrossSite>, request: Request, next: Next) -> Response {
    if own.allows(request.method(), request.uri(), request.headers()) {
        next.run(request).await
    } else {
        Refused::from(CROSS_SITE_REQUEST.refuse()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(method: &Method, headers: &[(&'static str, &'static str)]) -> bool {
        let own = CrossSite { public_origin: Some("https://xf.example.gov.cn".into()) };
        let headers: HeaderMap =
            headers.iter().map(|(n, v)| (n.parse().expect("name"), v.parse().expect("value"))).collect();
        own.allows(method, &Uri::from_static("/"), &headers)
    }

    #[test]
    fn our_own_pages_may_act() {
        let session = ("cookie", "session=1");
        assert!(allows(&Method::POST, &[session, ("sec-fetch-site", "same-origin")]));
        assert!(allows(&Method::POST, &[session, ("host", "lan:8080"), ("origin", "http://LAN:8080")]));
        assert!(allows(
            &Method::POST,
            &[session, ("host", "inner"), ("origin", "https://xf.example.gov.cn")]
        ));
        assert!(allows(&Method::GET, &[session, ("sec-fetch-site", "cross-site")]), "reading is no act");
    }

    #[test]
    fn other_sites_may_not() {
        let session = ("cookie", "session=1");
        assert!(!allows(&Method::POST, &[session, ("sec-fetch-site", "cross-site")]));
        assert!(!allows(&Method::DELETE, &[session, ("sec-fetch-site", "same-site")]));
        assert!(!allows(&Method::POST, &[session, ("host", "lan:8080"), ("origin", "http://evil")]));
        assert!(!allows(&Method::POST, &[session, ("host", "lan:8080"), ("origin", "null")]));
        assert!(!allows(
            &Method::POST,
            &[session, ("sec-fetch-site", "cross-site"), ("host", "lan"), ("origin", "http://lan")]
        ));
        assert!(!allows(&Method::POST, &[session]), "a session without an origin may be forged");
    }

    #[test]
    fn a_client_without_cookies_has_no_session_to_abuse() {
        assert!(allows(&Method::POST, &[("authorization", "Bearer key")]));
    }
}
