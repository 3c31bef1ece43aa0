//! Files: their rows and their pieces. The sealed bytes lie in the object store.

use db::{StoreError, Tx};
use kernel::{AttachmentId, SubmissionId, UnixMillis};

use super::{Attachment, Piece, json, rows::AttachmentLine, sql};

/// A file whose upload begins.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// Its id.
    pub id: AttachmentId,
    /// `office` or `portal`.
    pub place: &'static str,
    /// The account that uploads it.
    pub uploaded_by: String,
    /// Bytes of the whole.
    pub size: i64,
    /// When, technical clock.
    pub at: UnixMillis,
    /// The wrapped data key.
    pub data_key: Vec<u8>,
    /// Sealed name.
    pub about: Vec<u8>,
}

/// One file.
///
/// # Errors
/// What the store says.
pub async fn load(tx: &mut Tx<'_>, id: AttachmentId) -> Result<Option<Attachment>, StoreError> {
    let line: Option<AttachmentLine> = tx.query(&sql::LOAD_ATTACHMENT).bind(id).optional().await?;
    line.map(AttachmentLine::read).transpose()
}

/// The files of a submission, in order.
///
/// # Errors
/// What the store says.
pub async fn of_submission(tx: &mut Tx<'_>, id: SubmissionId) -> Result<Vec<Attachment>, StoreError> {
    let lines: Vec<AttachmentLine> = tx.query(&sql::LOAD_ATTACHMENTS_OF).bind(id).all().await?;
    lines.into_iter().map(AttachmentLine::read).collect()
}

/// Many files, held until the end of the transaction.
///
/// # Errors
/// What the store says.
pub async fn hold(tx: &mut Tx<'_>, ids: &[AttachmentId]) -> Result<Vec<Attachment>, StoreError> {
    let lines: Vec<AttachmentLine> = tx.query(&sql::HOLD_ATTACHMENTS).bind(json(ids)?).all().await?;
    lines.into_iter().map(AttachmentLine::read).collect()
}

/// Begins an upload.
///
/// # Errors
/// What the store says.
pub async fn begin(tx: &mut Tx<'_>, new: &NewAttachment) -> Result<(), StoreError> {
    let query = tx.query(&sql::BEGIN_ATTACHMENT).bind(new.id).bind(new.place).bind(&new.uploaded_by);
    query.bind(new.size).bind(new.at).bind(&new.data_key).bind(&new.about).run_one().await
}

/// Adds a piece that continues the file; `false` when another one was first.
///
/// # Errors
/// What the store says.
pub async fn append(tx: &mut Tx<'_>, id: AttachmentId, piece: &Piece) -> Result<bool, StoreError> {
    let query = tx.query(&sql::ADVANCE_ATTACHMENT).bind(id).bind(piece.begins).bind(piece.size);
    if query.run().await? == 0 {
        return Ok(false);
    }
    let query = tx.query(&sql::INSERT_PIECE).bind(id).bind(piece.begins).bind(piece.size);
    query.bind(&piece.object).run_one().await?;
    Ok(true)
}

/// Marks a file complete, with what is now known of it. A second time changes nothing.
///
/// # Errors
/// What the store says.
pub async fn complete(
    tx: &mut Tx<'_>,
    id: AttachmentId,
    at: UnixMillis,
    about: &[u8],
) -> Result<(), StoreError> {
    tx.query(&sql::COMPLETE_ATTACHMENT).bind(id).bind(at).bind(about).run().await.map(|_| ())
}

/// All pieces of a file, in order.
///
/// # Errors
/// What the store says.
pub async fn pieces(tx: &mut Tx<'_>, id: AttachmentId) -> Result<Vec<Piece>, StoreError> {
    tx.query(&sql::LOAD_PIECES).bind(id).all().await
}

/// The piece that holds a byte of the file.
///
/// # Errors
/// What the store says.
pub async fn piece_at(tx: &mut Tx<'_>, id: AttachmentId, offset: i64) -> Result<Option<Piece>, StoreError> {
    tx.query(&sql::LOAD_PIECE_AT).bind(id).bind(offset).optional().await
}

/// Uploads that began before an instant and that nobody finished or named.
///
/// # Errors
/// What the store says.
pub async fn expired(
    tx: &mut Tx<'_>,
    before: UnixMillis,
    limit: i64,
) -> Result<Vec<AttachmentId>, StoreError> {
    let rows: Vec<(String,)> = tx.query(&sql::EXPIRED_ATTACHMENTS).bind(before).bind(limit).all().await?;
    rows.iter().map(|(id,)| db::parse("attachment", "id", id, id)).collect()
}

/// Drops an upload, unless it was bound meanwhile, and names its objects.
///
/// # Errors
/// What the store says.
pub async fn drop_upload(tx: &mut Tx<'_>, id: AttachmentId) -> Result<Vec<String>, StoreError> {
    if tx.query(&sql::DROP_ATTACHMENT).bind(id).run().await? == 0 {
        return Ok(Vec::new());
    }
    let objects = pieces(tx, id).await?.into_iter().map(|piece| piece.object).collect();
    tx.query(&sql::DROP_PIECES).bind(id).run().await?;
    Ok(objects)
}
