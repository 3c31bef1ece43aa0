//! The table of routes: a route cannot be made without a right, and what is made can be listed.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    middleware::from_fn_with_state,
    routing::{MethodRouter, delete, get, post},
};

use super::{
    Operation, Site,
    guard::{Guard, guard},
};
use crate::rights::Right;

/// One route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteRow {
    /// `GET`, `POST`, `DELETE`.
    pub method: &'static str,
    /// Its path, as axum has it.
    pub path: &'static str,
    /// What it asks of its caller.
    pub right: Right,
}

/// Routes in the making.
pub struct Routes {
    site: Arc<Site>,
    router: Router<Arc<Site>>,
    table: Vec<RouteRow>,
    described: Vec<(RouteRow, Operation)>,
}

impl Routes {
    /// None yet.
    #[must_use]
    pub fn new(site: Arc<Site>) -> Self {
        Self { site, router: Router::new(), table: Vec::new(), described: Vec::new() }
    }

    /// A page or a query.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.add("GET", path, right, get(handler))
    }

    /// A command.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.add("POST", path, right, post(handler))
    }

    /// A command with files: its body may have so many bytes.
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, right: Right, body_max: usize, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.add("POST", path, right, post(handler).layer(DefaultBodyLimit::max(body_max)))
    }

    /// An ending.
    #[must_use]
    pub fn delete<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Arc<Site>>,
        T: 'static,
    {
        self.add("DELETE", path, right, delete(handler))
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        right: Right,
        route: MethodRouter<Arc<Site>>,
    ) -> Self {
        let asked = Guard { site: self.site.clone(), right };
        self.router = self.router.route(path, route.route_layer(from_fn_with_state(asked, guard)));
        self.table.push(RouteRow { method, path, right });
        self
    }

    /// What the OpenAPI document says of the route just made.
    #[must_use]
    pub fn says(mut self, operation: Operation) -> Self {
        if let Some(row) = self.table.last() {
            self.described.push((*row, operation));
        }
        self
    }

    /// The routes of the OpenAPI document.
    #[must_use]
    pub fn described(&self) -> &[(RouteRow, Operation)] {
        &self.described
    }

    /// What was made.
    #[must_use]
    pub fn table(&self) -> &[RouteRow] {
        &self.table
    }

    /// The router of all of them.
    pub fn into_router(self) -> Router {
        self.router.with_state(self.site)
    }
}
