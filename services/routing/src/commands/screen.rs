//! 甄别, and with it, if wished, the hand-over: one transaction.

use contracts::{Changed, routing::commands::Screen};
use db::Tx;
use kernel::{Actor, Clock, civil_date};

use super::{Outcome, forward, load_for, save};
use crate::{Rules, domain::screen, publish::publish, store};

/// Screens a matter and hands it over where the command says so.
pub async fn run(tx: &mut Tx<'_>, rules: &Rules, actor: &Actor, command: &Screen) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let mut matter = match load_for(tx, actor, command.matter_id, command.expected_version).await? {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let loaded = matter.version;
    let fact = match screen::screen(&matter, command, rules.proposers.on(civil_date(now)).catalogue()) {
        Ok(fact) => fact,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Decide the whole before anything is stored: a refused hand-over leaves the matter as it was.
    let mut screened = matter.clone();
    screened.apply(&fact);
    let order = match &command.hand_over {
        None => None,
        Some(wish) => match forward::order(tx, rules, &screened, wish).await? {
            Ok(order) => Some(order),
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    let proposed = screen::seen(&matter, command).category;
    store::suggestions::keep_screening(tx, &fact, proposed, now).await?;
    publish(tx, &mut matter, fact, now, None).await?;
    if let Some(order) = order {
        forward::carry_out(tx, rules, &mut matter, order, now).await?;
    }
    save(tx, &matter, loaded, now).await
}
