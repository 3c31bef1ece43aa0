//! Columns and the words of the domain.

use chrono::NaiveDate;
use contracts::{
    Due,
    codes::{Channel, ContentPart, OpenPurpose, Purpose},
    intake::{Unit, commands::Opening},
};
use db::{StoreError, parse};
use kernel::{AttachmentId, ContentId, MatterId, RegionCode, SubmissionId, UnixMillis};
use suggest::repeats::Sketch;

use super::sketches::{Entry, Lying};
use crate::domain::{
    access::{Guard, Right, RightState},
    upload::Progress,
};

/// A submission as stored, its sealed cells still sealed.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// The matter it belongs to: its own id, or that of the matter it repeats.
    pub matter_id: MatterId,
    /// The public number.
    pub number: String,
    /// How it came.
    pub channel: Channel,
    /// What is wanted, as stated.
    pub purpose: Purpose,
    /// Nobody gave a name.
    pub anonymous: bool,
    /// 联名.
    pub joint: bool,
    /// 人次.
    pub heads: i64,
    /// Where the problem is.
    pub place_region: RegionCode,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// When it was recorded.
    pub registered_at: UnixMillis,
    /// Number of claims.
    pub claims: i64,
    /// Number of files.
    pub attachments: i64,
    /// The petitioner asked that the identity not be passed on.
    pub withheld: bool,
    /// 检举控告, as stated or as found at screening, of it or of the matter it repeats.
    pub restricted: bool,
    /// T01.
    pub t01: Due,
    /// The sealed text.
    pub content_id: ContentId,
    /// Hash of the plain text.
    pub content_hash: String,
    /// The wrapped data key.
    pub data_key: Vec<u8>,
    /// Sealed title, text, claims.
    pub content: Vec<u8>,
    /// Sealed query code.
    pub code: Vec<u8>,
    /// What a look-up is compared with.
    pub code_hash: Vec<u8>,
}

impl Submission {
    /// What intake itself knows, against which an agency's wish is held.
    #[must_use]
    pub const fn guard(&self) -> Guard {
        Guard { restricted: self.restricted, withheld: self.withheld || self.anonymous }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct SubmissionLine {
    id: String,
    matter_id: String,
    number: String,
    channel: String,
    purpose: String,
    anonymous: i64,
    joint: i64,
    heads: i64,
    place_region: String,
    received_on: String,
    registered_at: i64,
    claims: i64,
    attachments: i64,
    identity_withheld: i64,
    restricted: i64,
    t01: String,
    content_id: String,
    content_hash: String,
    data_key: Vec<u8>,
    content: Vec<u8>,
    code: Vec<u8>,
    code_hash: Vec<u8>,
}

impl SubmissionLine {
    pub(super) fn read(self) -> Result<Submission, StoreError> {
        let row = &self.id;
        let corrupt = |column| StoreError::corrupt("submission", column, row);
        Ok(Submission {
            id: parse("submission", "id", row, row)?,
            matter_id: parse("link", "matter_id", row, &self.matter_id)?,
            channel: Channel::from_code(&self.channel).ok_or_else(|| corrupt("channel"))?,
            purpose: Purpose::from_code(&self.purpose).ok_or_else(|| corrupt("purpose"))?,
            anonymous: self.anonymous == 1,
            joint: self.joint == 1,
            heads: self.heads,
            place_region: parse("submission", "place_region", row, &self.place_region)?,
            received_on: parse("submission", "received_on", row, &self.received_on)?,
            registered_at: UnixMillis(self.registered_at),
            claims: self.claims,
            attachments: self.attachments,
            withheld: self.identity_withheld == 1,
            restricted: self.restricted == 1,
            t01: serde_json::from_str(&self.t01).map_err(|_| corrupt("t01"))?,
            content_id: parse("submission", "content_id", row, &self.content_id)?,
            number: self.number,
            content_hash: self.content_hash,
            data_key: self.data_key,
            content: self.content,
            code: self.code,
            code_hash: self.code_hash,
        })
    }
}

/// A sealed petitioner.
#[derive(Debug, sqlx::FromRow)]
pub struct PersonRow {
    /// Whose.
    pub submission_id: String,
    /// From 0.
    pub position: i64,
    /// The sealed cell.
    pub person: Vec<u8>,
}

/// A file as stored, its sealed cells still sealed.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The submission it belongs to.
    pub submission_id: Option<SubmissionId>,
    /// `office` or `portal`.
    pub place: String,
    /// The account that uploaded it.
    pub uploaded_by: String,
    /// How far the upload has come.
    pub progress: Progress,
    /// Whether it is complete and of a type that is taken.
    pub complete: bool,
    /// The wrapped data key.
    pub data_key: Vec<u8>,
    /// Sealed name, type and hash.
    pub about: Vec<u8>,
}

#[derive(sqlx::FromRow)]
pub(super) struct AttachmentLine {
    id: String,
    submission_id: Option<String>,
    place: String,
    uploaded_by: String,
    size: i64,
    received: i64,
    completed_at: Option<i64>,
    data_key: Vec<u8>,
    about: Vec<u8>,
}

impl AttachmentLine {
    pub(super) fn read(self) -> Result<Attachment, StoreError> {
        let row = &self.id;
        let submission = self.submission_id.as_deref();
        Ok(Attachment {
            id: parse("attachment", "id", row, row)?,
            submission_id: submission.map(|id| parse("attachment", "submission_id", row, id)).transpose()?,
            place: self.place,
            uploaded_by: self.uploaded_by,
            progress: Progress { size: self.size, received: self.received },
            complete: self.completed_at.is_some(),
            data_key: self.data_key,
            about: self.about,
        })
    }
}

/// One piece of a file.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Piece {
    /// First byte of the file that it holds.
    pub begins: i64,
    /// Bytes, plain.
    pub size: i64,
    /// Its name in the object store.
    pub object: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct RightLine {
    agency: String,
    matter_id: String,
    identity_travels: i64,
    state: String,
}

impl RightLine {
    pub(super) fn read(self) -> Result<Right, StoreError> {
        let row = &self.matter_id;
        Ok(Right {
            agency: parse("agency_right", "agency", row, &self.agency)?,
            matter_id: parse("agency_right", "matter_id", row, row)?,
            identity_travels: self.identity_travels == 1,
            state: RightState::from_code(&self.state)
                .ok_or_else(|| StoreError::corrupt("agency_right", "state", row))?,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct OpeningLine {
    agency: Option<String>,
    notification: i64,
    part: String,
    purpose: String,
    at: i64,
}

impl OpeningLine {
    pub(super) fn read(self) -> Result<Opening, StoreError> {
        let corrupt = |column| StoreError::corrupt("reveal", column, self.at);
        let unit = match &self.agency {
            Some(code) => Unit::Agency(parse("reveal", "agency", self.at, code)?),
            None if self.notification == 1 => Unit::Notification,
            None => Unit::Office,
        };
        Ok(Opening {
            unit,
            part: ContentPart::from_code(&self.part).ok_or_else(|| corrupt("part"))?,
            purpose: OpenPurpose::from_code(&self.purpose).ok_or_else(|| corrupt("purpose"))?,
            at: UnixMillis(self.at),
        })
    }
}

/// A paper as stored.
#[derive(Debug, sqlx::FromRow)]
pub struct PaperRow {
    /// Whose matter.
    pub matter_id: String,
    /// By which assignment.
    pub assignment_id: String,
    /// Who wrote it.
    pub agency: String,
    /// SHA-256 of the body, hex.
    pub sha256: String,
    /// The sealed cell.
    pub body: Vec<u8>,
}

/// Counts that decide on a link.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct PairLine {
    pub(super) linked: i64,
    pub(super) repeats: i64,
    pub(super) handed_over: i64,
    pub(super) target_linked: i64,
    pub(super) target_closed: i64,
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct LyingLine {
    id: String,
    closed: i64,
    agency: Option<String>,
}

impl LyingLine {
    pub(super) fn read(self) -> Result<(SubmissionId, Lying), StoreError> {
        let row = &self.id;
        let agency = self.agency.as_deref().map(|code| parse("agency_right", "agency", row, code));
        let lying = Lying { closed: self.closed == 1, agency: agency.transpose()? };
        Ok((parse("submission", "id", row, row)?, lying))
    }
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct EntryLine {
    seq: i64,
    submission_id: String,
    place_region: String,
    agency: Option<String>,
    sketch: Vec<u8>,
}

impl EntryLine {
    pub(super) fn read(self) -> Result<Entry, StoreError> {
        let row = &self.submission_id;
        let bytes = self.sketch.try_into().map_err(|_| StoreError::corrupt("sketch", "sketch", row))?;
        Ok(Entry {
            seq: self.seq,
            id: parse("sketch", "submission_id", row, row)?,
            place: self.place_region,
            agency: self.agency,
            sketch: Sketch(bytes),
        })
    }
}
