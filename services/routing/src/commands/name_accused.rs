//! The restricted officer names units that an accusation must never reach (Art. 30).

use contracts::{Changed, routing::commands::NameAccused};
use db::Tx;
use kernel::{Actor, Clock};

use super::{Outcome, load_for};
use crate::{error, store};

/// Units named at once, at most.
const UNITS_AT_MOST: usize = 50;

/// Adds accused units. Nothing is published: who is accused never travels (architecture.md section 6).
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &NameAccused) -> Outcome<Changed> {
    let now = tx.clocks().business.now();
    let mut matter = match load_for(tx, actor, command.matter_id, command.expected_version).await? {
        Ok(matter) => matter,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !matter.restricted {
        return Ok(Err(matter.forbids("name_accused")));
    }
    let register = store::register(tx).await?;
    for unit in command.agencies.iter().take(UNITS_AT_MOST) {
        if register.get(unit).is_none() {
            return Ok(Err(error::UNKNOWN_AGENCY.refuse().at("agencies").with("code", unit)));
        }
        if !matter.accused.contains(unit) {
            matter.accused.push(unit.clone());
        }
    }
    let loaded = matter.version;
    store::save(tx, &matter, loaded, now).await?;
    Ok(Ok(Changed { matter_id: matter.id, version: loaded }))
}
