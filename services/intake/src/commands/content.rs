//! 查看正文: title, text, claims and the list of files, opened by the office with a purpose.

use contracts::{
    codes::ContentPart,
    intake::commands::{AttachmentMeta, Content, OpenContent},
};
use kernel::Refusal;
use web::door::Asked;

use super::seen;
use crate::{
    Intake,
    sealing::{FileSeal, Keys, SubmissionSeal},
    store::{Attachment, Submission, attachments},
};

/// Opens the text; the look is on record before it is answered.
///
/// # Errors
/// A role that may not, a submission that is not there (or not for this role), or the store.
pub async fn run(intake: &Intake, asked: Asked<OpenContent>) -> Result<Content, Refusal> {
    let Asked { actor, command, .. } = asked;
    let id = command.submission_id;
    let row = seen::by_office(intake, &actor, id, ContentPart::Text, command.purpose).await?;
    let files =
        intake.read(move |tx| Box::pin(async move { attachments::of_submission(tx, id).await })).await?;
    of(&intake.keys, &row, &files)
}

/// The text of a stored submission with its files.
///
/// # Errors
/// When a seal does not open.
pub fn of(keys: &Keys, row: &Submission, files: &[Attachment]) -> Result<Content, Refusal> {
    let text = SubmissionSeal::of_row(keys, row.id, &row.data_key)?.open_content(&row.content)?;
    Ok(Content {
        submission_id: row.id,
        number: row.number.clone(),
        title: text.title,
        text: text.text,
        claims: text.claims,
        attachments: files.iter().map(|file| meta(keys, file)).collect::<Result<_, _>>()?,
        accused_agencies: text.accused,
        purpose: row.purpose,
        place_region: row.place_region.clone(),
        received_on: row.received_on,
    })
}

/// What is known of a stored file.
///
/// # Errors
/// When its seal does not open.
pub fn meta(keys: &Keys, file: &Attachment) -> Result<AttachmentMeta, Refusal> {
    let about = FileSeal::of_row(keys, file.id, &file.data_key)?.open_about(&file.about)?;
    Ok(AttachmentMeta {
        attachment_id: file.id,
        name: about.name,
        media_type: about.media_type,
        size: file.progress.size,
        sha256: about.sha256,
    })
}
