//! The guard of each route: finds the session and asks for the route's right.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header::AUTHORIZATION},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use kernel::Refusal;
use web::problem::Refused;

use super::{Caller, Site};
use crate::{accounts, error, rights::Right};

/// What a guard asks for.
#[derive(Clone)]
pub struct Guard {
    /// The door.
    pub site: Arc<Site>,
    /// The route's right.
    pub right: Right,
}

/// Where API clients ask; everything else is a page.
const API: &str = "/api/";
/// The header under whose value a repeated command is done once.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Longest idempotency key, in characters.
const KEY_MAX: usize = 100;
/// What API keys begin with.
const KEY: &str = "lxa_";

/// Middleware: passes a caller that holds the right, with [`Caller`] in the request.
pub async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    // Read before anything is awaited: a request's body cannot be shared.
    let token = bearer(request.headers()).or_else(|| guard.site.cookie.read(request.headers()));
    let ip = guard.site.clients.of(request.extensions(), request.headers());
    let is_page = !request.uri().path().starts_with(API);
    let key = key_of(request.headers());
    let found =
        find(&guard.site, token, ip, is_page).await.and_then(|caller| Ok(Caller { key: key?, ..caller }));
    let caller = match found {
        Ok(caller) => caller,
        Err(refusal) => return Refused::from(refusal).into_response(),
    };
    let caller = if guard.right == Right::Public { caller.unless_issued() } else { caller };
    let is_read = request.method() == Method::GET;
    match admit(guard.right, &caller) {
        Ok(()) => {}
        Err(refusal) if is_page && is_read => return instead(&request, &caller, refusal),
        Err(refusal) => return Refused::from(refusal).into_response(),
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

async fn find(
    site: &Site,
    token: Option<String>,
    ip: Option<IpAddr>,
    is_page: bool,
) -> Result<Caller, Refusal> {
    let ip = ip.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string());
    let Some(token) = token else { return Ok(Caller::public(ip)) };
    // Pages are for people.
    if token.starts_with(KEY) && !is_page {
        let found = accounts::keys::find(&site.deps.db, &token).await.map_err(|e| error::away(&e))?;
        let Some((session, scopes)) = found else { return Err(web::door::NOT_SIGNED_IN.refuse()) };
        site.limits.by_key.take(&session.login)?;
        let (session, scopes) = (Some(Arc::new(session)), Some(scopes.into()));
        return Ok(Caller { session, scopes, ..Caller::public(ip) });
    }
    let session = accounts::find(&site.deps.db, &token).await.map_err(|e| error::away(&e))?;
    Ok(Caller { session: session.map(Arc::new), ..Caller::public(ip) })
}

/// The idempotency key of a request.
fn key_of(headers: &HeaderMap) -> Result<Option<Arc<str>>, Refusal> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| is_key(key));
    let key = key.ok_or_else(|| error::IDEMPOTENCY_KEY_SHAPE.refuse().at(IDEMPOTENCY_KEY))?;
    Ok(Some(key.into()))
}

/// Whether a text can be an idempotency key.
#[must_use]
pub fn is_key(text: &str) -> bool {
    (1..=KEY_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn admit(right: Right, caller: &Caller) -> Result<(), Refusal> {
    if !right.is_held_by(caller.actor()) {
        let refused =
            if caller.session.is_some() { &web::errors::NOT_ALLOWED } else { &web::door::NOT_SIGNED_IN };
        return Err(refused.refuse());
    }
    let scoped =
        |scopes: &Arc<[Right]>| matches!(right, Right::Public | Right::SignedIn) || scopes.contains(&right);
    if caller.scopes.as_ref().is_some_and(|scopes| !scoped(scopes)) {
        return Err(web::errors::NOT_ALLOWED.refuse());
    }
    let must_change = caller.session.as_ref().is_some_and(|session| session.must_change);
    if must_change && !matches!(right, Right::Public | Right::SignedIn) {
        return Err(error::PASSWORD_TO_CHANGE.refuse());
    }
    Ok(())
}

/// A browser that reads a page is led to what is missing: a sign-in, a password of its own.
fn instead(request: &Request, caller: &Caller, refusal: Refusal) -> Response {
    if caller.session.is_none() {
        let here = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let back: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
        return Redirect::to(&format!("/login?back={back}")).into_response();
    }
    if refusal.code == error::PASSWORD_TO_CHANGE.code {
        return Redirect::to("/account").into_response();
    }
    Refused::from(refusal).into_response()
}
