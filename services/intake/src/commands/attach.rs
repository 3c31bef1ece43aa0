//! 上传附件: pieces in order; the type is judged when the file is complete.

use base64::{Engine, prelude::BASE64_STANDARD};
use contracts::intake::commands::{Attach, Attached, AttachmentMeta};
use kernel::{Actor, AttachmentId, Place, Refusal};
use sha2::{Digest, Sha256};
use web::door::Asked;

use super::content::meta;
use crate::{
    Intake,
    domain::{
        media_type::Sniffer,
        rights,
        upload::{self, Progress, Step},
    },
    error,
    sealing::{FileAbout, FileSeal},
    store::{
        Attachment, Piece,
        attachments::{self, NewAttachment},
    },
};

/// Starts or continues an upload.
///
/// # Errors
/// An actor that may not, a name, size or piece that is wrong, a type that is not taken, or a store.
pub async fn run(intake: &Intake, asked: Asked<Attach>) -> Result<Attached, Refusal> {
    let Asked { actor, command, .. } = asked;
    rights::upload(&actor)?;
    let bytes =
        BASE64_STANDARD.decode(&command.chunk).map_err(|_| error::PIECE_UNREADABLE.refuse().at("chunk"))?;
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let file = match command.attachment_id {
        None => begin(intake, &actor, &command, length).await?,
        Some(id) => own(intake, &actor, id).await?,
    };
    if command.size != file.progress.size {
        return Err(error::PIECE_OUT_OF_ORDER.refuse().at("size").with("received", file.progress.received));
    }
    let received = match upload::piece(file.progress, command.offset, length)? {
        Step::Repeated => file.progress.received,
        Step::Append => append(intake, &file, command.offset, &bytes).await?,
    };
    let complete = if received == file.progress.size { Some(complete(intake, file.id).await?) } else { None };
    Ok(Attached { attachment_id: file.id, received, complete })
}

async fn begin(intake: &Intake, actor: &Actor, command: &Attach, length: i64) -> Result<Attachment, Refusal> {
    upload::begin(&command.name, command.size, &intake.config.policy.attachments)?;
    let progress = Progress { size: command.size, received: 0 };
    // Nothing is begun for a first piece that could not be taken.
    upload::piece(progress, command.offset, length)?;
    let id: AttachmentId = intake.mint.mint();
    let name = command.name.trim().to_owned();
    let about = FileAbout { name, ..FileAbout::default() };
    let sealed = FileSeal::fresh(&intake.keys, &intake.mint, id)
        .and_then(|(seal, wrapped)| Ok((seal.seal_about(&intake.mint, &about)?, wrapped)));
    let (about, data_key) = sealed.map_err(|e| error::sealed(&e))?;
    let place = if actor.place == Place::Portal { "portal" } else { "office" };
    let (uploaded_by, at) = (rights::owner(actor), intake.clocks.technical.now());
    let new = NewAttachment { id, place, uploaded_by, size: command.size, at, data_key, about };
    let row = new.clone();
    intake
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move { attachments::begin(tx, &row).await })
        })
        .await?;
    Ok(Attachment {
        id,
        submission_id: None,
        place: place.to_owned(),
        uploaded_by: new.uploaded_by,
        progress,
        complete: false,
        data_key: new.data_key,
        about: new.about,
    })
}

async fn load(intake: &Intake, id: AttachmentId) -> Result<Option<Attachment>, Refusal> {
    intake.read(move |tx| Box::pin(async move { attachments::load(tx, id).await })).await
}

/// The upload, if it is this account's and not yet part of a submission.
async fn own(intake: &Intake, actor: &Actor, id: AttachmentId) -> Result<Attachment, Refusal> {
    load(intake, id)
        .await?
        .filter(|file| file.uploaded_by == rights::owner(actor) && file.submission_id.is_none())
        .ok_or_else(|| error::NO_SUCH_ATTACHMENT.refuse().at("attachment_id"))
}

/// Seals and stores a piece; gives how much of the file is here then.
async fn append(intake: &Intake, file: &Attachment, begins: i64, bytes: &[u8]) -> Result<i64, Refusal> {
    let seal = FileSeal::of_row(&intake.keys, file.id, &file.data_key)?;
    let sealed = seal.seal_piece(&intake.mint, begins, bytes).map_err(|e| error::sealed(&e))?;
    let object = intake.files.put(sealed).await?;
    let piece = Piece { begins, size: i64::try_from(bytes.len()).unwrap_or(0), object };
    let (id, row) = (file.id, piece.clone());
    let appended = intake
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move { attachments::append(tx, id, &row).await })
        })
        .await?;
    if appended {
        return Ok(begins + piece.size);
    }
    // The same piece came twice at once, and the other was first: no row names these bytes.
    intake.files.delete(&piece.object).await?;
    let received = load(intake, id).await?.map_or(0, |now| now.progress.received);
    if received >= begins + piece.size {
        return Ok(received);
    }
    Err(error::PIECE_OUT_OF_ORDER.refuse().at("offset").with("received", received))
}

/// Looks at the whole file once: its hash, and its type by its bytes.
async fn complete(intake: &Intake, id: AttachmentId) -> Result<AttachmentMeta, Refusal> {
    let missing = || error::NO_SUCH_ATTACHMENT.refuse().at("attachment_id");
    let file = load(intake, id).await?.ok_or_else(missing)?;
    if file.complete {
        return meta(&intake.keys, &file);
    }
    let seal = FileSeal::of_row(&intake.keys, id, &file.data_key)?;
    let pieces = intake.read(move |tx| Box::pin(async move { attachments::pieces(tx, id).await })).await?;
    let (mut sniffer, mut hash) = (Sniffer::default(), Sha256::new());
    for piece in pieces {
        let sealed = intake.files.get(&piece.object).await?;
        let plain = seal.open_piece(piece.begins, &sealed)?;
        sniffer.push(plain.expose());
        hash.update(plain.expose());
    }
    let found = sniffer.finish().filter(|kind| intake.config.policy.attachments.types.contains(kind));
    // A file that is not taken stays unfinished and goes with the others that expire.
    let kind = found.ok_or_else(|| error::FILE_TYPE_REFUSED.refuse().at("chunk"))?;
    let name = seal.open_about(&file.about)?.name;
    let about = FileAbout { name, media_type: kind.mime().to_owned(), sha256: hex::encode(hash.finalize()) };
    let sealed = seal.seal_about(&intake.mint, &about).map_err(|e| error::sealed(&e))?;
    let at = intake.clocks.technical.now();
    intake
        .write(move |tx| {
            let sealed = sealed.clone();
            Box::pin(async move { attachments::complete(tx, id, at, &sealed).await })
        })
        .await?;
    Ok(AttachmentMeta {
        attachment_id: id,
        name: about.name,
        media_type: about.media_type,
        size: file.progress.size,
        sha256: about.sha256,
    })
}
