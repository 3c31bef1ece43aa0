//! 发督办函 (Art. 40): a person confirms a draft, or issues an order of their own.

use chrono::Datelike;
use contracts::supervision::{OrderIssuedV1, commands::IssueOrder, commands::OrderChanged};
use db::{Draft, Tx};
use kernel::{Actor, Clock, civil_date};

use super::{Outcome, changed};
use crate::{
    domain::{
        fact::Fact,
        order::{About, Order},
    },
    error,
    publish::publish,
    rights, store,
};

/// Numbers the order, publishes the fact and dispatches the letter.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &IssueOrder) -> Outcome<OrderChanged> {
    let now = tx.clocks().business.now();
    let today = civil_date(now);
    let matter_id = command.matter_id;
    let Some(matter) = store::hold(tx, matter_id).await? else {
        return Ok(Err(error::NO_SUCH_DUTY.refuse()));
    };
    if let Err(refusal) = rights::may_urge(actor, matter.restricted, &error::NO_SUCH_DUTY) {
        return Ok(Err(refusal));
    }
    let (mut order, loaded) = match find(tx, command, today).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Err(refusal) = order.may_issue(command.due_on, today) {
        return Ok(Err(refusal));
    }
    if loaded.is_none() && !store::orders::insert(tx, &order).await? {
        return Ok(Err(error::ORDER_OPEN_ALREADY.refuse()));
    }
    let before = loaded.unwrap_or(order.version);
    let year = today.year();
    let number = tx.next_number(&format!("信督-{year}"), 1).await?;
    order.issue((command.cause, command.owed), format!("信督〔{year}〕{number}号"), command.due_on, today);
    store::orders::save(tx, &order, before).await?;
    let fact = Fact::Issued(OrderIssuedV1 {
        order_id: order.id,
        matter_id,
        agency: order.agency.clone(),
        cause: order.cause,
        issued_on: today,
        due_on: command.due_on,
        document_number: order.document_number.clone().unwrap_or_default(),
    });
    let published = publish(tx, matter_id, &fact, now, None).await?;
    if let Some(letter) = order.letter(matter.restricted) {
        tx.dispatch(&order.agency, Draft::of(matter_id, now, &letter)?).await?;
    }
    Ok(Ok(changed(&order, published.version)))
}

/// The draft that is confirmed with its version, or a new one about the assignment.
async fn find(
    tx: &mut Tx<'_>,
    command: &IssueOrder,
    today: chrono::NaiveDate,
) -> Outcome<(Order, Option<i64>)> {
    let holder = store::holder(tx, command.assignment_id, command.matter_id).await?;
    let Some(agency) = holder else {
        return Ok(Err(error::NO_SUCH_ASSIGNMENT.refuse().at("assignment_id")));
    };
    let Some(id) = command.order_id else {
        let (matter_id, assignment_id) = (command.matter_id, command.assignment_id);
        let about = About { matter_id, assignment_id, agency };
        let order = Order::draft(tx.mint().mint(), about, (command.cause, command.owed), None, today);
        return Ok(Ok((order, None)));
    };
    let fits = |o: &Order| o.matter_id == command.matter_id && o.assignment_id == command.assignment_id;
    Ok(match store::orders::load(tx, id).await?.filter(fits) {
        Some(order) => {
            let loaded = order.version;
            Ok((order, Some(loaded)))
        }
        None => Err(error::NO_SUCH_ORDER.refuse().at("order_id")),
    })
}
