//! 同意 and 不同意异议 (Art. 23), and the dispute that a second refusal raises (Art. 24).

use contracts::{Changed, routing::commands::RuleOnObjection};
use db::{Draft, Tx};
use kernel::{Actor, Clock, civil_date};

use super::{Outcome, load_by, save};
use crate::{
    Rules,
    domain::{dispute, objection},
    publish::publish,
    rights, store,
};

/// Rules on the open objection of a matter, and tells the agency.
pub async fn run(
    tx: &mut Tx<'_>,
    rules: &Rules,
    actor: &Actor,
    command: &RuleOnObjection,
    upheld: bool,
) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let loaded = load_by(tx, actor, command.matter_id, command.expected_version, rights::may_rule).await?;
    let mut matter = match loaded {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (loaded, today) = (matter.version, civil_date(now));
    let consents = rights::excuses_lateness(actor, &matter);
    let decided = match objection::rule(&matter, command, upheld, consents, today) {
        Ok(decided) => decided,
        Err(refusal) => return Ok(Err(refusal)),
    };
    publish(tx, &mut matter, decided.fact, now, None).await?;
    if upheld {
        let register = store::register(tx).await?;
        let order = dispute::Order { register: &register, route: rules.law.profile.dispute_route() };
        if let Some(raised) = dispute::after_upholding(&matter, command.assignment_id, order, today) {
            publish(tx, &mut matter, raised, now, None).await?;
        }
    }
    tx.dispatch(&decided.dispatch.agency, Draft::of(matter.id, now, &decided.dispatch)?).await?;
    if let Some(assignment) = matter.assignments.iter_mut().find(|a| a.id == command.assignment_id) {
        if let Some(ruled) = assignment.objections.last_mut().and_then(|o| o.ruling.as_mut()) {
            ruled.note = decided.note;
        }
        store::save_assignment(tx, matter.id, assignment).await?;
    }
    save(tx, &matter, loaded, now).await
}
