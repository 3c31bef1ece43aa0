//! What supervision shows.

use contracts::{
    Page,
    supervision::commands::{DutyCounts, DutyView, ListDuties, ListOrders, OrderView},
};
use db::Tx;
use kernel::{Actor, MatterId, OrderId};

use super::Outcome;
use crate::{
    domain::{duty::Duty, order::Order},
    error, rights, store,
};

/// One page of the duties that are owed.
pub async fn duties(tx: &mut Tx<'_>, actor: &Actor, wish: &ListDuties) -> Outcome<Page<DutyView>> {
    let sight = match rights::sight(actor) {
        Ok(sight) => sight,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (items, next) = store::page(tx, wish, sight).await?;
    Ok(Ok(Page { items: items.into_iter().map(duty).collect(), next }))
}

/// Every duty of a matter.
pub async fn of_matter(tx: &mut Tx<'_>, actor: &Actor, id: MatterId) -> Outcome<Vec<DutyView>> {
    let sight = match rights::sight(actor) {
        Ok(sight) => sight,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !store::matter(tx, id).await?.is_some_and(|m| sight.sees(m.restricted)) {
        return Ok(Err(error::NO_SUCH_DUTY.refuse()));
    }
    Ok(Ok(store::of_matter(tx, id).await?.into_iter().map(duty).collect()))
}

/// How many duties and orders.
pub async fn counts(tx: &mut Tx<'_>, actor: &Actor) -> Outcome<DutyCounts> {
    let sight = match rights::sight(actor) {
        Ok(sight) => sight,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (running, warned, overdue, ever_overdue) = store::counts(tx, sight).await?;
    let orders = store::orders::counts(tx, sight).await?;
    Ok(Ok(DutyCounts { running, warned, overdue, ever_overdue, orders }))
}

/// One page of orders.
pub async fn orders(tx: &mut Tx<'_>, actor: &Actor, wish: &ListOrders) -> Outcome<Page<OrderView>> {
    let sight = match rights::sight(actor) {
        Ok(sight) => sight,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (items, next) = store::orders::page(tx, wish, sight).await?;
    Ok(Ok(Page { items: items.into_iter().map(order).collect(), next }))
}

/// One order.
pub async fn order_of(tx: &mut Tx<'_>, actor: &Actor, id: OrderId) -> Outcome<OrderView> {
    let sight = match rights::sight(actor) {
        Ok(sight) => sight,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let unseen = || Ok(Err(error::NO_SUCH_ORDER.refuse()));
    let Some(found) = store::orders::load(tx, id).await? else { return unseen() };
    match store::matter(tx, found.matter_id).await? {
        Some(matter) if sight.sees(matter.restricted) => Ok(Ok(order((found, matter.number)))),
        Some(_) | None => unseen(),
    }
}

fn duty((duty, number): (Duty, Option<String>)) -> DutyView {
    let (assignment_id, agency) = duty.hangs_on.unzip();
    DutyView {
        matter_id: duty.matter_id,
        number,
        rule: duty.due.rule,
        assignment_id,
        agency,
        due: duty.due,
        state: duty.state,
        open: duty.open,
        warned: duty.warned,
        breached_on: duty.breached_on,
        met_on: duty.met_on,
    }
}

fn order((order, number): (Order, Option<String>)) -> OrderView {
    let issued_on = order.days.get(contracts::codes::OrderState::Issued.code()).copied();
    OrderView {
        order_id: order.id,
        version: order.version,
        matter_id: order.matter_id,
        number,
        assignment_id: order.assignment_id,
        agency: order.agency,
        state: order.state,
        cause: order.cause,
        owed: order.owed,
        rule: order.due.as_ref().map(|due| due.rule),
        due: order.due,
        document_number: order.document_number,
        issued_on,
        due_on: order.due_on,
        days: order.days,
        replies: order.replies,
        sent_back: order.sent_back,
    }
}
