//! 协办意见 (Art. 24): which parts the lead waits for, and what a dispatch says of them.

use contracts::{
    agency::commands::CoPart,
    codes::CoState,
    routing::{CoAnswerDispatchV1, CoAsked, CoChangeDispatchV1},
};
use kernel::Refusal;

use super::task::Task;
use crate::error;

/// A part that is asked for and not here.
#[must_use]
pub const fn awaited(asked: CoAsked) -> CoPart {
    CoPart {
        asked,
        state: CoState::Awaited,
        on: None,
        released: None,
        outcomes: Vec::new(),
        content_id: None,
        content_hash: None,
    }
}

/// Refuses the lead's answer while a part is missing: it answers with all of them (domain.md 2.2, row 14).
///
/// # Errors
/// `co_parts_missing`, with the units and the days.
pub fn expect_all_here(task: &Task, event: &str) -> Result<(), Refusal> {
    let missing = task.co.iter().filter(|part| part.state == CoState::Awaited);
    let named: Vec<String> =
        missing.map(|part| format!("{} ({})", part.asked.agency, part.asked.due_on)).collect();
    if named.is_empty() {
        return Ok(());
    }
    Err(error::CO_PARTS_MISSING.refuse().when(task.state.code(), event).with("units", named.join("、")))
}

/// 协办变更: one more unit gives a part, or one gives none any more. Says whether that is news.
pub fn change(task: &mut Task, change: &CoChangeDispatchV1) -> bool {
    let known = task.co.iter_mut().find(|part| part.asked.assignment_no == change.co.assignment_no);
    match (known, change.released) {
        (Some(part), Some(reason)) if part.state == CoState::Awaited => {
            part.state = CoState::Released;
            part.on = Some(change.changed_on);
            part.released = Some(reason);
        }
        (None, None) => task.co.push(awaited(change.co.clone())),
        _ => return false,
    }
    task.version += 1;
    true
}

/// 协办意见到: says whether it is news. One that was never asked for is none.
pub fn answered(task: &mut Task, answer: &CoAnswerDispatchV1) -> bool {
    let asked =
        |part: &&mut CoPart| part.asked.assignment_no == answer.co_no && part.asked.agency == answer.co;
    let Some(part) = task.co.iter_mut().find(asked) else { return false };
    if part.state != CoState::Awaited {
        return false;
    }
    part.state = CoState::Answered;
    part.on = Some(answer.answered_on);
    part.outcomes.clone_from(&answer.claims);
    part.content_id = Some(answer.content_id);
    part.content_hash = Some(answer.content_hash.clone());
    task.version += 1;
    true
}
