//! 转送 and 交办 (Art. 22).

use chrono::Datelike;
use contracts::{
    Changed,
    routing::commands::{Forward, HandOver},
};
use db::{Draft, StoreError, Tx};
use kernel::{Actor, AssignmentId, Clock, Refusal, UnixMillis, civil_date};

use super::{Outcome, load_for, save};
use crate::{
    Rules,
    domain::{
        co::{self, Planned},
        hand_over::{self, HandedOver, Order},
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
    let handing = match order(tx, rules, &matter, &command.hand_over).await? {
        Ok(handing) => handing,
        Err(refusal) => return Ok(Err(refusal)),
    };
    carry_out(tx, rules, &mut matter, handing, now).await?;
    save(tx, &matter, loaded, now).await
}

/// What was allowed: the lead's hand-over, and its co-agencies.
#[derive(Debug)]
pub struct Handing {
    order: Order,
    co: Vec<Planned>,
}

/// Decides a hand-over, with its co-agencies, against the register as it is now.
pub async fn order(tx: &mut Tx<'_>, rules: &Rules, matter: &Matter, wish: &HandOver) -> Outcome<Handing> {
    let today = civil_date(tx.clocks().business.now());
    let register = store::register(tx).await?;
    let desk = co::Desk { register: &register, law: &rules.law, today };
    Ok(decide(matter, wish, desk))
}

fn decide(matter: &Matter, wish: &HandOver, desk: co::Desk<'_>) -> Result<Handing, Refusal> {
    let order = hand_over::order(matter, wish, desk.register, desk.today)?;
    if wish.co.is_empty() {
        return Ok(Handing { order, co: Vec::new() });
    }
    let lead = co::lead_of(matter, wish, order.no(), order.is_binding(), desk)?;
    Ok(Handing { co: co::plan(matter, wish, &lead, desk)?, order })
}

/// Numbers the letters, publishes the facts and dispatches: the lead's first, then each co-agency's.
pub async fn carry_out(
    tx: &mut Tx<'_>,
    rules: &Rules,
    matter: &mut Matter,
    handing: Handing,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let Handing { order, co } = handing;
    let (id, number) = letter(tx, order.series(), now).await?;
    let mut handed = order.numbered(matter, id, number, &rules.office_contact);
    handed.dispatch.co = co.iter().map(Planned::asked).collect();
    send(tx, matter, handed, now).await?;
    for planned in co {
        carry_out_co(tx, rules, matter, planned, now).await?;
    }
    Ok(())
}

/// The same for one co-agency.
pub async fn carry_out_co(
    tx: &mut Tx<'_>,
    rules: &Rules,
    matter: &mut Matter,
    planned: Planned,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let letter = letter(tx, co::SERIES, now).await?;
    let handed = planned.numbered(matter, letter, &rules.office_contact, civil_date(now));
    send(tx, matter, handed, now).await
}

async fn letter(
    tx: &mut Tx<'_>,
    series: &str,
    now: UnixMillis,
) -> Result<(AssignmentId, String), StoreError> {
    let year = civil_date(now).year();
    let number = tx.next_number(&format!("{series}-{year}"), 1).await?;
    Ok((tx.mint().mint(), format!("{series}〔{year}〕{number}号")))
}

async fn send(
    tx: &mut Tx<'_>,
    matter: &mut Matter,
    mut handed: HandedOver,
    now: UnixMillis,
) -> Result<(), StoreError> {
    publish(tx, matter, handed.fact, now, None).await?;
    let agency = handed.assignment.agency.clone();
    let dispatched = tx.dispatch(&agency, Draft::of(matter.id, now, &handed.dispatch)?).await?;
    handed.assignment.dispatch_seq = dispatched.agency_seq.unwrap_or_default();
    store::save_assignment(tx, matter.id, &handed.assignment).await?;
    matter.assignments.push(handed.assignment);
    Ok(())
}
