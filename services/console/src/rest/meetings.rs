//! 联席会议: agenda, meetings and tasks of resolutions at the office; invitations and tasks of an agency.

use std::sync::Arc;

use axum::{
    Json, Json as Answer,
    extract::{Path, Query, State},
};
use contracts::{
    Command, Page, PageRequest,
    agency::commands::{
        FilePosition, Invitation, ListInvitations, ListResolutionTasks, ReceiveTask, ReplyInvitation,
        ReportTask, ResolutionTask, ShowInvitation,
    },
    codes::{AgendaState, MeetingState, ResolutionTaskState},
    meetings::commands::{
        BodyView, CallMeeting, CallOffMeeting, CheckTask, CountMeetings, DecideItem, FixMinutes, HoldMeeting,
        ItemChanged, ItemView, ListBodies, ListItems, ListMeetings, ListTasks, MeetingChanged, MeetingCounts,
        MeetingRow, MeetingView, MoveMeeting, ProposeItem, RecordPosition, ReopenItem, ScreenItem, ShowItem,
        ShowMeeting, TaskChecked, TaskView,
    },
};
use kernel::{AgencyCode, AgendaItemId, MatterId, MeetingId, Refusal, ResolutionTaskId};
use serde::Deserialize;
use serde_json::Value;
use web::problem::Refused;

use super::{body, tasks::agency_of};
use crate::door::{Caller, Site};

const MEETINGS: &str = "meetings";

/// What a list may be narrowed by.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Listing {
    agency: Option<AgencyCode>,
    matter_id: Option<MatterId>,
    item_state: Option<AgendaState>,
    meeting_state: Option<MeetingState>,
    task_state: Option<ResolutionTaskState>,
    open_only: bool,
    overdue_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

impl Listing {
    fn page(&self) -> PageRequest {
        PageRequest { after: self.after.clone(), limit: self.limit }
    }
}

fn unknown() -> Refusal {
    web::errors::PAGE_NOT_FOUND.refuse()
}

/// `GET /api/v1/meetings/bodies`
pub async fn bodies(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<Vec<BodyView>>, Refused> {
    Ok(Answer(site.ask(&caller, MEETINGS, &ListBodies {}).await?))
}

/// `GET /api/v1/meetings/counts`
pub async fn counts(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<MeetingCounts>, Refused> {
    Ok(Answer(site.ask(&caller, MEETINGS, &CountMeetings {}).await?))
}

/// `GET /api/v1/agenda`
pub async fn items(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<ItemView>>, Refused> {
    let page = asked.page();
    let (state, matter_id, open_only) = (asked.item_state, asked.matter_id, asked.open_only);
    let command = ListItems { state, matter_id, open_only, page };
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `GET /api/v1/agenda/{id}`
pub async fn item(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Answer<ItemView>, Refused> {
    let command = ShowItem { item_id: body::id(&id)? };
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `POST /api/v1/agenda`
pub async fn propose(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<ProposeItem>,
) -> Result<Answer<ItemChanged>, Refused> {
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `POST /api/v1/agenda/{id}/{verb}`: `screen_item`, `record_position`, `decide_item`, `reopen_item`.
pub async fn item_step(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path((id, verb)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Result<Answer<ItemChanged>, Refused> {
    let item: AgendaItemId = body::id(&id)?;
    let changed = match verb.as_str() {
        ScreenItem::NAME => {
            site.ask(&caller, MEETINGS, &body::command::<ScreenItem>(body, "item_id", &item)?).await
        }
        RecordPosition::NAME => {
            site.ask(&caller, MEETINGS, &body::command::<RecordPosition>(body, "item_id", &item)?).await
        }
        DecideItem::NAME => {
            site.ask(&caller, MEETINGS, &body::command::<DecideItem>(body, "item_id", &item)?).await
        }
        ReopenItem::NAME => {
            site.ask(&caller, MEETINGS, &body::command::<ReopenItem>(body, "item_id", &item)?).await
        }
        _ => Err(unknown()),
    };
    Ok(Answer(changed?))
}

/// `GET /api/v1/meetings`
pub async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<MeetingRow>>, Refused> {
    let command = ListMeetings { state: asked.meeting_state, page: asked.page() };
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `GET /api/v1/meetings/{id}`
pub async fn show(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Answer<MeetingView>, Refused> {
    let command = ShowMeeting { meeting_id: body::id(&id)? };
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `POST /api/v1/meetings`
pub async fn call(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<CallMeeting>,
) -> Result<Answer<MeetingChanged>, Refused> {
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `POST /api/v1/meetings/{id}/{verb}`: `move_meeting`, `call_off_meeting`, `hold_meeting`, `fix_minutes`.
pub async fn step(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path((id, verb)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Result<Answer<MeetingChanged>, Refused> {
    let meeting: MeetingId = body::id(&id)?;
    let changed = match verb.as_str() {
        MoveMeeting::NAME => {
            site.ask(&caller, MEETINGS, &body::command::<MoveMeeting>(body, "meeting_id", &meeting)?).await
        }
        CallOffMeeting::NAME => {
            site.ask(&caller, MEETINGS, &body::command::<CallOffMeeting>(body, "meeting_id", &meeting)?).await
        }
        HoldMeeting::NAME => {
            site.ask(&caller, MEETINGS, &body::command::<HoldMeeting>(body, "meeting_id", &meeting)?).await
        }
        FixMinutes::NAME => {
            site.ask(&caller, MEETINGS, &body::command::<FixMinutes>(body, "meeting_id", &meeting)?).await
        }
        _ => Err(unknown()),
    };
    Ok(Answer(changed?))
}

/// `GET /api/v1/resolution_tasks`
pub async fn tasks(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<TaskView>>, Refused> {
    let page = asked.page();
    let (agency, state, overdue_only) = (asked.agency, asked.task_state, asked.overdue_only);
    let command = ListTasks { agency, state, overdue_only, page };
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `POST /api/v1/resolution_tasks/{id}/check_task`
pub async fn check(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Answer<TaskChecked>, Refused> {
    let task: ResolutionTaskId = body::id(&id)?;
    let command: CheckTask = body::command(body, "task_id", &task)?;
    Ok(Answer(site.ask(&caller, MEETINGS, &command).await?))
}

/// `GET /api/v1/tasks/meetings`
pub async fn invitations(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<Invitation>>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_ref().map(AgencyCode::as_str))?;
    Ok(Answer(site.ask_agency(&caller, &agency, &ListInvitations { page: asked.page() }).await?))
}

/// `GET /api/v1/tasks/meetings/{id}`
pub async fn invitation(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<Listing>,
) -> Result<Answer<Invitation>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_ref().map(AgencyCode::as_str))?;
    Ok(Answer(site.ask_agency(&caller, &agency, &ShowInvitation { meeting_id: body::id(&id)? }).await?))
}

/// `POST /api/v1/tasks/meetings/{id}/{verb}`: `reply_invitation`, `file_position`.
pub async fn answer(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path((id, verb)): Path<(String, String)>,
    Query(asked): Query<Listing>,
    Json(body): Json<Value>,
) -> Result<Answer<Value>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_ref().map(AgencyCode::as_str))?;
    let meeting: MeetingId = body::id(&id)?;
    let changed = match verb.as_str() {
        ReplyInvitation::NAME => {
            let command: ReplyInvitation = body::command(body, "meeting_id", &meeting)?;
            site.ask_agency(&caller, &agency, &command).await
        }
        FilePosition::NAME => {
            let command: FilePosition = body::command(body, "meeting_id", &meeting)?;
            site.ask_agency(&caller, &agency, &command).await
        }
        _ => Err(unknown()),
    };
    Ok(Answer(serde_json::json!(changed?)))
}

/// `GET /api/v1/tasks/resolutions`
pub async fn resolutions(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<ResolutionTask>>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_ref().map(AgencyCode::as_str))?;
    let command = ListResolutionTasks { open_only: asked.open_only, page: asked.page() };
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `POST /api/v1/tasks/resolutions/{id}/{verb}`: `receive_resolution_task`, `report_resolution_task`.
pub async fn report(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path((id, verb)): Path<(String, String)>,
    Query(asked): Query<Listing>,
    Json(body): Json<Value>,
) -> Result<Answer<Value>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_ref().map(AgencyCode::as_str))?;
    let task: ResolutionTaskId = body::id(&id)?;
    let taken = match verb.as_str() {
        ReceiveTask::NAME => {
            let command: ReceiveTask = body::command(body, "task_id", &task)?;
            site.ask_agency(&caller, &agency, &command).await
        }
        ReportTask::NAME => {
            let command: ReportTask = body::command(body, "task_id", &task)?;
            site.ask_agency(&caller, &agency, &command).await
        }
        _ => Err(unknown()),
    };
    Ok(Answer(serde_json::json!(taken?)))
}
