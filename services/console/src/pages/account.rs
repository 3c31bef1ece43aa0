//! 我的账号: a password of one's own.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use kernel::Refusal;

use super::{
    Names, Shown, Visit,
    form::{Draft, answer},
    typed::Typed,
};
use crate::{accounts::PASSWORD_MIN, door::Site, error, views::account::AccountPage};

/// `GET /account`
pub async fn show(visit: Visit) -> Shown {
    page(&visit, None).await
}

async fn page(visit: &Visit, refusal: Option<&Refusal>) -> Shown {
    let names = Names::of(visit).await?;
    let session = visit.caller.session()?;
    let draft = Draft::new(visit, &["current", "password", "password_again"]).refused(refusal);
    let view = AccountPage {
        chrome: visit.chrome_of(&names, "", "").await?,
        command: draft.command("/account", None),
        login: session.login.clone(),
        current: draft.secret("current"),
        password: draft.secret("password"),
        password_again: draft.secret("password_again"),
        password_min: u32::try_from(PASSWORD_MIN).unwrap_or(0),
        must_change: session.must_change,
    };
    let page = visit.site.page(visit.language, &view)?;
    Ok(answer(page, refusal))
}

/// `POST /account`
pub async fn submit(State(site): State<Arc<Site>>, visit: Visit, typed: Typed) -> Shown {
    match change(&site, &visit, &typed).await {
        Ok(()) => Ok(Redirect::to("/account?notice=password_changed").into_response()),
        Err(refusal) => page(&visit, Some(&refusal)).await,
    }
}

async fn change(site: &Site, visit: &Visit, typed: &Typed) -> Result<(), Refusal> {
    let password = typed.exact("password");
    if password != typed.exact("password_again") {
        return Err(error::PASSWORDS_DIFFER.refuse().at("password_again"));
    }
    crate::rest::users::choose(site, &visit.caller, typed.exact("current"), password).await
}
