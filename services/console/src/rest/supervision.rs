//! 督查督办 by the REST face: duties and orders for the office, orders to an agency for its own people.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use calendar::RuleId;
use contracts::{
    Command, Page, PageRequest,
    agency::commands::{ListOrders as ListReceived, OrderTaken, ReceivedOrder, ShowOrder as ShowReceived},
    codes::OrderState,
    supervision::commands::{
        CountDuties, DutyCounts, DutyView, IssueOrder, ListDuties, ListOrders, OrderChanged, OrderView,
        ShowDuties, ShowOrder,
    },
};
use kernel::{AgencyCode, MatterId, OrderId, Refusal};
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
    tasks::{Whose, agency_of},
};
use crate::door::{Caller, Site};

/// Duties as an address asks for them.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedDuties {
    agency: Option<AgencyCode>,
    rule: Option<RuleId>,
    breached_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// Orders as an address asks for them.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedOrders {
    agency: Option<AgencyCode>,
    matter_id: Option<MatterId>,
    state: Option<OrderState>,
    after: Option<String>,
    limit: Option<i64>,
}

/// An agency's own orders as an address asks for them.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedReceived {
    agency: Option<String>,
    open_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// `GET /api/v1/duties`
pub async fn duties(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedDuties>,
) -> Result<Answer<Page<DutyView>>, Refused> {
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command =
        ListDuties { agency: asked.agency, rule: asked.rule, breached_only: asked.breached_only, page };
    Ok(Answer(site.ask(&caller, "supervision", &command).await?))
}

/// `GET /api/v1/duties/counts`
pub async fn counts(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<DutyCounts>, Refused> {
    Ok(Answer(site.ask(&caller, "supervision", &CountDuties {}).await?))
}

/// `GET /api/v1/matters/{id}/duties`
pub async fn of_matter(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(page): Query<PageRequest>,
) -> Result<Answer<Page<DutyView>>, Refused> {
    let command = ShowDuties { matter_id: body::matter_id(&id)? };
    let duties = site.ask(&caller, "supervision", &command).await?;
    // A rule runs once for each assignment.
    let key = |duty: &DutyView| match duty.assignment_id {
        Some(assignment) => format!("{}~{assignment}", duty.rule),
        None => duty.rule.to_string(),
    };
    Ok(Answer(paging::cut(duties, &page, key)?))
}

/// `GET /api/v1/orders`
pub async fn orders(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedOrders>,
) -> Result<Answer<Page<OrderView>>, Refused> {
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command = ListOrders { agency: asked.agency, matter_id: asked.matter_id, state: asked.state, page };
    Ok(Answer(site.ask(&caller, "supervision", &command).await?))
}

/// `GET /api/v1/orders/{id}`
pub async fn order(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let order: OrderView = site.ask(&caller, "supervision", &ShowOrder { order_id: body::id(&id)? }).await?;
    Ok(etag::answer(&headers, &[order.version], &order))
}

/// `POST /api/v1/matters/{id}/issue_order`
pub async fn issue(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Answer<OrderChanged>, Refused> {
    let command: IssueOrder = body::command(body, "matter_id", &body::matter_id(&id)?)?;
    Ok(Answer(urge(&site, &caller, &command).await?))
}

/// `POST /api/v1/orders/{id}/<verb>`
pub async fn step<C: Command<Reply = OrderChanged>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<OrderChanged>, Refused> {
    let order: OrderId = body::id(&id)?;
    Ok(Answer(urge(&site, &caller, &body::command::<C>(if_match.into(body), "order_id", &order)?).await?))
}

/// Gives supervision a command about an order; the answer waits for the board.
///
/// # Errors
/// Supervision's refusal, or the store's.
pub async fn urge<C: Command<Reply = OrderChanged>>(
    site: &Site,
    caller: &Caller,
    command: &C,
) -> Result<OrderChanged, Refusal> {
    let changed = site.ask(caller, "supervision", command).await?;
    site.board_has(changed.matter_id, "supervision", changed.fact_version).await?;
    Ok(changed)
}

/// `GET /api/v1/tasks/orders`
pub async fn received(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedReceived>,
) -> Result<Answer<Page<ReceivedOrder>>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_deref())?;
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command = ListReceived { assignment_id: None, open_only: asked.open_only, page };
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `GET /api/v1/tasks/orders/{id}`
pub async fn received_order(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let command = ShowReceived { order_id: body::id(&id)? };
    let order: ReceivedOrder = site.ask_agency(&caller, &agency, &command).await?;
    Ok(etag::answer(&headers, &[order.version], &order))
}

/// `POST /api/v1/tasks/orders/{id}/<verb>`
pub async fn answer<C: Command<Reply = OrderTaken>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<OrderTaken>, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let order: OrderId = body::id(&id)?;
    let command: C = body::command(if_match.into(body), "order_id", &order)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}
