//! 转送件 or 交办件 → a task in the unit's inbox.

use bus::Applied;
use calendar::Law;
use contracts::routing::AssignmentDispatchV1;
use db::{StoreError, Tx};
use kernel::{Clock, EventId, civil_date};

use crate::{domain::delivery, store};

/// Enters the task. One that was recalled before it came does not open.
pub async fn take(
    tx: &mut Tx<'_>,
    law: &Law,
    assignment: AssignmentDispatchV1,
    dispatched_by: EventId,
) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    let today = civil_date(now);
    let mut task = match delivery::delivered(assignment, dispatched_by, today, law) {
        Ok(task) => task,
        Err(why) => return Ok(Applied::Poison(format!("its limits cannot be reckoned: {why}"))),
    };
    if let Some(reason) = store::recalled_before(tx, task.id()).await? {
        delivery::recall(&mut task, &reason, today);
    }
    store::insert(tx, &task, now).await?;
    Ok(Applied::Done)
}
