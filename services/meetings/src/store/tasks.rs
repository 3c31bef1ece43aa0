//! Typed access to tasks of resolutions.

use contracts::meetings::commands::ListTasks;
use db::{JsonText, StoreError, Tx, parse};
use kernel::{AgencyCode, AgendaItemId, ResolutionTaskId, UnixMillis};

use super::{rows::TaskRow, sql};
use crate::domain::task::Task;

/// Sorts behind every date.
const ENDED: &str = "9999-12-31";

fn sort_on(task: &Task) -> String {
    if task.is_open() { task.due_on.to_string() } else { ENDED.to_owned() }
}

/// Enters a task.
pub async fn insert(tx: &mut Tx<'_>, task: &Task) -> Result<(), StoreError> {
    tx.query(&sql::INSERT_TASK)
        .bind(task.id)
        .bind(task.version)
        .bind(task.resolution_id)
        .bind(&task.document_number)
        .bind(task.meeting_id)
        .bind(task.item_id)
        .bind(task.matter_id)
        .bind(&task.agency)
        .bind(task.role.code())
        .bind(&task.lead)
        .bind(&task.action)
        .bind(task.due_on)
        .bind(task.checker.code())
        .bind(task.state.code())
        .bind(JsonText(&task.days))
        .bind(JsonText(&task.reports))
        .bind(task.sent_back.map(contracts::codes::SendBackReason::code))
        .bind(task.overdue_on)
        .bind(task.fires_at)
        .bind(sort_on(task))
        .run_one()
        .await
}

/// Stores a changed task over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, task: &Task, loaded: i64) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_TASK)
        .bind(task.id)
        .bind(loaded)
        .bind(task.version)
        .bind(task.due_on)
        .bind(task.state.code())
        .bind(JsonText(&task.days))
        .bind(JsonText(&task.reports))
        .bind(task.sent_back.map(contracts::codes::SendBackReason::code))
        .bind(task.overdue_on)
        .bind(task.fires_at)
        .bind(sort_on(task))
        .run_one()
        .await
}

/// One task with its matter's public number.
pub async fn load(tx: &mut Tx<'_>, id: ResolutionTaskId) -> Result<Option<(Task, String)>, StoreError> {
    let row: Option<TaskRow> = tx.query(&sql::LOAD_TASK).bind(id).optional().await?;
    row.map(TaskRow::into_task).transpose()
}

/// Loads a task that is about to change: a second writer waits here until the first has committed.
pub async fn hold(tx: &mut Tx<'_>, id: ResolutionTaskId) -> Result<Option<Task>, StoreError> {
    if tx.query(&sql::HOLD_TASK).bind(id).run().await? == 0 {
        return Ok(None);
    }
    Ok(load(tx, id).await?.map(|(task, _)| task))
}

/// The tasks of an item, the lead's first.
pub async fn of_item(tx: &mut Tx<'_>, id: AgendaItemId) -> Result<Vec<(Task, String)>, StoreError> {
    let rows: Vec<TaskRow> = tx.query(&sql::TASKS_OF_ITEM).bind(id).all().await?;
    rows.into_iter().map(TaskRow::into_task).collect()
}

/// One page of tasks; the cursor is the last row's place.
pub async fn page(
    tx: &mut Tx<'_>,
    wish: &ListTasks,
    agency: Option<&AgencyCode>,
) -> Result<(Vec<(Task, String)>, Option<String>), StoreError> {
    let limit = wish.page.rows();
    let (sort_on, id) = wish.page.after.as_deref().unwrap_or_default().split_once('~').unwrap_or_default();
    let rows: Vec<TaskRow> = tx
        .query(&sql::PAGE_OF_TASKS)
        .bind(agency)
        .bind(wish.state.map(contracts::codes::ResolutionTaskState::code))
        .bind(i64::from(wish.overdue_only))
        .bind(sort_on)
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|row| format!("{}~{}", row.sort_on, row.id));
    Ok((rows.into_iter().map(TaskRow::into_task).collect::<Result<_, _>>()?, next))
}

/// Tasks whose date has passed without a report, the earliest first.
pub async fn ripe(tx: &mut Tx<'_>, now: UnixMillis, limit: i64) -> Result<Vec<ResolutionTaskId>, StoreError> {
    let rows: Vec<(String,)> = tx.query(&sql::RIPE_TASKS).bind(now).bind(limit).all().await?;
    rows.into_iter().map(|(id,)| parse("task", "id", &id, &id)).collect()
}
