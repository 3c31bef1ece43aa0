//! Columns ↔ domain: the only place that knows columns.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    Due,
    agency::{
        ClaimOutcome,
        commands::{CoPart, PaperKind, TaskRuling},
    },
    codes::{AssignmentState, CloseCode},
    routing::AssignmentDispatchV1,
};
use db::{JsonText, StoreError, parse};
use kernel::ContentId;

use crate::domain::task::Task;

#[derive(sqlx::FromRow)]
pub struct TaskRow {
    pub assignment_id: String,
    dispatch: JsonText<AssignmentDispatchV1>,
    dispatched_by: String,
    version: i64,
    state: String,
    days: JsonText<BTreeMap<String, NaiveDate>>,
    dues: JsonText<Vec<Due>>,
    papers: JsonText<Vec<(PaperKind, ContentId)>>,
    outcomes: JsonText<Vec<ClaimOutcome>>,
    opinion_id: Option<String>,
    close_code: Option<String>,
    recall_reason: Option<String>,
    ruling: Option<JsonText<TaskRuling>>,
    co: JsonText<Vec<CoPart>>,
    drafted: i64,
    pub sort_on: String,
}

impl TaskRow {
    pub fn into_task(self) -> Result<Task, StoreError> {
        let id = self.assignment_id;
        let corrupt = |column| StoreError::corrupt("task", column, &id);
        let close = |code: String| CloseCode::from_code(&code).ok_or_else(|| corrupt("close_code"));
        Ok(Task {
            dispatch: self.dispatch.0,
            dispatched_by: parse("task", "dispatched_by", &id, &self.dispatched_by)?,
            version: self.version,
            state: AssignmentState::from_code(&self.state).ok_or_else(|| corrupt("state"))?,
            days: self.days.0,
            dues: self.dues.0,
            papers: self.papers.0,
            outcomes: self.outcomes.0,
            opinion_id: self.opinion_id.map(|o| parse("task", "opinion_id", &id, &o)).transpose()?,
            close_code: self.close_code.map(close).transpose()?,
            recall_reason: self.recall_reason,
            ruling: self.ruling.map(|r| r.0),
            co: self.co.0,
            drafted: self.drafted == 1,
        })
    }
}

#[derive(sqlx::FromRow)]
pub struct PendingRow {
    pub content_id: String,
    pub series: Option<String>,
    pub number: Option<i64>,
    pub sealed: Vec<u8>,
    pub sha256: String,
}
