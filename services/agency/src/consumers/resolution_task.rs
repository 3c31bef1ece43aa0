//! 交办单 and what the office says of the report.

use bus::Applied;
use contracts::meetings::{TaskDispatchV1, TaskVerdictDispatchV1};
use db::{StoreError, Tx};
use kernel::EventId;

use crate::{domain::resolution_task::ResolutionTask, store::resolution_tasks};

/// Enters the task. A second time it changes nothing.
pub async fn take(
    tx: &mut Tx<'_>,
    dispatch: TaskDispatchV1,
    dispatched_by: EventId,
) -> Result<Applied, StoreError> {
    resolution_tasks::insert(tx, &ResolutionTask::issued(dispatch, dispatched_by)).await?;
    Ok(Applied::Done)
}

/// Takes a verdict in.
pub async fn judged(tx: &mut Tx<'_>, verdict: &TaskVerdictDispatchV1) -> Result<Applied, StoreError> {
    let Some(mut task) = resolution_tasks::hold(tx, verdict.task_id).await? else {
        return Ok(Applied::Poison("a verdict on a task that never came".to_owned()));
    };
    let loaded = task.version;
    if !task.judged(verdict) {
        return Ok(Applied::Poison(format!("a verdict on a task in state {}", task.state)));
    }
    resolution_tasks::save(tx, &task, loaded).await?;
    Ok(Applied::Done)
}
