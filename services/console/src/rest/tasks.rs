//! 待办 by the REST face: an agency's own people, or the office for an agency without computers.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use contracts::{
    Command, Page, PageRequest,
    agency::commands::{
        AnswerCo, Complete, CountTasks, DraftPart, Extend, IssueOpinion, ListTasks, NotifyAcceptance, Object,
        Open, OpenPart, RecordService, ShowDraft, ShowTask, Sign, Task, TaskCounts,
    },
    codes::AssignmentState,
};
use kernel::{AgencyCode, AssignmentId, Refusal};
use serde::Deserialize;
use serde_json::Value;
use web::{
    extract::{Json, Query},
    problem::Refused,
};

use super::body;
use crate::{
    door::{Caller, Site},
    error,
};

/// Which agency, asked by the office.
#[derive(Default, Deserialize)]
pub struct Whose {
    #[serde(default)]
    agency: Option<String>,
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
#[derive(Default, Deserialize)]
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
) -> Result<Answer<Task>, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let command = ShowTask { assignment_id: body::id(&id)? };
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `POST /api/v1/tasks/{id}/{step}`
pub async fn step(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path((id, step)): Path<(String, String)>,
    Query(whose): Query<Whose>,
    Json(body): Json<Value>,
) -> Result<Answer<Value>, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let task: AssignmentId = body::id(&id)?;
    let at = Asking { site: &site, caller: &caller, agency: &agency, task };
    let reply = match step.as_str() {
        Sign::NAME => at.ask::<Sign>(body).await,
        Open::NAME => at.ask::<Open>(body).await,
        NotifyAcceptance::NAME => at.ask::<NotifyAcceptance>(body).await,
        Extend::NAME => at.ask::<Extend>(body).await,
        Object::NAME => at.ask::<Object>(body).await,
        IssueOpinion::NAME => at.ask::<IssueOpinion>(body).await,
        AnswerCo::NAME => at.ask::<AnswerCo>(body).await,
        DraftPart::NAME => at.ask::<DraftPart>(body).await,
        ShowDraft::NAME => at.ask::<ShowDraft>(body).await,
        OpenPart::NAME => at.ask::<OpenPart>(body).await,
        RecordService::NAME => at.ask::<RecordService>(body).await,
        Complete::NAME => at.ask::<Complete>(body).await,
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    Ok(Answer(reply?))
}

struct Asking<'a> {
    site: &'a Site,
    caller: &'a Caller,
    agency: &'a AgencyCode,
    task: AssignmentId,
}

impl Asking<'_> {
    async fn ask<C: Command>(&self, body: Value) -> Result<Value, Refusal> {
        let command: C = body::command(body, "assignment_id", &self.task)?;
        let reply = self.site.ask_agency(self.caller, self.agency, &command).await?;
        serde_json::to_value(&reply)
            .map_err(|_| web::ask::UNREADABLE_REPLY.refuse().with("service", self.agency))
    }
}
