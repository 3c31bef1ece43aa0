//! 督查督办 by the REST face: duties and orders for the office, orders to an agency for its own people.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use calendar::RuleId;
use contracts::{
    Command, Page, PageRequest,
    agency::commands::{ListOrders as ListReceived, OrderTaken, ReceivedOrder},
    codes::OrderState,
    supervision::commands::{
        CountDuties, DutyCounts, DutyView, IssueOrder, ListDuties, ListOrders, OrderChanged, OrderView,
        ShowDuties,
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
) -> Result<Answer<Vec<DutyView>>, Refused> {
    let command = ShowDuties { matter_id: body::matter_id(&id)? };
    Ok(Answer(site.ask(&caller, "supervision", &command).await?))
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
    Json(body): Json<Value>,
) -> Result<Answer<OrderChanged>, Refused> {
    let order: OrderId = body::id(&id)?;
    Ok(Answer(urge(&site, &caller, &body::command::<C>(body, "order_id", &order)?).await?))
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

/// `POST /api/v1/tasks/orders/{id}/<verb>`
pub async fn answer<C: Command<Reply = OrderTaken>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(whose): Query<Whose>,
    Json(body): Json<Value>,
) -> Result<Answer<OrderTaken>, Refused> {
    let agency = agency_of(&caller, whose.agency.as_deref())?;
    let order: OrderId = body::id(&id)?;
    let command: C = body::command(body, "order_id", &order)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}
