//! API keys by the REST face: made and revoked by an administrator; the token is given once.

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

use super::{body, paging, users};
use crate::{
    accounts::keys::{self, Key, NewKey},
    door::{Caller, Site},
    error,
    rights::Right,
};

/// A key as its administrator sees it.
#[derive(Serialize, JsonSchema)]
pub struct Shown {
    /// Its id, which is also its account's.
    pub id: UserId,
    /// The account's name: facts name it.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// The agency it belongs to; absent for the office.
    pub agency: Option<AgencyCode>,
    /// The account's roles.
    pub roles: Vec<Role>,
    /// What it may, of what the roles may.
    pub scopes: Vec<String>,
    /// Login of who made it.
    pub made_by: Option<String>,
    /// When.
    pub made_at: UnixMillis,
    /// Until when it is good.
    pub expires_at: UnixMillis,
    /// Login of who ended it.
    pub revoked_by: Option<String>,
    /// When.
    pub revoked_at: Option<UnixMillis>,
    /// The last use, to the minute.
    pub last_used_at: Option<UnixMillis>,
}

/// A new key.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The account's name.
    pub login: String,
    /// The name shown.
    pub display: String,
    /// The agency; the office when absent.
    #[serde(default)]
    pub agency: Option<AgencyCode>,
    /// The account's roles.
    pub roles: Vec<Role>,
    /// What the key may: `x-right` of the operations, in snake case.
    pub scopes: Vec<String>,
    /// How long it is good; 90 days when absent, 400 at most.
    #[serde(default = "ninety")]
    pub days: i64,
}

const fn ninety() -> i64 {
    90
}

/// A key and its token, which is given here and nowhere else.
#[derive(Serialize, JsonSchema)]
pub struct Made {
    /// Its id.
    pub id: UserId,
    /// `Authorization: Bearer <token>`.
    pub token: String,
}

fn shown(key: Key) -> Shown {
    let agency = match key.place {
        Place::Agency(code) => Some(code),
        Place::Office | Place::Portal | Place::Suite => None,
    };
    Shown {
        id: key.id,
        login: key.login,
        display: key.display,
        agency,
        roles: key.roles,
        scopes: key.scopes.iter().map(|scope| scope.code().to_owned()).collect(),
        made_by: key.made_by,
        made_at: key.made_at,
        expires_at: key.expires_at,
        revoked_by: key.revoked_by,
        revoked_at: key.revoked_at,
        last_used_at: key.last_used_at,
    }
}

/// `GET /api/v1/keys`
pub async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(page): Query<PageRequest>,
) -> Result<Answer<Page<Shown>>, Refused> {
    let found = keys::list(&site.deps.db, users::governed(&caller).as_ref()).await;
    let keys = found.map_err(|e| error::away(&e))?.into_iter().map(shown).collect();
    Ok(Answer(paging::cut(keys, &page, |key: &Shown| key.id.to_string())?))
}

/// Scopes from their code words.
///
/// # Errors
/// `scope_beyond_roles` for a word that is none.
pub fn scopes<'w>(words: impl Iterator<Item = &'w str>) -> Result<Vec<Right>, Refusal> {
    let wrong = |word: &str| {
        let shown: String = word.chars().take(40).collect();
        error::SCOPE_BEYOND_ROLES.refuse().at("scopes").with("scope", shown)
    };
    words.map(|word| Right::from_code(word).ok_or_else(|| wrong(word))).collect()
}

/// `POST /api/v1/keys`
pub async fn make(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(asked): Json<Asked>,
) -> Result<(StatusCode, Answer<Made>), Refused> {
    let by = caller.person()?.actor.user;
    let new = NewKey {
        login: asked.login,
        display: asked.display,
        place: users::place_of(&caller, asked.agency),
        roles: asked.roles,
        scopes: scopes(asked.scopes.iter().map(String::as_str))?,
        days: asked.days,
    };
    let (id, token) = keys::make(&site.deps.db, &site.bench, by, new).await?;
    Ok((StatusCode::CREATED, Answer(Made { id, token: token.expose().to_owned() })))
}

/// `DELETE /api/v1/keys/{id}`
pub async fn revoke(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let by = caller.person()?.actor.user;
    keys::revoke(&site.deps.db, users::governed(&caller).as_ref(), by, body::id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
