//! 联席会议 by the REST face: agenda, meetings and tasks of resolutions at the office.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use contracts::{
    Command, Page, PageRequest,
    codes::{AgendaState, MeetingState, ResolutionTaskState},
    meetings::commands::{
        BodyView, CallMeeting, CallOffMeeting, CheckTask, CountMeetings, DecideItem, FixMinutes, HoldMeeting,
        ItemChanged, ItemView, ListBodies, ListItems, ListMeetings, ListTasks, MeetingChanged, MeetingCounts,
        MeetingRow, MeetingView, MoveMeeting, ProposeItem, RecordPosition, ReopenItem, ScreenItem, ShowItem,
        ShowMeeting, ShowTask, TaskChecked, TaskView,
    },
};
use kernel::{AgencyCode, AgendaItemId, MatterId, MeetingId, ResolutionTaskId};
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
    paging,
};
use crate::{
    door::{Caller, Operation, Routes, Site},
    rights::Right,
};

const MEETINGS: &str = "meetings";

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    let op = |summary| Operation::new(summary, MEETINGS);
    let routes = agenda(routes);
    routes
        .get("/api/v1/meetings", Right::Meetings, list)
        .says(op("Meetings, the latest first").asks::<AskedMeetings>().gives::<Page<MeetingRow>>())
        .get("/api/v1/meetings/bodies", Right::Agenda, bodies)
        .says(
            op("The conferences, with whom and where they meet")
                .asks::<PageRequest>()
                .gives::<Page<BodyView>>(),
        )
        .get("/api/v1/meetings/counts", Right::Agenda, counts)
        .says(op("What waits").gives::<MeetingCounts>())
        .get("/api/v1/meetings/{id}", Right::Meetings, show)
        .says(op("One meeting").gives::<MeetingView>().versioned())
        .post("/api/v1/meetings", Right::Confer, call)
        .says(op("召集会议").reads::<CallMeeting>().gives::<MeetingChanged>().once())
        .post("/api/v1/meetings/{id}/move_meeting", Right::Confer, step::<MoveMeeting>)
        .says(of_meeting::<MoveMeeting>("变更会议"))
        .post("/api/v1/meetings/{id}/call_off_meeting", Right::Confer, step::<CallOffMeeting>)
        .says(of_meeting::<CallOffMeeting>("取消会议"))
        .post("/api/v1/meetings/{id}/hold_meeting", Right::Confer, step::<HoldMeeting>)
        .says(of_meeting::<HoldMeeting>("登记到会"))
        .post("/api/v1/meetings/{id}/fix_minutes", Right::Confer, step::<FixMinutes>)
        .says(of_meeting::<FixMinutes>("审定纪要"))
        .get("/api/v1/resolution_tasks", Right::Meetings, tasks)
        .says(op("Tasks of resolutions").asks::<AskedTasks>().gives::<Page<TaskView>>())
        .get("/api/v1/resolution_tasks/{id}", Right::Meetings, task)
        .says(op("One task of a resolution").gives::<TaskView>().versioned())
        .post("/api/v1/resolution_tasks/{id}/check_task", Right::Check, check)
        .says(Operation::command::<CheckTask>("核验", MEETINGS, "task_id").versioned())
}

fn agenda(routes: Routes) -> Routes {
    let op = |summary| Operation::new(summary, MEETINGS);
    routes
        .get("/api/v1/agenda", Right::Agenda, items)
        .says(op("议题: items, those that wait first").asks::<AskedItems>().gives::<Page<ItemView>>())
        .get("/api/v1/agenda/{id}", Right::Agenda, item)
        .says(op("One item").gives::<ItemView>().versioned())
        .post("/api/v1/agenda", Right::Prepare, propose)
        .says(op("提出议题").reads::<ProposeItem>().gives::<ItemChanged>().once())
        .post("/api/v1/agenda/{id}/screen_item", Right::Prepare, item_step::<ScreenItem>)
        .says(of_item::<ScreenItem>("审核议题"))
        .post("/api/v1/agenda/{id}/record_position", Right::Prepare, item_step::<RecordPosition>)
        .says(of_item::<RecordPosition>("记录意见"))
        .post("/api/v1/agenda/{id}/decide_item", Right::Prepare, item_step::<DecideItem>)
        .says(of_item::<DecideItem>("记录议定结果"))
        .post("/api/v1/agenda/{id}/reopen_item", Right::Prepare, item_step::<ReopenItem>)
        .says(of_item::<ReopenItem>("重新上会"))
}

fn of_item<C: Command>(summary: &'static str) -> Operation {
    Operation::command::<C>(summary, MEETINGS, "item_id").versioned()
}

fn of_meeting<C: Command>(summary: &'static str) -> Operation {
    Operation::command::<C>(summary, MEETINGS, "meeting_id").versioned()
}

/// Items as an address asks for them.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedItems {
    state: Option<AgendaState>,
    matter_id: Option<MatterId>,
    open_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// Meetings as an address asks for them.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedMeetings {
    state: Option<MeetingState>,
    after: Option<String>,
    limit: Option<i64>,
}

/// Tasks of resolutions as an address asks for them.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedTasks {
    agency: Option<AgencyCode>,
    state: Option<ResolutionTaskState>,
    overdue_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// `GET /api/v1/meetings/bodies`
pub async fn bodies(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(page): Query<PageRequest>,
) -> Result<Answer<Page<BodyView>>, Refused> {
    let bodies = site.ask(&caller, MEETINGS, &ListBodies {}).await?;
    Ok(Answer(paging::cut(bodies, &page, |body| body.code.clone())?))
}

/// `GET /api/v1/meetings/counts`
pub async fn counts(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<MeetingCounts>, Refused> {
    Ok(Answer(site.ask(&caller, MEETINGS, &CountMeetings {}).await?))
}

/// `GET /api/v1/agenda`
pub async fn items(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedItems>,
) -> Result<Answer<Page<ItemView>>, Refused> {
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command =
        ListItems { state: asked.state, matter_id: asked.matter_id, open_only: asked.open_only, page };
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `GET /api/v1/agenda/{id}`
pub async fn item(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let item: ItemView = site.ask(&caller, MEETINGS, &ShowItem { item_id: body::id(&id)? }).await?;
    Ok(etag::answer(&headers, &[item.version], &item))
}

/// `POST /api/v1/agenda`
pub async fn propose(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<ProposeItem>,
) -> Result<Answer<ItemChanged>, Refused> {
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `POST /api/v1/agenda/{id}/<verb>`
pub async fn item_step<C: Command<Reply = ItemChanged>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<ItemChanged>, Refused> {
    let item: AgendaItemId = body::id(&id)?;
    let command: C = body::command(if_match.into(body), "item_id", &item)?;
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `GET /api/v1/meetings`
pub async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedMeetings>,
) -> Result<Answer<Page<MeetingRow>>, Refused> {
    let page = PageRequest { after: asked.after, limit: asked.limit };
    Ok(Answer(site.ask(&caller, MEETINGS, &ListMeetings { state: asked.state, page }).await?))
}

/// `GET /api/v1/meetings/{id}`
pub async fn show(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let command = ShowMeeting { meeting_id: body::id(&id)? };
    let meeting: MeetingView = site.ask(&caller, MEETINGS, &command).await?;
    Ok(etag::answer(&headers, &[meeting.version], &meeting))
}

/// `POST /api/v1/meetings`
pub async fn call(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<CallMeeting>,
) -> Result<Answer<MeetingChanged>, Refused> {
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `POST /api/v1/meetings/{id}/<verb>`
pub async fn step<C: Command<Reply = MeetingChanged>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<MeetingChanged>, Refused> {
    let meeting: MeetingId = body::id(&id)?;
    let command: C = body::command(if_match.into(body), "meeting_id", &meeting)?;
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `GET /api/v1/resolution_tasks`
pub async fn tasks(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedTasks>,
) -> Result<Answer<Page<TaskView>>, Refused> {
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command =
        ListTasks { agency: asked.agency, state: asked.state, overdue_only: asked.overdue_only, page };
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `GET /api/v1/resolution_tasks/{id}`
pub async fn task(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let task: TaskView = site.ask(&caller, MEETINGS, &ShowTask { task_id: body::id(&id)? }).await?;
    Ok(etag::answer(&headers, &[task.version], &task))
}

/// `POST /api/v1/resolution_tasks/{id}/check_task`
pub async fn check(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<TaskChecked>, Refused> {
    let task: ResolutionTaskId = body::id(&id)?;
    let command: CheckTask = body::command(if_match.into(body), "task_id", &task)?;
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}
