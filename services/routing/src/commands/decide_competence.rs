//! 指定管辖 (Art. 24): records a written decision and hands the matter over, binding.

use contracts::{Changed, routing::commands::DecideCompetence};
use db::Tx;
use kernel::{Actor, Clock, EventId, civil_date};

use super::{Outcome, forward, load_by, save};
use crate::{
    Rules,
    domain::{dispute, matter::Matter},
    publish::publish,
    rights,
};

/// Ends the dispute of a matter.
pub async fn run(
    tx: &mut Tx<'_>,
    rules: &Rules,
    actor: &Actor,
    command: &DecideCompetence,
) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let loaded = load_by(tx, actor, command.matter_id, command.expected_version, rights::may_rule).await?;
    let mut matter = match loaded {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let loaded = matter.version;
    match settle(tx, rules, &mut matter, command, None).await? {
        Ok(()) => save(tx, &matter, loaded, now).await,
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Ends the dispute of a loaded matter, or leaves it as it was. The rows of the matter are the caller's to save.
pub async fn settle(
    tx: &mut Tx<'_>,
    rules: &Rules,
    matter: &mut Matter,
    command: &DecideCompetence,
    cause: Option<EventId>,
) -> Outcome<()> {
    let now = tx.clocks().business.now();
    let decided = match dispute::decide(matter, command, civil_date(now)) {
        Ok(decided) => decided,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Decide the whole before anything is stored: a refused hand-over leaves the dispute as it was.
    let mut settled = matter.clone();
    settled.apply(&decided.fact);
    let order = match forward::order(tx, rules, &settled, &decided.hand_over).await? {
        Ok(order) => order,
        Err(refusal) => return Ok(Err(refusal)),
    };
    publish(tx, matter, decided.fact, now, cause).await?;
    forward::carry_out(tx, rules, matter, order, now).await?;
    Ok(Ok(()))
}
