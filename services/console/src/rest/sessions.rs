//! Signing in and out.

use std::sync::Arc;

use axum::{Json as Answer, extract::State, http::StatusCode};
use kernel::{Place, Role, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{extract::Json, problem::Refused};

use crate::{
    accounts::{self, SignedIn},
    door::{Caller, Site},
    error,
};

/// A sign-in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The account's name.
    pub login: String,
    /// Its password.
    pub password: String,
}

/// A session as API clients get it.
#[derive(Serialize, JsonSchema)]
pub struct Opened {
    token: String,
    display: String,
    place: Place,
    roles: Vec<Role>,
    must_change: bool,
    expires_at: UnixMillis,
}

/// Signs in within the limits of address and account.
///
/// # Errors
/// `too_many_requests`, `wrong_login`, `console_busy`.
pub async fn admit(
    site: &Site,
    caller: &Caller,
    login: &str,
    password: &str,
) -> Result<SignedIn, kernel::Refusal> {
    site.limits.login_by_ip.take(&caller.ip)?;
    site.limits.login_by_account.take(&login.trim().to_lowercase())?;
    accounts::sign_in(&site.deps.db, &site.bench, login, password).await
}

/// `POST /api/v1/sessions`
pub async fn open(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(asked): Json<Credentials>,
) -> Result<(StatusCode, Answer<Opened>), Refused> {
    let SignedIn { token, session } = admit(&site, &caller, &asked.login, &asked.password).await?;
    let opened = Opened {
        token: token.expose().to_owned(),
        display: session.display,
        place: session.actor.place,
        roles: session.actor.roles,
        must_change: session.must_change,
        expires_at: session.expires_at,
    };
    Ok((StatusCode::CREATED, Answer(opened)))
}

/// `DELETE /api/v1/sessions/current`
pub async fn close(State(site): State<Arc<Site>>, caller: Caller) -> Result<StatusCode, Refused> {
    accounts::end(&site.deps.db, caller.session()?).await.map_err(|e| error::away(&e))?;
    Ok(StatusCode::NO_CONTENT)
}
