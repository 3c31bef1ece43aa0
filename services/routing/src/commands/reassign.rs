//! 改派承继单位 (Art. 24): a case leaves an agency that ends and goes to another, in one transaction.

use contracts::{Changed, codes::CoReleaseReason, routing::register::Reassign};
use db::{Draft, Tx};
use kernel::{Actor, Clock, civil_date};

use super::{Outcome, forward, load_for, release_co, save};
use crate::{
    Rules,
    domain::{parts, succession},
    publish::publish,
    store,
};

/// Takes the case back from the lead that ends, and hands it over as the person wished. What was done before stays
/// on the matter: claims, papers, days.
pub async fn run(tx: &mut Tx<'_>, rules: &Rules, actor: &Actor, command: &Reassign) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let mut matter = match load_for(tx, actor, command.matter_id, command.expected_version).await? {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (loaded, today) = (matter.version, civil_date(now));
    let register = store::register(tx).await?;
    let (fact, recall) = match succession::take_back(&matter, &register, today) {
        Ok(decided) => decided,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let ended = CoReleaseReason::LeadEnded;
    // Decide the whole before anything is stored: a refused hand-over leaves the case where it lies.
    let mut freed = matter.clone();
    for released in parts::release_all(&matter, recall.assignment_no, ended, today) {
        freed.apply(&released.fact);
    }
    freed.apply(&fact);
    let handing = match forward::order(tx, rules, &freed, &command.hand_over).await? {
        Ok(handing) => handing,
        Err(refusal) => return Ok(Err(refusal)),
    };
    release_co::all(tx, &mut matter, recall.assignment_no, ended, now, None).await?;
    publish(tx, &mut matter, fact, now, None).await?;
    tx.dispatch(&recall.agency, Draft::of(matter.id, now, &recall)?).await?;
    if let Some(old) = matter.assignments.iter().find(|a| a.id == recall.assignment_id) {
        store::save_assignment(tx, matter.id, old).await?;
    }
    forward::carry_out(tx, rules, &mut matter, handing, now).await?;
    save(tx, &matter, loaded, now).await
}
