//! Typed access to the orders.

use std::collections::BTreeMap;

use contracts::supervision::commands::ListOrders;
use db::{JsonText, StoreError, Tx};
use kernel::OrderId;

use super::{
    rows::{ListedOrder, OrderRow},
    sql,
};
use crate::{domain::order::Order, rights::Sight};

/// Sorts behind every date: nothing is due any more.
const ENDED: &str = "9999-12-31";

/// What a list goes by: the day of the reply, drafts first, ended ones last.
fn sort_on(order: &Order) -> String {
    match (order.is_open(), order.due_on) {
        (false, _) => ENDED.to_owned(),
        (true, None) => String::new(),
        (true, Some(on)) => on.to_string(),
    }
}

/// Enters an order; `false` when the assignment has an open one already.
pub async fn insert(tx: &mut Tx<'_>, order: &Order) -> Result<bool, StoreError> {
    let added = tx
        .query(&sql::INSERT_ORDER)
        .bind(order.id)
        .bind(order.version)
        .bind(order.matter_id)
        .bind(order.assignment_id)
        .bind(&order.agency)
        .bind(order.state.code())
        .bind(i64::from(order.is_open()))
        .bind(order.cause.code())
        .bind(order.owed.code())
        .bind(order.due.as_ref().map(|due| due.rule.code()))
        .bind(order.due.as_ref().map(JsonText))
        .bind(order.document_number.as_deref())
        .bind(order.due_on)
        .bind(JsonText(&order.days))
        .bind(JsonText(&order.replies))
        .bind(order.sent_back)
        .bind(sort_on(order))
        .run()
        .await?;
    Ok(added == 1)
}

/// Stores a changed order over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, order: &Order, loaded: i64) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_ORDER)
        .bind(order.id)
        .bind(loaded)
        .bind(order.version)
        .bind(order.state.code())
        .bind(i64::from(order.is_open()))
        .bind(order.cause.code())
        .bind(order.owed.code())
        .bind(order.document_number.as_deref())
        .bind(order.due_on)
        .bind(JsonText(&order.days))
        .bind(JsonText(&order.replies))
        .bind(order.sent_back)
        .bind(sort_on(order))
        .run_one()
        .await
}

/// One order.
pub async fn load(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>, StoreError> {
    let row: Option<OrderRow> = tx.query(&sql::LOAD_ORDER).bind(id).optional().await?;
    row.map(OrderRow::into_order).transpose()
}

/// One page of orders with their matters' numbers; the cursor is the last row's place.
pub async fn page(
    tx: &mut Tx<'_>,
    wish: &ListOrders,
    sight: Sight,
) -> Result<(Vec<(Order, Option<String>)>, Option<String>), StoreError> {
    let limit = wish.page.rows();
    let (sort_on, id) = wish.page.after.as_deref().unwrap_or_default().split_once('~').unwrap_or_default();
    let rows: Vec<ListedOrder> = tx
        .query(&sql::PAGE_OF_ORDERS)
        .bind(wish.agency.as_ref())
        .bind(wish.matter_id)
        .bind(wish.state.map(contracts::codes::OrderState::code))
        .bind(i64::from(sight.open))
        .bind(i64::from(sight.restricted))
        .bind(sort_on)
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|row| format!("{}~{}", row.order.sort_on, row.order.id));
    let items = rows.into_iter().map(|row| Ok((row.order.into_order()?, row.number)));
    Ok((items.collect::<Result<_, StoreError>>()?, next))
}

/// How many orders, by state.
pub async fn counts(tx: &mut Tx<'_>, sight: Sight) -> Result<BTreeMap<String, i64>, StoreError> {
    let query = tx.query(&sql::COUNT_ORDERS).bind(i64::from(sight.open)).bind(i64::from(sight.restricted));
    let rows: Vec<(String, i64)> = query.all().await?;
    Ok(rows.into_iter().collect())
}
