//! 收件回执 once more, for printing at the counter.

use contracts::intake::commands::{Receipt, ShowReceipt};
use kernel::Refusal;
use web::door::Asked;

use crate::{
    Intake,
    domain::rights::{self, Look},
    error,
    sealing::{Keys, SubmissionSeal},
    store::Submission,
};

/// A registration is the first word about its submission.
const REGISTERED_VERSION: i64 = 1;

/// Shows the receipt.
///
/// # Errors
/// A role that may not, a submission that is not there (or not for this role), or the store.
pub async fn run(intake: &Intake, asked: Asked<ShowReceipt>) -> Result<Receipt, Refusal> {
    let row = intake.submission(asked.command.submission_id).await?;
    rights::look(&asked.actor, Look::Receipt, row.as_ref().map(|r| r.restricted))?;
    of(&intake.keys, &row.ok_or_else(|| error::NO_SUCH_SUBMISSION.refuse())?)
}

/// The receipt of a stored submission.
///
/// # Errors
/// When the seal does not open.
pub fn of(keys: &Keys, row: &Submission) -> Result<Receipt, Refusal> {
    let code = SubmissionSeal::of_row(keys, row.id, &row.data_key)?.open_code(&row.code)?;
    Ok(Receipt {
        submission_id: row.id,
        number: row.number.clone(),
        query_code: code.expose().to_owned(),
        registered_at: row.registered_at,
        received_on: row.received_on,
        channel: row.channel,
        claims: row.claims,
        attachments: row.attachments,
        t01: row.t01.clone(),
        version: REGISTERED_VERSION,
    })
}
