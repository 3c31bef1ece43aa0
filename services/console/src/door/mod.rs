//! The web door: what every route shares, who may pass it, and the table of all routes.

mod caller;
pub(crate) mod guard;
mod inbox;
mod memory;
pub mod operation;
mod problem;
pub mod routes;
mod site;

use std::sync::Arc;

use axum::{Router, extract::Request, http::header::CONTENT_TYPE, response::Redirect, routing::get};
use web::{PageError, ProblemPage, Shell, TextsError, problem::Refused};

pub use caller::Caller;
pub use operation::Operation;
pub use routes::{RouteRow, Routes};
pub use site::Site;

use crate::{Deps, open311, pages, rest, views};

/// The largest upload: a form with its files, in bytes.
const UPLOAD_MAX: usize = 64 * 1024 * 1024;

/// The door could not be made; a developer acts.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The texts.
    #[error(transparent)]
    Texts(#[from] TextsError),
    /// The templates.
    #[error(transparent)]
    Pages(#[from] PageError),
    /// The password bench.
    #[error(transparent)]
    Passwords(#[from] trust::PasswordError),
}

/// Every route with its right.
#[must_use]
pub fn routes(site: &Arc<Site>) -> Routes {
    open311::routes(pages::routes(rest::routes(Routes::new(site.clone()))))
}

/// Everything that is served, guarded.
///
/// # Errors
/// When texts, templates or the password bench do not fit.
pub fn router(deps: &Deps) -> Result<Router, DoorError> {
    let site = Arc::new(Site::try_new(deps)?);
    let shell = Shell {
        service: "console",
        tls: deps.config.tls,
        public_origin: deps.config.public_origin.clone(),
        upload_max: UPLOAD_MAX,
        problem_page: Some(problem_page(site.clone())),
        ..Shell::default()
    };
    let plain = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/favicon.ico", get(favicon))
        .merge(views::assets().router());
    let routes = routes(&site);
    let document = rest::openapi::document(routes.described(), deps.config.problems).to_string();
    let plain = plain.route(
        "/api/v1/openapi.json",
        get(|| async move { ([(CONTENT_TYPE, "application/json")], document) }),
    );
    Ok(web::shell(routes.into_router().merge(plain).fallback(nothing), shell))
}

async fn nothing(_request: Request) -> Refused {
    web::errors::PAGE_NOT_FOUND.refuse().into()
}

async fn favicon() -> Redirect {
    let url = views::assets().url("favicon.svg").unwrap_or_default();
    Redirect::temporary(&url)
}

fn problem_page(site: Arc<Site>) -> ProblemPage {
    Arc::new(move |problem, wanted| site.problem_page(problem, wanted))
}
