//! 受理告知 (Art. 23): receipt, route and procedure, told in writing; T06 runs from its date.

use contracts::{
    Command,
    agency::commands::{NotifyAcceptance, PaperBody, Step},
    codes::AssignmentState,
};
use kernel::Refusal;

use super::{Desk, Plan, TaskStep, at_most};
use crate::domain::{dates, happening::Happening, limits, task::Task, text};

impl TaskStep for NotifyAcceptance {
    fn step(&self) -> &Step {
        &self.step
    }

    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal> {
        let unsigned = match task.state {
            AssignmentState::Delivered => true,
            AssignmentState::Signed => false,
            _ => return Err(task.forbids(Self::NAME)),
        };
        let stated = self.accepted_on.unwrap_or(desk.today);
        let on = dates::within(stated, task.delivered_on(), desk.today, "accepted_on")?;
        let body = PaperBody::AcceptanceNotice {
            handler: text::owed(&self.handler, at_most::NAME, "handler")?,
            telephone: text::owed(&self.telephone, at_most::TELEPHONE, "telephone")?,
            notice: text::owed(&self.notice, at_most::PARAGRAPHS, "notice")?,
            accepted_on: on,
            document_number: String::new(),
        };
        let dues = limits::from_acceptance(desk.law, task.dispatch.summary.route, on)?;
        Ok(Plan::Paper {
            body,
            then: Box::new(move |notice| {
                // Who tells the petitioner has the task in hand: an unsigned one is signed for on that day.
                let signed = unsigned.then_some(Happening::Signed { on });
                signed.into_iter().chain([Happening::Accepted { on, notice, dues }]).collect()
            }),
        })
    }
}
