//! Typed access to an agency's tables.

pub mod meetings;
pub mod orders;
pub mod papers;
pub mod resolution_tasks;
pub mod rows;
pub mod sealed;
pub mod sql;
pub mod webhook_sql;
pub mod webhooks;

use std::collections::BTreeMap;

use contracts::{
    Page,
    agency::commands::ListTasks,
    codes::{ContentPart, OpenPurpose},
    routing::RecallDispatchV1,
};
use db::{JsonText, StoreError, Tx};
use kernel::{AssignmentId, EventId, UnixMillis, UserId};

use crate::{domain::task::Task, rights::Sight};
use rows::TaskRow;

/// Loads a task as it is.
pub async fn load(tx: &mut Tx<'_>, id: AssignmentId) -> Result<Option<Task>, StoreError> {
    let row: Option<TaskRow> = tx.query(&sql::LOAD_TASK).bind(id).optional().await?;
    row.map(TaskRow::into_task).transpose()
}

/// Loads a task that is about to change: a second writer waits here until the first has committed.
pub async fn hold(tx: &mut Tx<'_>, id: AssignmentId) -> Result<Option<Task>, StoreError> {
    if tx.query(&sql::HOLD_TASK).bind(id).run().await? == 0 {
        return Ok(None);
    }
    load(tx, id).await
}

/// Enters a task. A second time it changes nothing, and says so.
pub async fn insert(tx: &mut Tx<'_>, task: &Task, now: UnixMillis) -> Result<bool, StoreError> {
    let added = tx
        .query(&sql::INSERT_TASK)
        .bind(task.id())
        .bind(task.matter_id())
        .bind(task.dispatch.assignment_no)
        .bind(JsonText(&task.dispatch))
        .bind(task.dispatched_by)
        .bind(i64::from(task.dispatch.restricted))
        .bind(task.version)
        .bind(task.state.code())
        .bind(JsonText(&task.days))
        .bind(JsonText(&task.dues))
        .bind(JsonText(&task.papers))
        .bind(JsonText(&task.outcomes))
        .bind(task.opinion_id)
        .bind(task.close_code.map(contracts::codes::CloseCode::code))
        .bind(task.recall_reason.as_deref())
        .bind(task.sort_on())
        .bind(now)
        .bind(task.ruling.as_ref().map(JsonText))
        .bind(JsonText(&task.co))
        .bind(i64::from(task.drafted))
        .run()
        .await?;
    Ok(added == 1)
}

/// Stores a changed task over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, task: &Task, loaded: i64, now: UnixMillis) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_TASK)
        .bind(task.id())
        .bind(loaded)
        .bind(task.version)
        .bind(task.state.code())
        .bind(JsonText(&task.days))
        .bind(JsonText(&task.dues))
        .bind(JsonText(&task.papers))
        .bind(JsonText(&task.outcomes))
        .bind(task.opinion_id)
        .bind(task.close_code.map(contracts::codes::CloseCode::code))
        .bind(task.recall_reason.as_deref())
        .bind(task.sort_on())
        .bind(now)
        .bind(task.ruling.as_ref().map(JsonText))
        .bind(JsonText(&task.co))
        .bind(i64::from(task.drafted))
        .run_one()
        .await
}

/// One page of the list, the earliest due first. The cursor is the last row's place in that order.
pub async fn page(tx: &mut Tx<'_>, wish: &ListTasks, sight: Sight) -> Result<Page<Task>, StoreError> {
    let limit = wish.page.rows();
    let after = wish.page.after.as_deref().unwrap_or_default();
    let (sort_on, id) = after.split_once('/').unwrap_or_default();
    let rows: Vec<TaskRow> = tx
        .query(&sql::PAGE_OF_TASKS)
        .bind(wish.state.map(contracts::codes::AssignmentState::code))
        .bind(i64::from(wish.open_only))
        .bind(i64::from(sight.open))
        .bind(i64::from(sight.restricted))
        .bind(sort_on)
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|row| format!("{}/{}", row.sort_on, row.assignment_id));
    let items = rows.into_iter().map(TaskRow::into_task).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

/// How many tasks, by state.
pub async fn counts(tx: &mut Tx<'_>, sight: Sight) -> Result<BTreeMap<String, i64>, StoreError> {
    let query = tx.query(&sql::COUNT_TASKS).bind(i64::from(sight.open)).bind(i64::from(sight.restricted));
    let rows: Vec<(String, i64)> = query.all().await?;
    Ok(rows.into_iter().collect())
}

/// Remembers the recall of an assignment that never came.
pub async fn remember_recall(
    tx: &mut Tx<'_>,
    recall: &RecallDispatchV1,
    now: UnixMillis,
) -> Result<(), StoreError> {
    tx.query(&sql::REMEMBER_RECALL)
        .bind(recall.assignment_id)
        .bind(recall.matter_id)
        .bind(recall.assignment_no)
        .bind(&recall.reason)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Why an assignment was taken back before it came, if it was.
pub async fn recalled_before(tx: &mut Tx<'_>, id: AssignmentId) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.query(&sql::RECALLED_BEFORE).bind(id).optional().await?;
    Ok(row.map(|(reason,)| reason))
}

/// Where opened content came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From intake, which logged the look as well.
    Intake,
    /// From the agency's own sealed copy, while intake was away: this row is the only record.
    Copy,
}

impl Source {
    const fn code(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Copy => "copy",
        }
    }
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Text, contact or a file of the petition.
    Content(ContentPart),
    /// The part of a co-agency.
    CoPart,
}

impl Looked {
    const fn code(self) -> &'static str {
        match self {
            Self::Content(part) => part.code(),
            Self::CoPart => "co_part",
        }
    }
}

/// One look at sealed content.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whose.
    pub assignment_id: AssignmentId,
    /// Who.
    pub user: UserId,
    /// At what.
    pub part: Looked,
    /// Why.
    pub purpose: OpenPurpose,
    /// From where.
    pub source: Source,
}

/// Logs a look, before anything is shown.
pub async fn note_look(tx: &mut Tx<'_>, look: Look, now: UnixMillis) -> Result<(), StoreError> {
    let id: EventId = tx.mint().mint();
    tx.query(&sql::NOTE_LOOK)
        .bind(id)
        .bind(look.assignment_id)
        .bind(look.user)
        .bind(look.part.code())
        .bind(look.purpose.code())
        .bind(look.source.code())
        .bind(now)
        .run_one()
        .await
}
