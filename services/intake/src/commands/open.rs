//! `svc.intake.open.<agency>`: an agency opens what belongs to a matter dispatched to it.

use contracts::{
    codes::ContentPart,
    intake::commands::{AgencyOpen, Content, SealedForAgency},
};
use kernel::{AgencyCode, Clock, Refusal};
use serde::Serialize;
use trust::{AgencyRecipient, SecretText};

use super::{
    content, fetch_attachment, open_part, reveal,
    seen::{Look, Looker},
};
use crate::{
    Intake,
    domain::access,
    error,
    store::{self, Attachment, PersonRow, Submission, attachments, standing},
};

/// What the transaction found.
struct Found {
    row: Submission,
    files: Vec<Attachment>,
    people: Vec<PersonRow>,
}

/// Opens a part for an agency and seals it to the agency's own key. The look is on record before it is
/// answered. The agency is the one of the subject, never of the body.
///
/// # Errors
/// No right to the matter or to this part (any more), no key of the agency, or the store.
pub async fn run(
    intake: &Intake,
    agency: AgencyCode,
    command: AgencyOpen,
) -> Result<SealedForAgency, Refusal> {
    if let Some(part) = command.co_part {
        return open_part::run(intake, agency, command, part).await;
    }
    let recipient = intake
        .recipients
        .of(&agency)
        .ok_or_else(|| error::AGENCY_KEY_MISSING.refuse().with("agency", &agency))?;
    let Found { row, files, people } = record(intake, &agency, &command).await?;
    match command.part {
        ContentPart::Text => {
            // Whom an accusation names is the office's to know.
            let text = content::of(&intake.keys, &row, &files)?;
            seal(&recipient, &Content { accused_agencies: Vec::new(), ..text })
        }
        ContentPart::Contact => seal(&recipient, &reveal::of(&intake.keys, &row, &people)?),
        ContentPart::Attachment => {
            let wanted = command
                .attachment
                .and_then(|(id, offset)| files.iter().find(|file| file.id == id).map(|file| (file, offset)));
            let (file, offset) = wanted.ok_or_else(|| error::NO_SUCH_ATTACHMENT.refuse().at("attachment"))?;
            seal(&recipient, &fetch_attachment::chunk(intake, file, offset).await?)
        }
    }
}

/// Checks the right and records the look, in one transaction: a recall or a screening that comes first is seen.
async fn record(intake: &Intake, agency: &AgencyCode, command: &AgencyOpen) -> Result<Found, Refusal> {
    let (assignment, part, wanted) = (command.assignment_id, command.part, command.attachment);
    let id = command.matter_id;
    let look = Look {
        submission: id,
        by: Looker::Agency(agency.clone()),
        part,
        purpose: command.purpose,
        at: intake.clocks.business.now(),
    };
    let agency = agency.clone();
    intake
        .write(move |tx| {
            let (agency, look) = (agency.clone(), look.clone());
            Box::pin(async move {
                let right = standing::right(tx, assignment).await?;
                let Some(row) = store::submission(tx, id).await? else {
                    return Ok(Err(error::RIGHT_NOT_HERE_YET.refuse()));
                };
                let own = access::own(right.as_ref(), &agency, id);
                if let Err(refusal) = own.and_then(|right| access::open(right, part, row.guard())) {
                    return Ok(Err(refusal));
                }
                let files = attachments::of_submission(tx, id).await?;
                let named = wanted.is_some_and(|(wanted, _)| files.iter().any(|file| file.id == wanted));
                if part == ContentPart::Attachment && !named {
                    return Ok(Err(error::NO_SUCH_ATTACHMENT.refuse().at("attachment")));
                }
                let people = match part {
                    ContentPart::Contact => store::people(tx, id).await?,
                    ContentPart::Text | ContentPart::Attachment => Vec::new(),
                };
                look.record(tx).await?;
                Ok(Ok(Found { row, files, people }))
            })
        })
        .await?
}

fn seal(recipient: &AgencyRecipient, value: &impl Serialize) -> Result<SealedForAgency, Refusal> {
    let plain =
        serde_json::to_string(value).map(SecretText::from).map_err(|_| error::STORE_FAULT.refuse())?;
    seal_text(recipient, plain.expose())
}

/// Seals a text to an agency's own key.
pub(super) fn seal_text(recipient: &AgencyRecipient, plain: &str) -> Result<SealedForAgency, Refusal> {
    let sealed = recipient.seal_text(plain).map_err(|why| {
        tracing::error!(%why, "sealing to an agency failed");
        error::SEALED_UNREADABLE.refuse()
    })?;
    Ok(SealedForAgency { sealed })
}
