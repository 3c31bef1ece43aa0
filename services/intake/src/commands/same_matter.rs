//! The surest earlier open matter that submissions may repeat: for routing's proposals, which a person confirms.

use contracts::intake::commands::{SameMatter, SameMatterFound};
use kernel::Refusal;
use suggest::repeats::shown;
use web::door::Asked;

use super::{alike, masked::MAX_ASKED};
use crate::{
    Intake,
    domain::{like::Wanted, rights},
    error,
};

/// Candidates of one submission whose texts are opened: bounds the work of a full batch.
const OPENED_AT_MOST: usize = 8;

/// Finds them. Accusations, unknown ids and those without such a matter are absent from the answer; who wrote
/// anything is not asked.
///
/// # Errors
/// Any other caller, too many at once, or the store.
pub async fn run(intake: &Intake, asked: Asked<SameMatter>) -> Result<Vec<SameMatterFound>, Refusal> {
    rights::suite_alone(&asked.actor)?;
    let submissions = asked.command.submissions;
    if submissions.len() > MAX_ASKED {
        return Err(error::TOO_MANY_ASKED.refuse().at("submissions").with("most", MAX_ASKED));
    }
    let looked = alike::look(intake, &submissions, Wanted::Proposed, OPENED_AT_MOST).await?;
    let best = |found: alike::Found| {
        let best = shown(found.passed).into_iter().next()?;
        Some(SameMatterFound { submission_id: found.asked, matter_id: best.other })
    };
    Ok(looked.found.into_iter().filter_map(best).collect())
}
