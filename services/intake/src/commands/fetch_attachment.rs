//! A piece of an attached file, opened by the office with a purpose.

use base64::{Engine, prelude::BASE64_STANDARD};
use contracts::{
    codes::ContentPart,
    intake::commands::{AttachmentChunk, FetchAttachment},
};
use kernel::{Actor, Clock, ErrorKind, Refusal};
use web::door::Asked;

use super::{content::meta, seen};
use crate::{
    Intake,
    domain::rights::{self, Look},
    error,
    sealing::FileSeal,
    store::{self, Attachment, Reveal, Seen, attachments},
};

/// Fetches from a byte of a file to the end of its piece. The look is on record before it is answered.
///
/// # Errors
/// A role that may not, a file that is not there (or not for this role), or the store.
pub async fn run(intake: &Intake, asked: Asked<FetchAttachment>) -> Result<AttachmentChunk, Refusal> {
    let Asked { actor, command, .. } = asked;
    let id = command.attachment_id;
    let file = intake.read(move |tx| Box::pin(async move { attachments::load(tx, id).await })).await?;
    let missing = || error::NO_SUCH_ATTACHMENT.refuse().at("attachment_id");
    let Some(file) = file.filter(|file| file.complete) else {
        rights::look(&actor, Look::Content, None).map_err(|_| missing())?;
        return Err(missing());
    };
    match file.submission_id {
        Some(submission) => {
            let looked =
                seen::by_office(intake, &actor, submission, ContentPart::Attachment, command.purpose).await;
            looked.map_err(|refusal| if is_right(&refusal) { missing() } else { refusal })?;
        }
        None => record_scan(intake, &actor, &file, &command).await?,
    }
    chunk(intake, &file, command.offset).await
}

/// Whether it is about who may look; then the file does not exist for this person.
fn is_right(refusal: &Refusal) -> bool {
    matches!(refusal.kind, ErrorKind::Forbidden | ErrorKind::NotFound)
}

/// A file of the office that belongs to no submission: the scan of an agency's paper.
async fn record_scan(
    intake: &Intake,
    actor: &Actor,
    file: &Attachment,
    command: &FetchAttachment,
) -> Result<(), Refusal> {
    rights::read_scan(actor)?;
    if file.place != "office" {
        return Err(error::NO_SUCH_ATTACHMENT.refuse().at("attachment_id"));
    }
    let reveal = Reveal {
        submission: None,
        at: intake.clocks.business.now(),
        agency: None,
        notification: false,
        actor: Some(actor.user),
        seen: Seen::Scan(file.id),
        purpose: command.purpose,
    };
    intake
        .write(move |tx| {
            let reveal = reveal.clone();
            Box::pin(async move { store::log_reveal(tx, &reveal).await })
        })
        .await
}

/// From a byte of a file to the end of its piece.
///
/// # Errors
/// An offset outside the file, or the store of files.
pub async fn chunk(intake: &Intake, file: &Attachment, offset: i64) -> Result<AttachmentChunk, Refusal> {
    let outside = || error::OFFSET_OUTSIDE.refuse().at("offset").with("size", file.progress.size);
    let id = file.id;
    let piece = intake
        .read(move |tx| Box::pin(async move { attachments::piece_at(tx, id, offset).await }))
        .await?
        .ok_or_else(outside)?;
    let sealed = intake.files.get(&piece.object).await?;
    let seal = FileSeal::of_row(&intake.keys, id, &file.data_key)?;
    let plain = seal.open_piece(piece.begins, &sealed)?;
    let skip = usize::try_from(offset - piece.begins).map_err(|_| outside())?;
    let rest = plain.expose().get(skip..).ok_or_else(outside)?;
    Ok(AttachmentChunk { meta: meta(&intake.keys, file)?, chunk: BASE64_STANDARD.encode(rest) })
}
