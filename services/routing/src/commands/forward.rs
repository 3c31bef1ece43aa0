//! 转送 and 交办 (Art. 22).

use chrono::Datelike;
use contracts::{
    Changed,
    routing::commands::{Forward, HandOver},
};
use db::{Draft, StoreError, Tx};
use kernel::{Actor, Clock, UnixMillis, civil_date};

use super::{Outcome, load_for, save};
use crate::{
    Rules,
    domain::{
        hand_over::{self, Order},
        matter::Matter,
    },
    publish::publish,
    store,
};

/// Hands a screened matter over.
pub async fn run(tx: &mut Tx<'_>, rules: &Rules, actor: &Actor, command: &Forward) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let mut matter = match load_for(tx, actor, command.matter_id, command.expected_version).await? {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let loaded = matter.version;
    let order = match order(tx, &matter, &command.hand_over).await? {
        Ok(order) => order,
        Err(refusal) => return Ok(Err(refusal)),
    };
    carry_out(tx, rules, &mut matter, order, now).await?;
    save(tx, &matter, loaded, now).await
}

/// Decides a hand-over against the register as it is now.
pub async fn order(tx: &mut Tx<'_>, matter: &Matter, wish: &HandOver) -> Outcome<Order> {
    let today = civil_date(tx.clocks().business.now());
    let register = store::register(tx).await?;
    Ok(hand_over::order(matter, wish, &register, today))
}

/// Numbers the order, publishes the fact and dispatches to the agency.
pub async fn carry_out(
    tx: &mut Tx<'_>,
    rules: &Rules,
    matter: &mut Matter,
    order: Order,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let year = civil_date(now).year();
    let series = order.series();
    let number = tx.next_number(&format!("{series}-{year}"), 1).await?;
    let id = tx.mint().mint();
    let number = format!("{series}〔{year}〕{number}号");
    let mut handed = order.numbered(matter, id, number, &rules.office_contact);
    publish(tx, matter, handed.fact, now, None).await?;
    let agency = handed.assignment.agency.clone();
    let dispatched = tx.dispatch(&agency, Draft::of(matter.id, now, &handed.dispatch)?).await?;
    handed.assignment.dispatch_seq = dispatched.agency_seq.unwrap_or_default();
    store::save_assignment(tx, matter.id, &handed.assignment).await?;
    matter.assignments.push(handed.assignment);
    Ok(())
}
