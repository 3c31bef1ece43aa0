//! 增加协办 (Art. 24): one more unit is asked for its part; the lead is told.

use contracts::{Changed, routing::commands::AddCo};
use db::{Draft, Tx};
use kernel::{Actor, Clock, civil_date};

use super::{Outcome, forward, load_for, save};
use crate::{
    Rules,
    domain::{co, parts},
    store,
};

/// Adds a co-agency to the lead at work.
pub async fn run(tx: &mut Tx<'_>, rules: &Rules, actor: &Actor, command: &AddCo) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let mut matter = match load_for(tx, actor, command.matter_id, command.expected_version).await? {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (loaded, today) = (matter.version, civil_date(now));
    let register = store::register(tx).await?;
    let desk = co::Desk { register: &register, law: &rules.law, today };
    let planned = match co::add(&matter, command, desk) {
        Ok(planned) => planned,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(told) = parts::added(&matter, &planned, today) {
        tx.dispatch(&told.agency, Draft::of(matter.id, now, &told)?).await?;
    }
    forward::carry_out_co(tx, rules, &mut matter, planned, now).await?;
    save(tx, &matter, loaded, now).await
}
