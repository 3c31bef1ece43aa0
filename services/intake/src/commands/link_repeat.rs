//! 认定重复件: a person links a submission to an open matter, with a reason (transition 2).

use contracts::{
    Changed,
    intake::{SubmissionLinkedV1, commands::LinkRepeat},
};
use kernel::{Clock, Refusal};
use web::door::Asked;

use crate::{
    Intake,
    domain::{
        fact::Fact,
        link,
        rights::{self, Look},
    },
    error, publish,
    sealing::SubmissionSeal,
    store::standing::{self, Link},
};

/// Links a submission to a matter. The answer names the submission: its fact counts under its own id.
///
/// # Errors
/// A role that may not, either of the two not there (or not for this role), or what `domain::link` refuses.
pub async fn run(intake: &Intake, asked: Asked<LinkRepeat>) -> Result<Changed, Refusal> {
    let request = asked.request();
    let Asked { actor, command, .. } = asked;
    let row = intake.submission(command.submission_id).await?;
    rights::look(&actor, Look::Link, row.as_ref().map(|r| r.restricted))?;
    let target = intake.submission(command.matter_id).await?;
    rights::look(&actor, Look::Link, target.map(|t| t.restricted)).map_err(|r| r.at("matter_id"))?;
    let row = row.ok_or_else(|| error::NO_SUCH_SUBMISSION.refuse())?;
    let seal = SubmissionSeal::of_row(&intake.keys, row.id, &row.data_key)?;
    let reason = seal.seal_link_reason(&intake.mint, &command.reason).map_err(|e| error::sealed(&e))?;
    let at = intake.clocks.business.now();
    let link = Link { submission: row.id, matter: command.matter_id, reason, by: actor.user, at };
    let fact = Fact::Linked(SubmissionLinkedV1 { submission_id: row.id, matter_id: command.matter_id });
    let said = command.reason;
    let linked = web::once::write(&intake.db, request, move |tx| {
        let (link, fact, said) = (link.clone(), fact.clone(), said.clone());
        Box::pin(async move {
            // Holds both until the commit, so that no chain of repeats comes about.
            tx.expect_subjects("lianxi/intake", &[link.submission, link.matter]).await?;
            let pair = standing::pair(tx, link.submission, link.matter).await?;
            if let Err(refusal) = link::decide(pair, &said) {
                return Ok(Err(refusal));
            }
            standing::link(tx, &link).await?;
            let published = tx.publish(publish::draft(&fact, link.at)?).await?;
            Ok(Ok(Changed { matter_id: link.submission, version: published.version }))
        })
    });
    linked.await.map_err(|e| error::store(&e))?
}
