//! 登录, 首次使用.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use kernel::Refusal;
use serde::Deserialize;

use super::{
    Names, Shown, Visit,
    form::{Draft, answer},
    typed::Typed,
};
use crate::{
    accounts::{self, PASSWORD_MIN, SignedIn},
    door::Site,
    error,
    rest::sessions,
    views::{
        account::{FirstRunPage, LoginPage, SampleLogin},
        form::Field,
    },
};

/// Where to go afterwards.
#[derive(Default, Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// Only addresses of our own: one leading slash, no scheme, no host.
fn own_address(back: &str) -> &str {
    let own = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    if own { back } else { "/" }
}

/// `GET /login`
pub async fn show(visit: Visit, Query(asked): Query<Back>) -> Shown {
    if visit.caller.session.is_some() {
        return Ok(Redirect::to(own_address(&asked.back)).into_response());
    }
    page(&visit, "", &asked.back, None).await
}

async fn page(visit: &Visit, login: &str, back: &str, refusal: Option<&Refusal>) -> Shown {
    let names = Names::of(visit).await?;
    let sample = |s: &crate::config::SampleLogin| SampleLogin {
        login: s.login.clone(),
        password: s.password.clone(),
        unit: names.unit(&s.place),
        roles: s.roles.iter().map(|role| role.code().to_owned()).collect(),
    };
    let view = LoginPage {
        chrome: visit.chrome_of(&names, "", "").await?,
        command: Draft::new(visit, &[]).refused(refusal).command("/login", None),
        login: Field::of(login),
        back: back.to_owned(),
        samples: visit.site.deps.config.samples.iter().map(sample).collect(),
        lookup_href: "/portal".to_owned(),
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(answer(page, refusal))
}

/// `POST /login`
pub async fn submit(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    let (login, back) = (typed.get("login"), typed.get("back"));
    match sessions::admit(&site, &visit.caller, login, typed.exact("password")).await {
        Ok(signed_in) => Ok(with_session(&site, &signed_in, own_address(back))?),
        Err(refusal) => page(&visit, login, back, Some(&refusal)).await,
    }
}

fn with_session(site: &Site, signed_in: &SignedIn, to: &str) -> Result<Response, Refusal> {
    let to = if signed_in.session.must_change { "/account" } else { to };
    let cookie = site.cookie.set(signed_in.token.expose(), None);
    let cookie: HeaderValue = cookie.map_err(|_| web::errors::INTERNAL_ERROR.refuse())?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(to)).into_response())
}

/// `POST /logout`
pub async fn leave(State(site): State<Arc<Site>>, visit: Visit) -> Shown {
    accounts::end(&site.deps.db, visit.caller.session()?).await.map_err(|e| error::away(&e))?;
    Ok(([(SET_COOKIE, site.cookie.clear())], Redirect::to("/login?notice=signed_out")).into_response())
}

/// `GET /first-run/{token}`
pub async fn first_run(State(site): State<Arc<Site>>, visit: Visit, Path(token): Path<String>) -> Shown {
    if !accounts::is_open(&site.deps.db, &token).await.map_err(|e| error::away(&e))? {
        return Err(error::FIRST_RUN_OVER.refuse().into());
    }
    first_run_page(&visit, &token, None).await
}

async fn first_run_page(visit: &Visit, token: &str, tried: Option<(&Typed, &Refusal)>) -> Shown {
    let names = Names::of(visit).await?;
    let draft = Draft::new(visit, &["display", "login", "password", "password_again"]).tried(tried);
    let view = FirstRunPage {
        chrome: visit.chrome(&names, "").await?,
        command: draft.command(format!("/first-run/{token}"), None),
        name: draft.field_at("name", "", "display"),
        login: draft.field("login", ""),
        password: draft.secret("password"),
        password_again: draft.secret("password_again"),
        password_min: u32::try_from(PASSWORD_MIN).unwrap_or(0),
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(answer(page, tried.map(|(_, refusal)| refusal)))
}

/// `POST /first-run/{token}`
pub async fn first_run_submit(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(token): Path<String>,
    typed: Typed,
) -> Shown {
    let password = typed.exact("password");
    let made = if password == typed.exact("password_again") {
        let (login, name) = (typed.get("login"), typed.get("name"));
        accounts::accept(&site.deps.db, &site.bench, &token, login, name, password).await.map(drop)
    } else {
        Err(error::PASSWORDS_DIFFER.refuse().at("password_again"))
    };
    if let Err(refusal) = made {
        return first_run_page(&visit, &token, Some((&typed, &refusal))).await;
    }
    let signed_in = accounts::sign_in(&site.deps.db, &site.bench, typed.get("login"), password).await?;
    Ok(with_session(&site, &signed_in, "/users")?)
}
