//! Typed access to the orders that the agency got.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    Page,
    agency::commands::ListOrders,
    codes::{OrderState, SendBackReason},
    supervision::OrderDispatchV1,
};
use db::{JsonText, StoreError, Tx, parse};
use kernel::{ContentId, OrderId};

use super::sql;
use crate::{domain::order::Order, rights::Sight};

/// Sorts behind every date.
const ENDED: &str = "9999-12-31";

#[derive(sqlx::FromRow)]
struct OrderRow {
    order_id: String,
    dispatch: JsonText<OrderDispatchV1>,
    dispatched_by: String,
    version: i64,
    state: String,
    due_on: String,
    days: JsonText<BTreeMap<String, NaiveDate>>,
    sent_back: Option<String>,
    replies: JsonText<Vec<ContentId>>,
    sort_on: String,
}

impl OrderRow {
    fn into_order(self) -> Result<Order, StoreError> {
        let id = self.order_id;
        let corrupt = |column| StoreError::corrupt("received_order", column, &id);
        let reason = |code: String| SendBackReason::from_code(&code).ok_or_else(|| corrupt("sent_back"));
        Ok(Order {
            dispatch: self.dispatch.0,
            dispatched_by: parse("received_order", "dispatched_by", &id, &self.dispatched_by)?,
            version: self.version,
            state: OrderState::from_code(&self.state).ok_or_else(|| corrupt("state"))?,
            due_on: parse("received_order", "due_on", &id, &self.due_on)?,
            days: self.days.0,
            sent_back: self.sent_back.map(reason).transpose()?,
            replies: self.replies.0,
        })
    }
}

fn sort_on(order: &Order) -> String {
    if order.is_open() { order.due_on.to_string() } else { ENDED.to_owned() }
}

/// Enters an order. A second time it changes nothing.
pub async fn insert(tx: &mut Tx<'_>, order: &Order) -> Result<(), StoreError> {
    tx.query(&sql::INSERT_ORDER)
        .bind(order.dispatch.order_id)
        .bind(order.dispatch.matter_id)
        .bind(order.dispatch.assignment_id)
        .bind(JsonText(&order.dispatch))
        .bind(order.dispatched_by)
        .bind(i64::from(order.dispatch.restricted))
        .bind(order.version)
        .bind(order.state.code())
        .bind(order.due_on)
        .bind(JsonText(&order.days))
        .bind(JsonText(&order.replies))
        .bind(sort_on(order))
        .run()
        .await
        .map(drop)
}

/// Loads an order as it is.
pub async fn load(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>, StoreError> {
    let row: Option<OrderRow> = tx.query(&sql::LOAD_ORDER).bind(id).optional().await?;
    row.map(OrderRow::into_order).transpose()
}

/// Loads an order that is about to change: a second writer waits here until the first has committed.
pub async fn hold(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>, StoreError> {
    if tx.query(&sql::HOLD_ORDER).bind(id).run().await? == 0 {
        return Ok(None);
    }
    load(tx, id).await
}

/// Stores a changed order over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, order: &Order, loaded: i64) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_ORDER)
        .bind(order.dispatch.order_id)
        .bind(loaded)
        .bind(order.version)
        .bind(order.state.code())
        .bind(order.due_on)
        .bind(JsonText(&order.days))
        .bind(order.sent_back.map(SendBackReason::code))
        .bind(JsonText(&order.replies))
        .bind(sort_on(order))
        .run_one()
        .await
}

/// One page of the orders, the earliest due first. The cursor is the last row's place in that order.
pub async fn page(tx: &mut Tx<'_>, wish: &ListOrders, sight: Sight) -> Result<Page<Order>, StoreError> {
    let limit = wish.page.rows();
    let (sort_on, id) = wish.page.after.as_deref().unwrap_or_default().split_once('/').unwrap_or_default();
    let rows: Vec<OrderRow> = tx
        .query(&sql::PAGE_OF_ORDERS)
        .bind(wish.assignment_id)
        .bind(i64::from(wish.open_only))
        .bind(i64::from(sight.open))
        .bind(i64::from(sight.restricted))
        .bind(sort_on)
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|row| format!("{}/{}", row.sort_on, row.order_id));
    let items = rows.into_iter().map(OrderRow::into_order).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}
