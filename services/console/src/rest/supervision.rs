//! 督查督办 by the REST face: duties and orders for the office, orders to an agency for its own people.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use calendar::RuleId;
use contracts::{
    Command, Page, PageRequest,
    agency::commands::{AcknowledgeOrder, ListOrders as ListReceived, OrderTaken, ReceivedOrder, ReplyOrder},
    codes::OrderState,
    supervision::commands::{
        CountDuties, DropOrder, DutyCounts, DutyView, IssueOrder, JudgeOrder, ListDuties, ListOrders,
        OrderChanged, OrderView, ShowDuties,
    },
};
use kernel::{AgencyCode, MatterId, OrderId, Refusal};
use serde::Deserialize;
use serde_json::Value;
use web::{
    extract::{Json, Query},
    problem::Refused,
};

use super::{body, tasks::agency_of};
use crate::door::{Caller, Site};

/// A list as an address asks for it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Listing {
    agency: Option<AgencyCode>,
    rule: Option<RuleId>,
    breached_only: bool,
    matter_id: Option<MatterId>,
    state: Option<OrderState>,
    open_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// `GET /api/v1/duties`
pub async fn duties(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
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
    Query(asked): Query<Listing>,
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

/// `POST /api/v1/orders/{id}/{verb}`: `judge_order`, `drop_order`.
pub async fn step(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path((id, verb)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Result<Answer<OrderChanged>, Refused> {
    let order: OrderId = body::id(&id)?;
    let changed = match verb.as_str() {
        JudgeOrder::NAME => {
            urge(&site, &caller, &body::command::<JudgeOrder>(body, "order_id", &order)?).await
        }
        DropOrder::NAME => urge(&site, &caller, &body::command::<DropOrder>(body, "order_id", &order)?).await,
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    Ok(Answer(changed?))
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
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<ReceivedOrder>>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_ref().map(AgencyCode::as_str))?;
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command = ListReceived { assignment_id: None, open_only: asked.open_only, page };
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `POST /api/v1/tasks/orders/{id}/{verb}`: `acknowledge_order`, `reply_order`.
pub async fn answer(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path((id, verb)): Path<(String, String)>,
    Query(asked): Query<Listing>,
    Json(body): Json<Value>,
) -> Result<Answer<OrderTaken>, Refused> {
    let agency = agency_of(&caller, asked.agency.as_ref().map(AgencyCode::as_str))?;
    let order: OrderId = body::id(&id)?;
    let taken = match verb.as_str() {
        AcknowledgeOrder::NAME => {
            let command: AcknowledgeOrder = body::command(body, "order_id", &order)?;
            site.ask_agency(&caller, &agency, &command).await
        }
        ReplyOrder::NAME => {
            let command: ReplyOrder = body::command(body, "order_id", &order)?;
            site.ask_agency(&caller, &agency, &command).await
        }
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    Ok(Answer(taken?))
}
