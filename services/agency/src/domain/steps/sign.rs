//! 签收: somebody takes the task in hand. Measured apart from delivery (domain.md 1.5 h).

use contracts::{
    Command,
    agency::commands::{Sign, Step},
    codes::{AssignmentRole, AssignmentState},
};
use kernel::Refusal;

use super::{Desk, Plan, TaskStep};
use crate::domain::{happening::Happening, task::Task};

impl TaskStep for Sign {
    const OF: &'static [AssignmentRole] = AssignmentRole::ALL;

    fn step(&self) -> &Step {
        &self.step
    }

    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal> {
        if task.state != AssignmentState::Delivered {
            return Err(task.forbids(Self::NAME));
        }
        Ok(Plan::Direct(vec![Happening::Signed { on: desk.today }]))
    }
}
