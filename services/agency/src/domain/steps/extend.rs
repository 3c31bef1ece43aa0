//! 延期 (Art. 34): a complex matter gets at most thirty days more, once, before the end, by the head; the
//! petitioner is told why.

use calendar::{LimitRefused, RuleId};
use contracts::{
    Command,
    agency::commands::{Extend, PaperBody, Step},
    codes::AssignmentState,
};
use kernel::Refusal;

use super::{Desk, Plan, TaskStep, at_most};
use crate::{
    domain::{happening::Happening, task::Task, text},
    error,
};

impl TaskStep for Extend {
    const BY_HEAD: bool = true;

    fn step(&self) -> &Step {
        &self.step
    }

    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal> {
        if task.state != AssignmentState::Accepted {
            return Err(task.forbids(Self::NAME));
        }
        let t06 = task.dues.iter().find(|due| due.rule == RuleId::T06);
        let old_due = t06.ok_or_else(|| error::NO_LIMIT_TO_EXTEND.refuse())?.clone();
        let (days, on) = (self.days, desk.today);
        let new_due = desk.law.extended(&old_due, days, on).map_err(|refused| match refused {
            LimitRefused::ExtensionOutOfBounds { most, .. } => {
                error::EXTENSION_TOO_LONG.refuse().at("days").with("most", most)
            }
            LimitRefused::ExtensionOutOfTime { legal_on, .. } => error::EXTENSION_TOO_LATE
                .refuse()
                .when(task.state.code(), Self::NAME)
                .with("legal_on", legal_on),
            other => Refusal::from(other),
        })?;
        let body = PaperBody::ExtensionNotice {
            old_due: Box::new(old_due),
            new_due: Box::new(new_due.clone()),
            reason: text::owed(&self.reason, at_most::PARAGRAPHS, "reason")?,
            approver: text::owed(&self.approver, at_most::NAME, "approver")?,
            granted_on: on,
            document_number: String::new(),
        };
        Ok(Plan::Paper {
            body,
            then: Box::new(move |notice| vec![Happening::Extended { on, days, due: new_due, notice }]),
        })
    }
}
