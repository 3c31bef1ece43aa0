//! `svc.intake.put.<agency>`: an agency stores a paper under the submission's key.

use contracts::{
    agency::commands::PaperBody,
    intake::commands::{AgencyPut, PaperStored},
};
use kernel::{AgencyCode, Clock, Refusal};
use trust::chain::Hash;

use crate::{
    Intake,
    domain::access,
    error,
    sealing::SubmissionSeal,
    store::{
        papers::{self, NewPaper},
        standing,
    },
};

/// Longest paper, in bytes.
pub const MAX_PAPER_BYTES: usize = 256 * 1024;

/// Stores a paper. The same id with the same body is the same paper, also after the matter was closed: the
/// agency repeats when an answer was lost. The agency is the one of the subject, never of the body.
///
/// # Errors
/// A paper that is none, no right to the matter (any more), an id used for something else, or the store.
pub async fn run(intake: &Intake, agency: AgencyCode, command: AgencyPut) -> Result<PaperStored, Refusal> {
    let body = &command.body;
    let wrong = || error::PAPER_WRONG.refuse().at("body");
    if body.len() > MAX_PAPER_BYTES || body.contains('\0') {
        return Err(wrong());
    }
    let read: PaperBody = serde_json::from_str(body).map_err(|_| wrong())?;
    let outlives_task = matches!(
        read,
        PaperBody::OrderReply { .. } | PaperBody::Position { .. } | PaperBody::TaskReport { .. }
    );
    let row = intake.submission(command.matter_id).await?;
    let row = row.ok_or_else(|| error::RIGHT_NOT_HERE_YET.refuse())?;
    let seal = SubmissionSeal::of_row(&intake.keys, row.id, &row.data_key)?;
    let sealed = seal.seal_paper(&intake.mint, command.content_id, body).map_err(|e| error::sealed(&e))?;
    let paper = NewPaper {
        id: command.content_id,
        matter: row.id,
        assignment: command.assignment_id,
        agency,
        sha256: Hash::of(body.as_bytes()).to_hex(),
        at: intake.clocks.business.now(),
        body: sealed,
    };
    let stored = PaperStored { content_id: paper.id, sha256: paper.sha256.clone() };
    let outcome = intake
        .write(move |tx| {
            let paper = paper.clone();
            Box::pin(async move {
                let right = standing::right(tx, paper.assignment).await?;
                let right = match access::own(right.as_ref(), &paper.agency, paper.matter) {
                    Ok(right) => right,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                if let Some(there) = papers::load(tx, paper.id).await? {
                    return Ok(same(&there, &paper));
                }
                if let Err(refusal) = access::put(right, outlives_task) {
                    return Ok(Err(refusal));
                }
                if papers::insert(tx, &paper).await? {
                    return Ok(Ok(()));
                }
                // Another process stored it since the look above.
                let there = papers::load(tx, paper.id).await?;
                Ok(there.map_or(Err(error::PAPER_ID_TAKEN.refuse()), |there| same(&there, &paper)))
            })
        })
        .await?;
    outcome.map(|()| stored)
}

fn same(there: &crate::store::PaperRow, paper: &NewPaper) -> Result<(), Refusal> {
    let told = (paper.matter.to_string(), paper.assignment.to_string());
    if (there.agency.as_str(), there.sha256.as_str()) == (paper.agency.as_str(), paper.sha256.as_str())
        && (&there.matter_id, &there.assignment_id) == (&told.0, &told.1)
    {
        Ok(())
    } else {
        Err(error::PAPER_ID_TAKEN.refuse().at("content_id"))
    }
}
