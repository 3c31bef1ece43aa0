//! 撤回 → the task stops; its text is forgotten.

use bus::Applied;
use contracts::routing::RecallDispatchV1;
use db::{StoreError, Tx};
use kernel::{Clock, civil_date};

use crate::{domain::delivery, store};

/// Stops the task. The recall of one that never came is remembered, so that it will not open.
///
/// A recall that crosses an acceptance stops the task here, and the office sets the late return aside by the
/// assignment's number. A task that closed meanwhile stays closed, and the recall is the office's to settle.
pub async fn take(tx: &mut Tx<'_>, recall: &RecallDispatchV1) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    let Some(mut task) = store::hold(tx, recall.assignment_id).await? else {
        store::remember_recall(tx, recall, now).await?;
        return Ok(Applied::Done);
    };
    if task.matter_id() != recall.matter_id || task.dispatch.assignment_no != recall.assignment_no {
        return Ok(Applied::Poison(
            "the recall names another matter or number than its assignment".to_owned(),
        ));
    }
    let loaded = task.version;
    if delivery::recall(&mut task, &recall.reason, civil_date(now)) {
        store::save(tx, &task, loaded, now).await?;
        store::sealed::forget(tx, task.id(), now).await?;
    }
    Ok(Applied::Done)
}
