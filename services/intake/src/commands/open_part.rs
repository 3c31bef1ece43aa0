//! 查阅协办意见 (Art. 24): the lead opens what a co-agency wrote for it, and nothing else of that unit.

use contracts::intake::commands::{AgencyOpen, SealedForAgency};
use kernel::{AgencyCode, Clock, ContentId, Refusal};

use super::open::seal_text;
use crate::{
    Intake,
    domain::access,
    error,
    sealing::SubmissionSeal,
    store::{self, PaperRow, Reveal, Seen, papers, standing},
};

/// Opens a part for the lead that it was given to, sealed to the lead's own key. The look is on record before it is
/// answered. It shows nothing of the petition, so the petitioner's list of looks has no row of it.
///
/// # Errors
/// No right to the matter (any more), a part that was not given to this lead, no key of the agency, or the store.
pub async fn run(
    intake: &Intake,
    agency: AgencyCode,
    command: AgencyOpen,
    part: ContentId,
) -> Result<SealedForAgency, Refusal> {
    let recipient = intake
        .recipients
        .of(&agency)
        .ok_or_else(|| error::AGENCY_KEY_MISSING.refuse().with("agency", &agency))?;
    let row = intake.submission(command.matter_id).await?;
    let row = row.ok_or_else(|| error::RIGHT_NOT_HERE_YET.refuse())?;
    let paper = record(intake, agency, command, part).await?;
    let seal = SubmissionSeal::of_row(&intake.keys, row.id, &row.data_key)?;
    let body = seal.open_paper(part, &paper.body)?;
    seal_text(&recipient, body.expose())
}

async fn record(
    intake: &Intake,
    agency: AgencyCode,
    command: AgencyOpen,
    part: ContentId,
) -> Result<PaperRow, Refusal> {
    let (assignment, matter) = (command.assignment_id, command.matter_id);
    let reveal = Reveal {
        submission: Some(matter),
        at: intake.clocks.business.now(),
        agency: Some(agency.clone()),
        actor: None,
        seen: Seen::Paper(part),
        purpose: command.purpose,
        notification: false,
    };
    intake
        .write(move |tx| {
            let (agency, reveal) = (agency.clone(), reveal.clone());
            Box::pin(async move {
                let right = standing::right(tx, assignment).await?;
                let own = access::own(right.as_ref(), &agency, matter).and_then(access::open_part);
                if let Err(refusal) = own {
                    return Ok(Err(refusal));
                }
                // The same answer for a part that is on its way and for one of another lead.
                if !standing::is_part_of(tx, part, assignment).await? {
                    return Ok(Err(error::RIGHT_NOT_HERE_YET.refuse().at("co_part")));
                }
                let paper = papers::load(tx, part).await?.filter(|p| p.matter_id == matter.to_string());
                let Some(paper) = paper else { return Ok(Err(error::NO_SUCH_PAPER.refuse().at("co_part"))) };
                store::log_reveal(tx, &reveal).await?;
                Ok(Ok(paper))
            })
        })
        .await?
}
