//! 不予督办: a person drops a draft that a breach proposed. Nothing had left the office, and nothing does.

use contracts::supervision::commands::{DropOrder, OrderChanged};
use db::Tx;
use kernel::{Actor, Clock, civil_date};

use super::{Outcome, changed, load_for};
use crate::store;

/// Drops a draft.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &DropOrder) -> Outcome<OrderChanged> {
    let today = civil_date(tx.clocks().business.now());
    let (mut order, _) = match load_for(tx, actor, command.order_id).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let loaded = order.version;
    let decided = order.expect_version(command.expected_version).and_then(|()| order.drop_draft(today));
    if let Err(refusal) = decided {
        return Ok(Err(refusal));
    }
    store::orders::save(tx, &order, loaded).await?;
    Ok(Ok(changed(&order, 0)))
}
