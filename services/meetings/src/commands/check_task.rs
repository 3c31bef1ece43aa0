//! 核验: a person accepts a report, or sends it back with a reason and another day.

use contracts::meetings::{
    TaskVerdictDispatchV1,
    commands::{CheckTask, TaskChecked},
};
use db::{Draft, Tx};
use kernel::{Actor, civil_date};

use super::{Outcome, now, settle};
use crate::{domain::fact::Fact, error, publish::publish, rights, store::tasks};

/// Checks a report and tells the agency.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &CheckTask) -> Outcome<TaskChecked> {
    settle!(rights::may_read(actor));
    let at = now(tx);
    let Some(mut task) = tasks::hold(tx, command.task_id).await? else {
        return Ok(Err(error::NO_SUCH_TASK.refuse()));
    };
    settle!(rights::may_check(actor, task.checker));
    settle!(task.expect_version(command.expected_version));
    let loaded = task.version;
    let with = (command.reason, command.due_on);
    let checked = settle!(task.check(command.verdict, with, civil_date(at)));
    tasks::save(tx, &task, loaded).await?;
    let verdict = TaskVerdictDispatchV1 {
        task_id: task.id,
        matter_id: task.matter_id,
        agency: task.agency.clone(),
        verdict: checked.verdict,
        reason: checked.reason,
        due_on: checked.due_on,
        checked_on: checked.checked_on,
    };
    publish(tx, &Fact::Checked(checked), at, None).await?;
    tx.dispatch(&task.agency, Draft::of(task.matter_id, at, &verdict)?).await?;
    Ok(Ok(TaskChecked { task_id: task.id, version: task.version, state: task.state }))
}
