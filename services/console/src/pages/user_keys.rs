//! 接口密钥 on the page of users: made for a program, shown once, revoked; what was revoked stays in the list.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use kernel::{Place, Refusal};

use super::{
    Names, Shown, Visit,
    form::Draft,
    typed::Typed,
    users::{self, Extra, add_form, governed, roles_typed},
};
use crate::{
    accounts::keys::{self, Key, NewKey},
    door::Site,
    error,
    rest::{body, keys::scopes},
    rights::Right,
    views::{
        account::{Issued, KeyRow, KeysPart},
        form::Choice,
    },
};

/// How long a key made on the page is good, in days.
const DAYS: i64 = 90;

/// The part of the page.
pub(super) async fn part(
    visit: &Visit,
    names: &Names,
    tried: Option<(&Typed, &Refusal)>,
    issued: Option<Issued>,
) -> Result<KeysPart, Refusal> {
    let found = keys::list(&visit.site.deps.db, governed(visit).as_ref()).await;
    let found = found.map_err(|e| error::away(&e))?;
    let chosen = |code: &str| tried.is_some_and(|(typed, _)| typed.all("scopes").any(|one| one == code));
    let given =
        Right::ALL.iter().filter(|right| !matches!(right, Right::Public | Right::SignedIn | Right::Users));
    Ok(KeysPart {
        rows: found.into_iter().map(|key| row(visit, names, key)).collect(),
        add: add_form(visit, names, "/users/keys", tried),
        scopes: given.map(|right| Choice::code(right.code(), chosen(right.code()))).collect(),
        scopes_problem: Draft::new(visit, &["scopes"]).tried(tried).about("scopes"),
        issued,
    })
}

fn row(visit: &Visit, names: &Names, key: Key) -> KeyRow {
    KeyRow {
        unit: names.unit(&key.place),
        scopes: key.scopes.iter().map(|scope| scope.code().to_owned()).collect(),
        made_by: key.made_by.unwrap_or_default(),
        made_at: key.made_at.to_string(),
        expires_at: key.expires_at.to_string(),
        revoked_by: key.revoked_by,
        revoked_at: key.revoked_at.map(|at| at.to_string()),
        last_used_at: key.last_used_at.map(|at| at.to_string()),
        revoke: Draft::new(visit, &[]).command(format!("/users/keys/{}/revoke", key.id), None),
        login: key.login,
        name: key.display,
    }
}

/// `POST /users/keys`
pub async fn make(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let by = visit.caller.session()?.actor.user;
    let place = match (governed(&visit), typed.get("unit").parse()) {
        (Some(own), _) => own,
        (None, Ok(code)) if typed.get("unit") != "office" => Place::Agency(code),
        (None, _) => Place::Office,
    };
    let made = async {
        let new = NewKey {
            login: typed.get("login").to_owned(),
            display: typed.get("name").to_owned(),
            place,
            roles: roles_typed(&typed),
            scopes: scopes(typed.all("scopes"))?,
            days: DAYS,
        };
        keys::make(&site.deps.db, &site.bench, by, new).await
    };
    match made.await {
        // Shown in this answer alone, as a password is.
        Ok((_, token)) => {
            let issued = Issued { login: typed.get("login").to_owned(), password: token.expose().to_owned() };
            users::page(&visit, Extra { key_issued: Some(issued), ..Extra::default() }).await
        }
        Err(refusal) => {
            users::page(&visit, Extra { key: Some((&typed, &refusal)), ..Extra::default() }).await
        }
    }
}

/// `POST /users/keys/{id}/revoke`
pub async fn revoke(State(site): State<Arc<Site>>, visit: Visit, Path(id): Path<String>) -> Shown {
    let by = visit.caller.session()?.actor.user;
    keys::revoke(&site.deps.db, governed(&visit).as_ref(), by, body::id(&id)?).await?;
    Ok(Redirect::to("/users?notice=user_changed").into_response())
}
