//! 送达: what a dispatch makes of the agency's list.

use std::collections::BTreeMap;

use calendar::{Law, LimitRefused};
use chrono::NaiveDate;
use contracts::{
    agency::commands::TaskRuling,
    codes::AssignmentState,
    routing::{AssignmentDispatchV1, Ruling, RulingDispatchV1},
};
use kernel::EventId;

use super::{limits, parts, task::Task};

/// A task as it comes into the unit's inbox: T03 and T04 start (domain.md 1.5 h); of a 协办件 T04 and the internal
/// limit alone.
///
/// # Errors
/// When the profile lacks a limit.
pub fn delivered(
    dispatch: AssignmentDispatchV1,
    dispatched_by: EventId,
    today: NaiveDate,
    law: &Law,
) -> Result<Task, LimitRefused> {
    // The agency's clock may lag behind the office's; nothing arrives before it was sent.
    let delivered_on = today.max(dispatch.sent_on);
    let state = AssignmentState::Delivered;
    Ok(Task {
        dues: limits::from_delivery(law, &dispatch, delivered_on)?,
        co: dispatch.co.iter().cloned().map(parts::awaited).collect(),
        drafted: false,
        dispatch,
        dispatched_by,
        version: 1,
        state,
        days: BTreeMap::from([(state.code().to_owned(), delivered_on)]),
        papers: Vec::new(),
        outcomes: Vec::new(),
        opinion_id: None,
        close_code: None,
        recall_reason: None,
        ruling: None,
    })
}

/// 异议答复 (Art. 23): an agreed objection ends the task, a refused one leaves it where it stood. Says whether it
/// changed anything: a task that was taken back meanwhile stays so.
pub fn rule(task: &mut Task, ruling: &RulingDispatchV1) -> bool {
    if task.state != AssignmentState::Objected {
        return false;
    }
    task.ruling = Some(TaskRuling {
        ruling: ruling.ruling,
        reason: ruling.reason.clone(),
        decided_on: ruling.decided_on,
    });
    match ruling.ruling {
        Ruling::Upheld | Ruling::Disputed => {
            task.state = AssignmentState::Returned;
            task.days.insert(task.state.code().to_owned(), ruling.decided_on.max(task.last_day()));
        }
        Ruling::Rejected => {
            let signed = task.day(AssignmentState::Signed).is_some();
            task.state = if signed { AssignmentState::Signed } else { AssignmentState::Delivered };
        }
    }
    task.version += 1;
    true
}

/// 撤回: the office takes the task back. Says whether that changed anything: a closed task stays closed,
/// and the office's own record of the two says which came first.
pub fn recall(task: &mut Task, reason: &str, today: NaiveDate) -> bool {
    if !task.is_open() {
        return false;
    }
    task.state = AssignmentState::Recalled;
    task.days.insert(task.state.code().to_owned(), today.max(task.last_day()));
    task.recall_reason = Some(reason.to_owned());
    task.version += 1;
    true
}
