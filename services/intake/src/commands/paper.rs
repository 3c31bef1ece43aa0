//! 查看文书: a paper that an agency wrote, opened by the office for reading and printing.

use contracts::intake::commands::{OpenPaper, Paper};
use kernel::{Clock, Refusal};
use web::door::Asked;

use crate::{
    Intake,
    domain::rights::{self, Look},
    error,
    sealing::SubmissionSeal,
    store::{self, Reveal, Seen, papers},
};

/// Opens a paper; the look is in the log before it is answered.
///
/// # Errors
/// A role that may not, a matter or paper that is not there (or not for this role), or the store.
pub async fn run(intake: &Intake, asked: Asked<OpenPaper>) -> Result<Paper, Refusal> {
    let Asked { actor, command, .. } = asked;
    let row = intake.submission(command.matter_id).await?;
    rights::look(&actor, Look::Paper, row.as_ref().map(|r| r.restricted))?;
    let row = row.ok_or_else(|| error::NO_SUCH_SUBMISSION.refuse())?;
    let reveal = Reveal {
        submission: Some(row.id),
        at: intake.clocks.business.now(),
        agency: None,
        notification: false,
        actor: Some(actor.user),
        seen: Seen::Paper(command.content_id),
        purpose: command.purpose,
    };
    let (id, matter) = (command.content_id, row.id.to_string());
    let paper = intake
        .write(move |tx| {
            let (reveal, matter) = (reveal.clone(), matter.clone());
            Box::pin(async move {
                let paper = papers::load(tx, id).await?.filter(|paper| paper.matter_id == matter);
                if paper.is_some() {
                    store::log_reveal(tx, &reveal).await?;
                }
                Ok(paper)
            })
        })
        .await?
        .ok_or_else(|| error::NO_SUCH_PAPER.refuse().at("content_id"))?;
    let seal = SubmissionSeal::of_row(&intake.keys, row.id, &row.data_key)?;
    let body = seal.open_paper(id, &paper.body)?;
    Ok(Paper { content_id: id, body: body.expose().to_owned(), sha256: paper.sha256 })
}
