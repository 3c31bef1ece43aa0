//! What routing must know of an accusation to guard it (Art. 30).

use contracts::intake::commands::{RestrictedFacts, RestrictedSummary};
use kernel::Refusal;
use web::door::Asked;

use crate::{Intake, domain::rights, error, sealing::SubmissionSeal};

/// Tells dates, counts and accused units to the suite itself; no content, no identity. Also of a submission
/// that is not restricted here: routing may know of its screening before the fact has come.
///
/// # Errors
/// Any other caller; a submission that does not exist; the store.
pub async fn run(intake: &Intake, asked: Asked<RestrictedFacts>) -> Result<RestrictedSummary, Refusal> {
    rights::suite_alone(&asked.actor)?;
    let row = intake.submission(asked.command.submission_id).await?;
    let row = row.ok_or_else(|| error::NO_SUCH_SUBMISSION.refuse())?;
    let text = SubmissionSeal::of_row(&intake.keys, row.id, &row.data_key)?.open_content(&row.content)?;
    Ok(RestrictedSummary {
        submission_id: row.id,
        received_on: row.received_on,
        t01: row.t01,
        claims: row.claims,
        heads: row.heads,
        joint: row.joint,
        anonymous: row.anonymous,
        accused_agencies: text.accused,
        content_id: row.content_id,
        content_hash: row.content_hash,
    })
}
