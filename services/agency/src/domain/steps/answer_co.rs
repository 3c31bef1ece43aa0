//! 协办意见送主办 (Art. 24): the head sends this unit's part; the lead answers the petitioner with all of them.

use contracts::{
    Command,
    agency::{
        ClaimOutcome,
        commands::{AnswerCo, PaperBody, PartText, Step},
    },
    codes::{AssignmentRole, AssignmentState},
};
use kernel::Refusal;

use super::{
    Desk, Plan, TaskStep, at_most,
    issue::{answers, answers_each_claim},
};
use crate::domain::{happening::Happening, task::Task, text};

impl TaskStep for AnswerCo {
    const BY_HEAD: bool = true;
    const OF: &'static [AssignmentRole] = &[AssignmentRole::Co];

    fn step(&self) -> &Step {
        &self.step
    }

    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal> {
        let unsigned = match task.state {
            AssignmentState::Delivered => true,
            AssignmentState::Signed => false,
            _ => return Err(task.forbids(Self::NAME)),
        };
        answers_each_claim(&task.dispatch.claims, &self.part.answers)?;
        let on = desk.today;
        let text = PartText {
            facts: text::owed(&self.part.facts, at_most::PAGES, "facts")?,
            basis: text::owed(&self.part.basis, at_most::PARAGRAPHS, "basis")?,
            answers: answers(&self.part.answers)?,
        };
        let outcomes: Vec<ClaimOutcome> =
            text.answers.iter().map(|a| ClaimOutcome { claim_no: a.claim_no, outcome: a.outcome }).collect();
        let body = PaperBody::CoPart {
            text,
            signer: text::owed(&self.signer, at_most::NAME, "signer")?,
            answered_on: on,
            document_number: String::new(),
        };
        Ok(Plan::Paper {
            body,
            then: Box::new(move |part| {
                // Who sends its part has the task in hand: an unsigned one is signed for on that day.
                let signed = unsigned.then_some(Happening::Signed { on });
                signed.into_iter().chain([Happening::CoAnswered { on, outcomes, part }]).collect()
            }),
        })
    }
}
