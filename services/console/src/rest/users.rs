//! 用户 by the REST face: accounts of the place that somebody governs, and one's own password.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
};
use contracts::{Page, PageRequest};
use kernel::{AgencyCode, Place, Refusal, Role, UnixMillis, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::{
    extract::{Json, Query},
    problem::Refused,
};

use super::{body, paging, sessions};
use crate::{
    accounts::{self, Account, Change, NewAccount},
    door::{Caller, Site},
    error,
};

/// An account as its administrator sees it.
#[derive(Serialize, JsonSchema)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The account's name.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// The agency it belongs to; absent for the office.
    pub agency: Option<AgencyCode>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// It may not sign in.
    pub disabled: bool,
    /// For `expected_version` of a change.
    pub version: i64,
    /// The last sign-in.
    pub last_sign_in_at: Option<UnixMillis>,
}

/// A new account.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The account's name.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// The agency; the office when absent. An agency's administrator makes accounts of the agency alone.
    #[serde(default)]
    pub agency: Option<AgencyCode>,
    /// Its roles.
    pub roles: Vec<Role>,
}

/// A password to hand over; given once.
#[derive(Serialize, JsonSchema)]
pub struct Issued {
    /// The account.
    pub id: UserId,
    /// Must be changed at the first sign-in.
    pub password: String,
}

/// Other roles.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRoles {
    /// The version that was seen.
    pub expected_version: i64,
    /// All of them.
    pub roles: Vec<Role>,
}

/// May or may not sign in.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDisabled {
    /// The version that was seen.
    pub expected_version: i64,
    /// May not.
    pub disabled: bool,
}

/// A new password is wanted.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// The version that was seen.
    pub expected_version: i64,
}

/// One's own new password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The present one.
    pub current: String,
    /// The new one.
    pub password: String,
}

/// The accounts that a caller governs: an agency's own, or all.
pub fn governed(caller: &Caller) -> Option<Place> {
    caller.agency().cloned().map(Place::Agency)
}

/// The place that a caller may make accounts of, of the one that is asked for.
pub fn place_of(caller: &Caller, asked: Option<AgencyCode>) -> Place {
    governed(caller).unwrap_or_else(|| asked.map_or(Place::Office, Place::Agency))
}

fn user(account: &Account) -> User {
    let agency = match &account.place {
        Place::Agency(code) => Some(code.clone()),
        Place::Office | Place::Portal | Place::Suite => None,
    };
    User {
        id: account.id,
        login: account.login.clone(),
        display: account.display.clone(),
        agency,
        roles: account.roles.clone(),
        disabled: account.disabled,
        version: account.version,
        last_sign_in_at: account.last_sign_in_at,
    }
}

/// `GET /api/v1/users`
pub async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(page): Query<PageRequest>,
) -> Result<Answer<Page<User>>, Refused> {
    let accounts = accounts::list(&site.deps.db, governed(&caller).as_ref()).await;
    let users = accounts.map_err(|e| error::away(&e))?.iter().map(user).collect();
    Ok(Answer(paging::cut(users, &page, |user: &User| user.id.to_string())?))
}

/// `POST /api/v1/users`
pub async fn add(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(new): Json<NewUser>,
) -> Result<(StatusCode, Answer<Issued>), Refused> {
    caller.person()?;
    let password = accounts::issue(&site.deps.db);
    let new = NewAccount {
        login: new.login,
        display: new.display,
        place: place_of(&caller, new.agency),
        roles: new.roles,
        password: password.clone(),
        must_change: true,
    };
    let id = accounts::add_hashed(&site.deps.db, &site.bench, new).await.map_err(Refusal::from)?;
    Ok((StatusCode::CREATED, Answer(Issued { id, password })))
}

async fn change(
    site: &Site,
    caller: &Caller,
    id: &str,
    expected_version: i64,
    change: Change,
) -> Result<User, Refusal> {
    caller.person().map_err(|refused| *refused.0)?;
    let id: UserId = body::id(id)?;
    let db = &site.deps.db;
    let own = governed(caller);
    let account = accounts::by_id(db, id).await.map_err(|e| error::away(&e))?;
    let known = account.is_some_and(|account| own.is_none_or(|place| account.place == place));
    if !known {
        return Err(error::NO_SUCH_ACCOUNT.refuse());
    }
    accounts::change(db, &site.bench, id, expected_version, change).await.map(|account| user(&account))
}

/// `POST /api/v1/users/{id}/roles`
pub async fn roles(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(set): Json<SetRoles>,
) -> Result<Answer<User>, Refused> {
    Ok(Answer(change(&site, &caller, &id, set.expected_version, Change::Roles(set.roles)).await?))
}

/// `POST /api/v1/users/{id}/disabled`
pub async fn disabled(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(set): Json<SetDisabled>,
) -> Result<Answer<User>, Refused> {
    Ok(Answer(change(&site, &caller, &id, set.expected_version, Change::Disabled(set.disabled)).await?))
}

/// `POST /api/v1/users/{id}/password`
pub async fn password(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(reset): Json<ResetPassword>,
) -> Result<Answer<Issued>, Refused> {
    let password = accounts::issue(&site.deps.db);
    let issued = Change::Issued(password.clone());
    let changed = change(&site, &caller, &id, reset.expected_version, issued).await?;
    Ok(Answer(Issued { id: changed.id, password }))
}

/// `POST /api/v1/account/password`
pub async fn own_password(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(new): Json<NewPassword>,
) -> Result<StatusCode, Refused> {
    caller.person()?;
    choose(&site, &caller, &new.current, &new.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes one's own password. The present one is asked for again: an open desk must not be enough. It is counted
/// like any sign-in.
///
/// # Errors
/// `wrong_login` at `current`, what is wrong with the new one.
pub async fn choose(site: &Site, caller: &Caller, current: &str, password: &str) -> Result<(), Refusal> {
    let session = caller.session().map_err(|refused| *refused.0)?;
    let again = sessions::admit(site, caller, &session.login, current).await;
    let again = again.map_err(|r| if r.code == error::WRONG_LOGIN.code { r.at("current") } else { r })?;
    let db = &site.deps.db;
    accounts::end(db, &again.session).await.map_err(|e| error::away(&e))?;
    let id = session.actor.user;
    let account = accounts::by_id(db, id).await.map_err(|e| error::away(&e))?;
    let account = account.ok_or_else(|| error::NO_SUCH_ACCOUNT.refuse())?;
    accounts::change(db, &site.bench, id, account.version, Change::Chosen(password.to_owned())).await?;
    accounts::end_others(db, session).await.map_err(|e| error::away(&e))
}
