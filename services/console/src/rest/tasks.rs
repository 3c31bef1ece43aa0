//! 待办 by the REST face: an agency's own people, or the office for an agency without computers.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use contracts::{
    Command, Page, PageRequest,
    agency::commands::{CountTasks, ListTasks, ShowTask, Task, TaskCounts},
    codes::AssignmentState,
};
use kernel::{AgencyCode, AssignmentId, Refusal};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use web::{
    extract::{Json, Query},
    problem::Refused,
};

use super::{
    body,
    etag::{self, IfMatch},
};
use crate::{
    door::{Caller, Site},
    error,
};

/// Which agency, asked by the office.
#[derive(Default, Deserialize, JsonSchema)]
pub struct Whose {
    /// Its code.
    #[serde(default)]
    pub agency: Option<String>,
}

/// The agency a request is about: the caller's own, whatever the request names; the office names one.
///
/// # Errors
/// `agency_to_name`.
pub fn agency_of(caller: &Caller, named: Option<&str>) -> Result<AgencyCode, Refusal> {
    if let Some(own) = caller.agency() {
        return Ok(own.clone());
    }
    named.and_then(|code| code.parse().ok()).ok_or_else(|| error::AGENCY_TO_NAME.refuse().at("agency"))
}

/// A list as an address asks for it.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Listing {
    agency: Option<String>,
    state: Option<AssignmentState>,
    open_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// `GET /api/v1/tasks`
pub async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<Task>>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_deref())?;
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command = ListTasks { state: asked.state, open_only: asked.open_only, page };
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `GET /api/v1/tasks/counts`
pub async fn counts(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(whose): Query<Whose>,
) -> Result<Answer<TaskCounts>, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    Ok(Answer(site.ask_agency(&caller, &agency, &CountTasks {}).await?))
}

/// `GET /api/v1/tasks/{id}`
pub async fn show(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let command = ShowTask { assignment_id: body::id(&id)? };
    let task: Task = site.ask_agency(&caller, &agency, &command).await?;
    Ok(etag::answer(&headers, &[task.version], &task))
}

/// `POST /api/v1/tasks/{id}/<step>`
pub async fn step<C: Command>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<C::Reply>, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let task: AssignmentId = body::id(&id)?;
    let command: C = body::command(if_match.into(body), "assignment_id", &task)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}
