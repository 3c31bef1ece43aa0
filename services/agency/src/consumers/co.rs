//! 协办变更 and 协办意见 → the lead's list of parts.

use bus::Applied;
use contracts::routing::{CoAnswerDispatchV1, CoChangeDispatchV1};
use db::{StoreError, Tx};
use kernel::{AssignmentId, Clock, MatterId};

use crate::{
    domain::{parts, task::Task},
    store,
};

/// Takes in who gives a part, or gives none any more.
pub async fn changed(tx: &mut Tx<'_>, change: &CoChangeDispatchV1) -> Result<Applied, StoreError> {
    let about = (change.assignment_id, change.matter_id, change.assignment_no);
    take(tx, about, |task| parts::change(task, change)).await
}

/// Takes in that a part is here.
pub async fn answered(tx: &mut Tx<'_>, answer: &CoAnswerDispatchV1) -> Result<Applied, StoreError> {
    let about = (answer.assignment_id, answer.matter_id, answer.assignment_no);
    take(tx, about, |task| parts::answered(task, answer)).await
}

async fn take(
    tx: &mut Tx<'_>,
    (id, matter, no): (AssignmentId, MatterId, i64),
    apply: impl FnOnce(&mut Task) -> bool,
) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    let Some(mut task) = store::hold(tx, id).await? else {
        return Ok(Applied::Poison("a part for an assignment that never came".to_owned()));
    };
    if task.matter_id() != matter || task.dispatch.assignment_no != no {
        return Ok(Applied::Poison("the part names another matter or number than its lead".to_owned()));
    }
    let loaded = task.version;
    if apply(&mut task) {
        store::save(tx, &task, loaded, now).await?;
    }
    Ok(Applied::Done)
}
