//! 解除协办: a co-agency owes its part no longer; it and the lead are told.

use contracts::{Changed, codes::CoReleaseReason, routing::commands::ReleaseCo};
use db::{Draft, StoreError, Tx};
use kernel::{Actor, Clock, EventId, UnixMillis, civil_date};

use super::{Outcome, load_for, save};
use crate::{
    domain::{
        matter::Matter,
        parts::{self, Released},
    },
    publish::publish,
    store,
};

/// Releases a co-agency with a reason.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &ReleaseCo) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let mut matter = match load_for(tx, actor, command.matter_id, command.expected_version).await? {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let loaded = matter.version;
    let released = match parts::release(&matter, command, civil_date(now)) {
        Ok(released) => released,
        Err(refusal) => return Ok(Err(refusal)),
    };
    carry_out(tx, &mut matter, released, now, None).await?;
    save(tx, &matter, loaded, now).await
}

/// Ends every part that a lead still waits for, with the lead, its opinion or the matter.
pub async fn all(
    tx: &mut Tx<'_>,
    matter: &mut Matter,
    lead_no: i64,
    reason: CoReleaseReason,
    now: UnixMillis,
    cause: Option<EventId>,
) -> Result<(), StoreError> {
    for released in parts::release_all(matter, lead_no, reason, civil_date(now)) {
        carry_out(tx, matter, released, now, cause).await?;
    }
    Ok(())
}

async fn carry_out(
    tx: &mut Tx<'_>,
    matter: &mut Matter,
    released: Released,
    now: UnixMillis,
    cause: Option<EventId>,
) -> Result<(), StoreError> {
    let Released { fact, recall, told } = released;
    publish(tx, matter, fact, now, cause).await?;
    tx.dispatch(&recall.agency, Draft::of(matter.id, now, &recall)?).await?;
    if let Some(told) = told {
        tx.dispatch(&told.agency, Draft::of(matter.id, now, &told)?).await?;
    }
    if let Some(ended) = matter.assignments.iter().find(|a| a.id == recall.assignment_id) {
        store::save_assignment(tx, matter.id, ended).await?;
    }
    Ok(())
}
