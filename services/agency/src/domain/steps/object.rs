//! 异议 (Art. 23): not this agency's to handle, with detailed reasons; before acceptance, T03 goes on.

use contracts::{
    Command,
    agency::commands::{Object, PaperBody, Step},
    codes::{AssignmentRole, AssignmentState},
};
use kernel::Refusal;

use super::{Desk, Plan, TaskStep, at_most};
use crate::{
    domain::{dates, happening::Happening, task::Task, text},
    error,
};

impl TaskStep for Object {
    const OF: &'static [AssignmentRole] = AssignmentRole::ALL;

    fn step(&self) -> &Step {
        &self.step
    }

    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal> {
        if !matches!(task.state, AssignmentState::Delivered | AssignmentState::Signed) {
            return Err(task.forbids(Self::NAME));
        }
        if task.dispatch.binding {
            return Err(error::COMPETENCE_DECIDED.refuse().when(task.state.code(), Self::NAME));
        }
        if self.proposed_agency.as_ref() == Some(&task.dispatch.agency) {
            return Err(error::PROPOSES_ITSELF.refuse().at("proposed_agency"));
        }
        let stated = self.objected_on.unwrap_or(desk.today);
        // A paper has its own date; at a screen nobody lodges an objection of yesterday (T04).
        let earliest = if self.step.on_behalf_paper.is_some() { task.last_day() } else { desk.today };
        let on = dates::within(stated, earliest, desk.today, "objected_on")?;
        let proposed_agency = self.proposed_agency.clone();
        let body = PaperBody::Objection {
            received_on: task.delivered_on(),
            objected_on: on,
            reasons: text::owed(&self.reasons, at_most::PAGES, "reasons")?,
            own_duties: text::owed(&self.own_duties, at_most::PARAGRAPHS, "own_duties")?,
            proposed_agency: proposed_agency.clone(),
            document_number: String::new(),
        };
        Ok(Plan::Paper {
            body,
            then: Box::new(move |letter| vec![Happening::Objected { on, proposed_agency, letter }]),
        })
    }
}
