//! 异议答复 → the task ends, or goes on where it stood.

use bus::Applied;
use contracts::routing::RulingDispatchV1;
use db::{StoreError, Tx};
use kernel::Clock;

use crate::{domain::delivery, store};

/// Takes the office's ruling in. With an ended task its text is forgotten; the agency's own letter stays.
pub async fn take(tx: &mut Tx<'_>, ruling: &RulingDispatchV1) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    let Some(mut task) = store::hold(tx, ruling.assignment_id).await? else {
        return Ok(Applied::Poison("a ruling on an assignment that never came".to_owned()));
    };
    if task.matter_id() != ruling.matter_id || task.dispatch.assignment_no != ruling.assignment_no {
        return Ok(Applied::Poison(
            "the ruling names another matter or number than its assignment".to_owned(),
        ));
    }
    let loaded = task.version;
    if delivery::rule(&mut task, ruling) {
        store::save(tx, &task, loaded, now).await?;
        if !task.is_open() {
            store::sealed::forget(tx, task.id(), now).await?;
        }
    }
    Ok(Applied::Done)
}
