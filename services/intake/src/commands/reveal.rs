//! 查看身份: the petitioners' identities, opened by the office with a purpose; the petitioner sees the unit.

use contracts::{
    codes::ContentPart,
    intake::commands::{Identities, RevealIdentity},
};
use kernel::Refusal;
use web::door::Asked;

use super::seen;
use crate::{
    Intake,
    sealing::{Keys, SubmissionSeal},
    store::{self, PersonRow, Submission},
};

/// Opens the identities; the look is on record before it is answered.
///
/// # Errors
/// A role that may not, a submission that is not there (or not for this role), or the store.
pub async fn run(intake: &Intake, asked: Asked<RevealIdentity>) -> Result<Identities, Refusal> {
    let Asked { actor, command, .. } = asked;
    let id = command.submission_id;
    let row = seen::by_office(intake, &actor, id, ContentPart::Contact, command.purpose).await?;
    let people = intake.read(move |tx| Box::pin(async move { store::people(tx, id).await })).await?;
    of(&intake.keys, &row, &people)
}

/// The identities of a stored submission.
///
/// # Errors
/// When a seal does not open.
pub fn of(keys: &Keys, row: &Submission, people: &[PersonRow]) -> Result<Identities, Refusal> {
    let seal = SubmissionSeal::of_row(keys, row.id, &row.data_key)?;
    let open = |p: &PersonRow| seal.open_person(usize::try_from(p.position).unwrap_or(0), &p.person);
    Ok(Identities { petitioners: people.iter().map(open).collect::<Result<_, _>>()? })
}
