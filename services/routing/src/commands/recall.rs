//! 撤回误转: takes a wrong forward back before the agency accepted.

use contracts::{Changed, codes::CoReleaseReason, routing::commands::Recall};
use db::{Draft, Tx};
use kernel::{Actor, Clock, civil_date};

use super::{Outcome, load_for, release_co, save};
use crate::{domain::hand_over, publish::publish, store};

/// Recalls the assignment that counts; the claims go back to the office.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &Recall) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let mut matter = match load_for(tx, actor, command.matter_id, command.expected_version).await? {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let loaded = matter.version;
    let (fact, dispatch) = match hand_over::recall(&matter, command, civil_date(now)) {
        Ok(decided) => decided,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // What others were asked for this lead ends with it; the next hand-over names its own.
    let ended = CoReleaseReason::LeadEnded;
    release_co::all(tx, &mut matter, dispatch.assignment_no, ended, now, None).await?;
    publish(tx, &mut matter, fact, now, None).await?;
    tx.dispatch(&dispatch.agency, Draft::of(matter.id, now, &dispatch)?).await?;
    if let Some(recalled) = matter.assignments.iter().find(|a| a.id == command.assignment_id) {
        store::save_assignment(tx, matter.id, recalled).await?;
    }
    save(tx, &matter, loaded, now).await
}
