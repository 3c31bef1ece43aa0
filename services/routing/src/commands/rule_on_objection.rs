//! 同意 and 不同意异议 (Art. 23), and the dispute that a second refusal raises (Art. 24).

use contracts::{
    Changed,
    codes::{AssignmentRole, CoReleaseReason},
    routing::commands::RuleOnObjection,
};
use db::{Draft, StoreError, Tx};
use kernel::{Actor, AssignmentId, Clock, UnixMillis, civil_date};

use super::{Outcome, load_by, release_co, save};
use crate::{
    Rules,
    domain::{dispute, matter::Matter, objection, parts},
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
    let dispatch = &decided.dispatch;
    if upheld && leads(&matter, command.assignment_id) {
        let ended = CoReleaseReason::LeadEnded;
        release_co::all(tx, &mut matter, dispatch.assignment_no, ended, now, None).await?;
    }
    publish(tx, &mut matter, decided.fact, now, None).await?;
    if upheld {
        tell_lead(tx, &matter, command.assignment_id, now).await?;
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

fn leads(matter: &Matter, id: AssignmentId) -> bool {
    matter.assignments.iter().any(|a| a.id == id && a.role == AssignmentRole::Lead)
}

/// The lead hears that a co-agency gives no part any more.
async fn tell_lead(
    tx: &mut Tx<'_>,
    matter: &Matter,
    id: AssignmentId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let reason = Some(CoReleaseReason::ObjectionUpheld);
    let ended = matter.assignments.iter().find(|a| a.id == id);
    if let Some(told) = ended.and_then(|a| parts::change(matter, a, civil_date(now), reason)) {
        tx.dispatch(&told.agency, Draft::of(matter.id, now, &told)?).await?;
    }
    Ok(())
}
