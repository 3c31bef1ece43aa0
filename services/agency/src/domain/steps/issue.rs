//! 出具处理意见书 (Art. 32): facts, basis, an opinion on each claim, the remedy; signed by the head.

use contracts::{
    Command,
    agency::{
        ClaimOutcome,
        commands::{ClaimAnswer, IssueOpinion, PaperBody, Step},
    },
    codes::AssignmentState,
};
use kernel::Refusal;

use super::{Desk, Plan, TaskStep, at_most};
use crate::{
    domain::{happening::Happening, parts, task::Task, text},
    error,
};

impl TaskStep for IssueOpinion {
    const BY_HEAD: bool = true;

    fn step(&self) -> &Step {
        &self.step
    }

    fn plan(&self, task: &Task, desk: &Desk<'_>) -> Result<Plan, Refusal> {
        if task.state != AssignmentState::Accepted {
            return Err(task.forbids(Self::NAME));
        }
        parts::expect_all_here(task, Self::NAME)?;
        answers_each_claim(&task.dispatch.claims, &self.answers)?;
        let review_unit =
            if self.review_unit.trim().is_empty() { desk.review_unit } else { self.review_unit.as_str() };
        let on = desk.today;
        let body = PaperBody::Opinion {
            facts: text::owed(&self.facts, at_most::PAGES, "facts")?,
            basis: text::owed(&self.basis, at_most::PARAGRAPHS, "basis")?,
            answers: answers(&self.answers)?,
            review_unit: text::owed(review_unit, at_most::UNIT, "review_unit")?,
            signer: text::owed(&self.signer, at_most::NAME, "signer")?,
            issued_on: on,
            document_number: String::new(),
        };
        let mut outcomes: Vec<ClaimOutcome> =
            self.answers.iter().map(|a| ClaimOutcome { claim_no: a.claim_no, outcome: a.outcome }).collect();
        outcomes.sort_unstable_by_key(|o| o.claim_no);
        let opinion_id = desk.opinion_id;
        Ok(Plan::Paper {
            body,
            then: Box::new(move |opinion| {
                vec![Happening::OpinionIssued { on, opinion_id, outcomes, opinion }]
            }),
        })
    }
}

pub(super) fn answers_each_claim(asked: &[i64], answers: &[ClaimAnswer]) -> Result<(), Refusal> {
    let mut asked = asked.to_vec();
    let mut answered: Vec<i64> = answers.iter().map(|a| a.claim_no).collect();
    asked.sort_unstable();
    answered.sort_unstable();
    if asked == answered {
        return Ok(());
    }
    let numbers = |list: &[i64]| {
        // Bounded: the answers come from outside.
        list.iter().take(50).map(ToString::to_string).collect::<Vec<_>>().join("、")
    };
    Err(error::CLAIMS_NOT_ANSWERED
        .refuse()
        .at("answers")
        .with("asked", numbers(&asked))
        .with("answered", numbers(&answered)))
}

pub(super) fn answers(given: &[ClaimAnswer]) -> Result<Vec<ClaimAnswer>, Refusal> {
    let mut answers = Vec::with_capacity(given.len());
    for (at, answer) in given.iter().enumerate() {
        let opinion = text::owed(&answer.opinion, at_most::PARAGRAPHS, &format!("answers[{at}].opinion"))?;
        answers.push(ClaimAnswer { opinion, ..answer.clone() });
    }
    answers.sort_by_key(|a| a.claim_no);
    Ok(answers)
}
