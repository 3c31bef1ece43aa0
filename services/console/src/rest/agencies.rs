//! 单位名录 by the REST face: entries, their changes and ends, and the cases that ended agencies leave.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use contracts::{
    Changed, Command, Page, PageRequest,
    routing::register::{
        AddAgency, AgencyKept, AgencyLine, AgencyView, ChangeAgency, EndAgency, ListOrphans, Orphan,
        PageAgencies, Reassign, ShowAgency,
    },
};
use kernel::AgencyCode;
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
    door::{Caller, Operation, Routes, Site},
    rights::Right,
};

const ROUTING: &str = "routing";

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    let op = |summary| Operation::new(summary, ROUTING);
    routes
        .get("/api/v1/agency_register", Right::Agencies, list)
        .says(op("单位名录, page by page").asks::<PageRequest>().gives::<Page<AgencyLine>>())
        .post("/api/v1/agencies", Right::KeepAgencies, add)
        .says(op("新增单位").reads::<AddAgency>().gives::<AgencyKept>().with(&[201]).once())
        .get("/api/v1/agencies/{code}", Right::Agencies, show)
        .says(op("One agency").gives::<AgencyView>().versioned())
        .post("/api/v1/agencies/{code}/change_agency", Right::KeepAgencies, step::<ChangeAgency>)
        .says(Operation::command::<ChangeAgency>("变更单位", ROUTING, "agency").versioned())
        .post("/api/v1/agencies/{code}/end_agency", Right::KeepAgencies, step::<EndAgency>)
        .says(
            Operation::command::<EndAgency>("撤并单位: abolished, merged, split", ROUTING, "agency")
                .versioned(),
        )
        .get("/api/v1/orphans", Right::Route, orphans)
        .says(op("待改派: cases that ending agencies hold").asks::<PageRequest>().gives::<Page<Orphan>>())
        .post("/api/v1/matters/{id}/reassign", Right::Route, reassign)
        .says(Operation::command::<Reassign>("改派承继单位", ROUTING, "matter_id").versioned())
}

type Outcome<T> = Result<Answer<T>, Refused>;

async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(page): Query<PageRequest>,
) -> Outcome<Page<AgencyLine>> {
    Ok(Answer(site.ask(&caller, ROUTING, &PageAgencies { page }).await?))
}

async fn add(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<AddAgency>,
) -> Result<(StatusCode, Answer<AgencyKept>), Refused> {
    Ok((StatusCode::CREATED, Answer(site.ask(&caller, ROUTING, &command).await?)))
}

async fn show(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let agency: AgencyCode = body::id(&code)?;
    let view = site.ask(&caller, ROUTING, &ShowAgency { agency }).await?;
    Ok(etag::answer(&headers, &[view.version], &view))
}

async fn step<C: Command<Reply = AgencyKept>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(code): Path<String>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Outcome<AgencyKept> {
    let agency: AgencyCode = body::id(&code)?;
    let command: C = body::command(if_match.into(body), "agency", &agency)?;
    Ok(Answer(site.ask(&caller, ROUTING, &command).await?))
}

async fn orphans(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(page): Query<PageRequest>,
) -> Outcome<Page<Orphan>> {
    Ok(Answer(site.ask(&caller, ROUTING, &ListOrphans { page }).await?))
}

async fn reassign(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Outcome<Changed> {
    let matter = body::matter_id(&id)?;
    let command: Reassign = body::command(if_match.into(body), "matter_id", &matter)?;
    let changed = site.ask(&caller, ROUTING, &command).await?;
    site.board_has(matter, ROUTING, changed.version).await?;
    Ok(Answer(changed))
}
