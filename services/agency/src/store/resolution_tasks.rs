//! Typed access to the tasks that resolutions gave the agency.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    agency::commands::ListResolutionTasks,
    codes::{ResolutionTaskState, SendBackReason},
    meetings::TaskDispatchV1,
};
use db::{JsonText, StoreError, Tx, parse};
use kernel::{AssignmentId, ContentId, MatterId, ResolutionTaskId};

use super::sql;
use crate::domain::resolution_task::ResolutionTask;

/// Sorts behind every date.
const ENDED: &str = "9999-12-31";

#[derive(sqlx::FromRow)]
struct TaskRow {
    task_id: String,
    dispatch: JsonText<TaskDispatchV1>,
    dispatched_by: String,
    version: i64,
    state: String,
    due_on: String,
    days: JsonText<BTreeMap<String, NaiveDate>>,
    sent_back: Option<String>,
    reports: JsonText<Vec<ContentId>>,
    sort_on: String,
}

impl TaskRow {
    fn into_task(self) -> Result<ResolutionTask, StoreError> {
        const TABLE: &str = "resolution_task";
        let id = self.task_id;
        let corrupt = |column| StoreError::corrupt(TABLE, column, &id);
        let reason = |code: String| SendBackReason::from_code(&code).ok_or_else(|| corrupt("sent_back"));
        Ok(ResolutionTask {
            dispatch: self.dispatch.0,
            dispatched_by: parse(TABLE, "dispatched_by", &id, &self.dispatched_by)?,
            version: self.version,
            state: ResolutionTaskState::from_code(&self.state).ok_or_else(|| corrupt("state"))?,
            due_on: parse(TABLE, "due_on", &id, &self.due_on)?,
            days: self.days.0,
            sent_back: self.sent_back.map(reason).transpose()?,
            reports: self.reports.0,
        })
    }
}

fn sort_on(task: &ResolutionTask) -> String {
    if task.is_open() { task.due_on.to_string() } else { ENDED.to_owned() }
}

/// Enters a task. A second time it changes nothing.
pub async fn insert(tx: &mut Tx<'_>, task: &ResolutionTask) -> Result<(), StoreError> {
    tx.query(&sql::INSERT_RESOLUTION_TASK)
        .bind(task.dispatch.task_id)
        .bind(task.dispatch.matter_id)
        .bind(JsonText(&task.dispatch))
        .bind(task.dispatched_by)
        .bind(task.version)
        .bind(task.state.code())
        .bind(task.due_on)
        .bind(JsonText(&task.days))
        .bind(JsonText(&task.reports))
        .bind(sort_on(task))
        .run()
        .await
        .map(drop)
}

/// Loads a task.
pub async fn load(tx: &mut Tx<'_>, id: ResolutionTaskId) -> Result<Option<ResolutionTask>, StoreError> {
    let row: Option<TaskRow> = tx.query(&sql::LOAD_RESOLUTION_TASK).bind(id).optional().await?;
    row.map(TaskRow::into_task).transpose()
}

/// Loads a task that is about to change: a second writer waits here until the first has committed.
pub async fn hold(tx: &mut Tx<'_>, id: ResolutionTaskId) -> Result<Option<ResolutionTask>, StoreError> {
    if tx.query(&sql::HOLD_RESOLUTION_TASK).bind(id).run().await? == 0 {
        return Ok(None);
    }
    load(tx, id).await
}

/// Stores a changed task over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, task: &ResolutionTask, loaded: i64) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_RESOLUTION_TASK)
        .bind(task.dispatch.task_id)
        .bind(loaded)
        .bind(task.version)
        .bind(task.state.code())
        .bind(task.due_on)
        .bind(JsonText(&task.days))
        .bind(task.sent_back.map(SendBackReason::code))
        .bind(JsonText(&task.reports))
        .bind(sort_on(task))
        .run_one()
        .await
}

/// One page of tasks, the earliest due first; the cursor is the last row's place.
pub async fn page(
    tx: &mut Tx<'_>,
    wish: &ListResolutionTasks,
) -> Result<(Vec<ResolutionTask>, Option<String>), StoreError> {
    let limit = wish.page.rows();
    let (sort_on, id) = wish.page.after.as_deref().unwrap_or_default().split_once('/').unwrap_or_default();
    let query = tx.query(&sql::PAGE_OF_RESOLUTION_TASKS).bind(i64::from(wish.open_only));
    let rows: Vec<TaskRow> = query.bind(sort_on).bind(id).bind(limit).all().await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|row| format!("{}/{}", row.sort_on, row.task_id));
    Ok((rows.into_iter().map(TaskRow::into_task).collect::<Result<_, _>>()?, next))
}

/// The newest assignment of a matter that this agency ever had: its papers on the matter are sealed under its key.
pub async fn assignment_of(tx: &mut Tx<'_>, matter: MatterId) -> Result<Option<AssignmentId>, StoreError> {
    let row: Option<(String,)> = tx.query(&sql::ASSIGNMENT_OF_MATTER).bind(matter).optional().await?;
    row.map(|(id,)| parse("task", "assignment_id", &id, &id)).transpose()
}
