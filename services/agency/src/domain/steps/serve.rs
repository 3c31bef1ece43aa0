//! 登记送达: the opinion reached the petitioner, with proof; T07 runs from that day (Art. 35).

use contracts::{
    Command,
    agency::commands::{PaperBody, RecordService, Step},
    codes::AssignmentState,
};
use kernel::Refusal;

use super::{Desk, Plan, TaskStep, at_most};
use crate::{
    domain::{dates, happening::Happening, limits, task::Task, text},
    error,
};

impl TaskStep for RecordService {
    fn step(&self) -> &Step {
        &self.step
    }

    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal> {
        let (AssignmentState::OpinionIssued, Some(opinion_id)) = (task.state, task.opinion_id) else {
            return Err(task.forbids(Self::NAME));
        };
        let issued_on = task.day(AssignmentState::OpinionIssued).unwrap_or_else(|| task.last_day());
        let on = dates::within(self.served_on, issued_on, desk.today, "served_on")?;
        let proof = text::owed(&self.proof, at_most::PROOF, "proof")?;
        if text::holds_citizen_id(&proof) {
            return Err(error::IDENTITY_IN_PROOF.refuse().at("proof"));
        }
        let summary = &task.dispatch.summary;
        let dues = limits::from_service(desk.law, summary.purpose, summary.route, on)?;
        let way = self.way;
        Ok(Plan::Paper {
            body: PaperBody::ServiceRecord { way, served_on: on, proof },
            then: Box::new(move |record| vec![Happening::Served { on, opinion_id, way, record, dues }]),
        })
    }
}
