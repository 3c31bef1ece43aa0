//! 起草协办意见: what a draft may hold. It need not be complete; the head's sending checks it whole.

use contracts::{
    Command,
    agency::commands::{DraftPart, PartText},
    codes::AssignmentState,
};
use kernel::Refusal;

use super::at_most;
use crate::{
    domain::{task::Task, text},
    error,
};

/// Refuses a draft that could never be sent.
///
/// # Errors
/// `task_wrong_state`, `claims_not_answered`, `paper_field_too_long`, `paper_field_unreadable`.
pub fn fits(task: &Task, part: &PartText) -> Result<(), Refusal> {
    if !matches!(task.state, AssignmentState::Delivered | AssignmentState::Signed) {
        return Err(task.forbids(DraftPart::NAME));
    }
    if part.answers.len() > task.dispatch.claims.len()
        || !part.answers.iter().all(|a| task.dispatch.claims.contains(&a.claim_no))
    {
        let asked = task.dispatch.claims.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
        return Err(error::CLAIMS_NOT_ANSWERED
            .refuse()
            .at("answers")
            .with("asked", asked)
            .with("answered", "?"));
    }
    text::bounded(&part.facts, at_most::PAGES, "facts")?;
    text::bounded(&part.basis, at_most::PARAGRAPHS, "basis")?;
    for (at, answer) in part.answers.iter().enumerate() {
        text::bounded(&answer.opinion, at_most::PARAGRAPHS, &format!("answers[{at}].opinion"))?;
    }
    Ok(())
}
