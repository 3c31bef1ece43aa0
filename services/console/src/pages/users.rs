//! 用户: accounts of this place; an agency's administrator sees those of the agency.

use std::{collections::HashSet, sync::Arc};

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use kernel::{Place, Refusal, Role, UserId};

use super::{
    Names, Shown, Visit,
    form::{Draft, answer},
    typed::Typed,
};
use crate::{
    accounts::{self, Account, Change, NewAccount},
    door::Site,
    error,
    rest::body,
    rights::roles_of,
    views::{
        account::{Issued, UserForm, UserRow, UsersPage},
        form::Choice,
    },
};

/// What a page of users says besides its list.
#[derive(Default)]
pub(super) struct Extra<'e> {
    pub(super) key: Option<(&'e Typed, &'e Refusal)>,
    pub(super) key_issued: Option<Issued>,
    pub(super) add: Option<(&'e Typed, &'e Refusal)>,
    pub(super) issued: Option<Issued>,
    pub(super) row: Option<(UserId, &'e Refusal)>,
}

/// `GET /users`
pub async fn show(visit: Visit) -> Shown {
    page(&visit, Extra::default()).await
}

/// Whose accounts somebody governs: an agency's own, or all.
pub(super) fn governed(visit: &Visit) -> Option<Place> {
    visit.caller.agency().cloned().map(Place::Agency)
}

pub(super) async fn page(visit: &Visit, extra: Extra<'_>) -> Shown {
    let names = Names::of(visit).await?;
    let place = governed(visit);
    let db = &visit.site.deps.db;
    let accounts = accounts::list(db, place.as_ref()).await.map_err(|e| error::away(&e))?;
    let keys = accounts::keys::list(db, place.as_ref()).await.map_err(|e| error::away(&e))?;
    // A program's account stands below, with its key.
    let keys: HashSet<UserId> = keys.into_iter().map(|key| key.id).collect();
    let refusal = extra.add.or(extra.key).map(|(_, r)| r).or(extra.row.map(|(_, r)| r));
    let view = UsersPage {
        chrome: visit.chrome_of(&names, "users", "").await?,
        users: accounts
            .iter()
            .filter(|a| !keys.contains(&a.id))
            .map(|account| row(visit, &names, account, extra.row))
            .collect(),
        add: add_form(visit, &names, "/users", extra.add),
        issued: extra.issued,
        keys: super::user_keys::part(visit, &names, extra.key, extra.key_issued).await?,
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(answer(page, refusal))
}

fn row(visit: &Visit, names: &Names, account: &Account, wrong: Option<(UserId, &Refusal)>) -> UserRow {
    let own = wrong.filter(|(id, _)| *id == account.id).map(|(_, refusal)| refusal);
    let command = |what: &str, refusal: Option<&Refusal>| {
        let href = format!("/users/{}/{what}", account.id);
        Draft::new(visit, &[]).refused(refusal).command(href, Some(account.version))
    };
    UserRow {
        id: account.id.to_string(),
        login: account.login.clone(),
        name: account.display.clone(),
        unit: names.unit(&account.place),
        roles: roles_of(&account.place)
            .iter()
            .map(|role| Choice::code(role.code(), account.roles.contains(role)))
            .collect(),
        disabled: account.disabled,
        is_self: visit.caller.actor().is_some_and(|actor| actor.user == account.id),
        last_sign_in_at: account.last_sign_in_at.map(|at| at.to_string()),
        set_roles: command("roles", own),
        set_disabled: command("disabled", None),
        reset_password: command("password", None),
    }
}

/// A new account, a person's or a program's.
pub(super) fn add_form(
    visit: &Visit,
    names: &Names,
    href: &str,
    tried: Option<(&Typed, &Refusal)>,
) -> UserForm {
    let draft = Draft::new(visit, &["login", "display", "roles", "scopes"]).tried(tried);
    let chosen_unit = draft.value("unit", "");
    let chosen = |role: &Role| tried.is_some_and(|(typed, _)| typed.all("roles").any(|r| r == role.code()));
    let own = governed(visit);
    let office = own.is_none().then(|| Choice::named("office", names.office(), chosen_unit == "office"));
    let agencies = names
        .agencies()
        .filter(|(listed, _)| own.is_none() || own == Some(Place::Agency(listed.agency.clone())))
        .map(|(listed, name)| {
            Choice::named(listed.agency.as_str(), name, chosen_unit == listed.agency.as_str())
        });
    UserForm {
        command: draft.command(href, None),
        login: draft.field("login", ""),
        name: draft.field_at("name", "", "display"),
        units: office.into_iter().chain(agencies).collect(),
        roles: Role::ALL.iter().map(|role| Choice::code(role.code(), chosen(role))).collect(),
        roles_problem: draft.about("roles"),
    }
}

pub(super) fn roles_typed(typed: &Typed) -> Vec<Role> {
    typed.all("roles").filter_map(|code| code.parse().ok()).collect()
}

/// `POST /users`
pub async fn add(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let place = match (governed(&visit), typed.get("unit").parse()) {
        (Some(own), _) => own,
        (None, Ok(code)) if typed.get("unit") != "office" => Place::Agency(code),
        (None, _) => Place::Office,
    };
    let password = accounts::issue(&site.deps.db);
    let new = NewAccount {
        login: typed.get("login").to_owned(),
        display: typed.get("name").to_owned(),
        place,
        roles: roles_typed(&typed),
        password: password.clone(),
        must_change: true,
    };
    let login = new.login.clone();
    match accounts::add_hashed(&site.deps.db, &site.bench, new).await {
        // Shown in this answer alone: a redirect would have to carry the password.
        Ok(_) => page(&visit, Extra { issued: Some(Issued { login, password }), ..Extra::default() }).await,
        Err(error) => {
            let refusal = Refusal::from(error);
            page(&visit, Extra { add: Some((&typed, &refusal)), ..Extra::default() }).await
        }
    }
}

/// The account of a path, if the caller governs it.
async fn found(site: &Site, visit: &Visit, id: &str) -> Result<Account, Refusal> {
    let id: UserId = body::id(id)?;
    let account = accounts::by_id(&site.deps.db, id).await.map_err(|e| error::away(&e))?;
    let own = governed(visit);
    account
        .filter(|account| own.as_ref().is_none_or(|place| account.place == *place))
        .ok_or_else(|| error::NO_SUCH_ACCOUNT.refuse())
}

async fn changed(site: &Site, visit: &Visit, id: &str, typed: &Typed, change: Change) -> Shown {
    let account = found(site, visit, id).await?;
    let issued = match &change {
        Change::Issued(password) => Some(Issued { login: account.login.clone(), password: password.clone() }),
        Change::Roles(_) | Change::Disabled(_) | Change::Chosen(_) => None,
    };
    match accounts::change(&site.deps.db, &site.bench, account.id, typed.version(), change).await {
        Ok(_) if issued.is_some() => page(visit, Extra { issued, ..Extra::default() }).await,
        Ok(_) => Ok(Redirect::to("/users?notice=user_changed").into_response()),
        Err(refusal) => page(visit, Extra { row: Some((account.id, &refusal)), ..Extra::default() }).await,
    }
}

/// `POST /users/{id}/roles`
pub async fn roles(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let change = Change::Roles(roles_typed(&typed));
    changed(&site, &visit, &id, &typed, change).await
}

/// `POST /users/{id}/disabled`
pub async fn disabled(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let change = Change::Disabled(typed.is_on("disabled"));
    changed(&site, &visit, &id, &typed, change).await
}

/// `POST /users/{id}/password`
pub async fn password(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    typed: Typed,
) -> Shown {
    let change = Change::Issued(accounts::issue(&site.deps.db));
    changed(&site, &visit, &id, &typed, change).await
}
