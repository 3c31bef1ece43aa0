//! 联席会议 by the REST face for an agency: its invitations, and the tasks that resolutions gave it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use contracts::{
    Command, Page, PageRequest,
    agency::commands::{
        FilePosition, Invitation, InvitationChanged, ListInvitations, ListResolutionTasks, ReceiveTask,
        ReplyInvitation, ReportTask, ResolutionTask, ResolutionTaskTaken, ShowInvitation, ShowResolutionTask,
    },
};
use kernel::{MeetingId, ResolutionTaskId};
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
    tasks::{Whose, agency_of},
};
use crate::{
    door::{Caller, Operation, Routes, Site},
    rights::Right,
};

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    let op = |summary| Operation::new(summary, "agency");
    fn step<C: Command>(summary: &'static str, in_path: &'static str) -> Operation {
        Operation::command::<C>(summary, "agency", in_path).asks::<Whose>().versioned()
    }
    routes
        .get("/api/v1/tasks/meetings", Right::Tasks, invitations)
        .says(op("Meetings that the agency is invited to").asks::<AskedOwn>().gives::<Page<Invitation>>())
        .get("/api/v1/tasks/meetings/{id}", Right::Tasks, invitation)
        .says(op("One invitation").asks::<Whose>().gives::<Invitation>().versioned())
        .post("/api/v1/tasks/meetings/{id}/reply_invitation", Right::Tasks, answer::<ReplyInvitation>)
        .says(step::<ReplyInvitation>("参会回复", "meeting_id"))
        .post("/api/v1/tasks/meetings/{id}/file_position", Right::Tasks, answer::<FilePosition>)
        .says(step::<FilePosition>("提交书面意见", "meeting_id"))
        .get("/api/v1/tasks/resolutions", Right::Tasks, resolutions)
        .says(
            op("Tasks that resolutions gave the agency")
                .asks::<AskedResolutions>()
                .gives::<Page<ResolutionTask>>(),
        )
        .get("/api/v1/tasks/resolutions/{id}", Right::Tasks, resolution)
        .says(
            op("One task that a resolution gave the agency")
                .asks::<Whose>()
                .gives::<ResolutionTask>()
                .versioned(),
        )
        .post("/api/v1/tasks/resolutions/{id}/receive_resolution_task", Right::Tasks, report::<ReceiveTask>)
        .says(step::<ReceiveTask>("签收交办单", "task_id"))
        .post("/api/v1/tasks/resolutions/{id}/report_resolution_task", Right::Tasks, report::<ReportTask>)
        .says(step::<ReportTask>("报送落实情况", "task_id"))
}

/// An agency's own list as an address asks for it.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedOwn {
    agency: Option<String>,
    after: Option<String>,
    limit: Option<i64>,
}

/// An agency's tasks of resolutions as an address asks for them.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedResolutions {
    agency: Option<String>,
    open_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// `GET /api/v1/tasks/meetings`
pub async fn invitations(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedOwn>,
) -> Result<Answer<Page<Invitation>>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_deref())?;
    let page = PageRequest { after: asked.after, limit: asked.limit };
    Ok(Answer(site.ask_agency(&caller, &agency, &ListInvitations { page }).await?))
}

/// `GET /api/v1/tasks/meetings/{id}`
pub async fn invitation(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let command = ShowInvitation { meeting_id: body::id(&id)? };
    let invitation: Invitation = site.ask_agency(&caller, &agency, &command).await?;
    Ok(etag::answer(&headers, &[invitation.version], &invitation))
}

/// `POST /api/v1/tasks/meetings/{id}/<verb>`
pub async fn answer<C: Command<Reply = InvitationChanged>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<InvitationChanged>, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let meeting: MeetingId = body::id(&id)?;
    let command: C = body::command(if_match.into(body), "meeting_id", &meeting)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `GET /api/v1/tasks/resolutions`
pub async fn resolutions(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedResolutions>,
) -> Result<Answer<Page<ResolutionTask>>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_deref())?;
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command = ListResolutionTasks { open_only: asked.open_only, page };
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `GET /api/v1/tasks/resolutions/{id}`
pub async fn resolution(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let command = ShowResolutionTask { task_id: body::id(&id)? };
    let task: ResolutionTask = site.ask_agency(&caller, &agency, &command).await?;
    Ok(etag::answer(&headers, &[task.version], &task))
}

/// `POST /api/v1/tasks/resolutions/{id}/<verb>`
pub async fn report<C: Command<Reply = ResolutionTaskTaken>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<ResolutionTaskTaken>, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let task: ResolutionTaskId = body::id(&id)?;
    let command: C = body::command(if_match.into(body), "task_id", &task)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}
