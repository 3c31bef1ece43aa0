//! Typed access to intake's tables. Each function works inside a transaction that the caller began.

pub mod attachments;
pub mod batch;
pub mod codes;
pub mod papers;
mod rows;
pub mod sketches;
pub mod sql;
pub mod standing;

use contracts::{codes::OpenPurpose, intake::commands::Opening};
use db::{StoreError, Tx};
use kernel::{AgencyCode, ContentId, SubmissionId, UnixMillis, UserId};

pub use rows::{Attachment, PaperRow, PersonRow, Piece, Submission};

/// Most openings shown to a petitioner, the newest ones.
const MAX_OPENINGS: i64 = 200;

fn json(ids: &[impl ToString]) -> Result<String, StoreError> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    serde_json::to_string(&ids).map_err(|e| StoreError::other(e.to_string()))
}

/// One submission.
///
/// # Errors
/// What the store says.
pub async fn submission(tx: &mut Tx<'_>, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
    let line: Option<rows::SubmissionLine> = tx.query(&sql::LOAD_SUBMISSION).bind(id).optional().await?;
    line.map(rows::SubmissionLine::read).transpose()
}

/// The submission with a public number, as `domain::number::read` gives it.
///
/// # Errors
/// What the store says.
pub async fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Submission>, StoreError> {
    let line: Option<rows::SubmissionLine> = tx.query(&sql::LOAD_BY_NUMBER).bind(number).optional().await?;
    line.map(rows::SubmissionLine::read).transpose()
}

/// Many submissions at once, at most 256; one that does not exist is absent.
///
/// # Errors
/// What the store says.
pub async fn submissions(tx: &mut Tx<'_>, ids: &[SubmissionId]) -> Result<Vec<Submission>, StoreError> {
    let lines: Vec<rows::SubmissionLine> = tx.query(&sql::LOAD_SUBMISSIONS).bind(json(ids)?).all().await?;
    lines.into_iter().map(rows::SubmissionLine::read).collect()
}

/// The sealed petitioners of one submission, in order.
///
/// # Errors
/// What the store says.
pub async fn people(tx: &mut Tx<'_>, id: SubmissionId) -> Result<Vec<PersonRow>, StoreError> {
    tx.query(&sql::LOAD_IDENTITIES).bind(id).all().await
}

/// The sealed petitioners of many submissions, by submission and in order.
///
/// # Errors
/// What the store says.
pub async fn people_of(tx: &mut Tx<'_>, ids: &[SubmissionId]) -> Result<Vec<PersonRow>, StoreError> {
    tx.query(&sql::LOAD_IDENTITIES_OF).bind(json(ids)?).all().await
}

/// What was looked at, in the log of looks.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    /// A part of the submission, as on the bus.
    Part(contracts::codes::ContentPart),
    /// A paper of an agency.
    Paper(ContentId),
    /// A scan of the office.
    Scan(kernel::AttachmentId),
}

/// One look, for the log.
#[derive(Clone, Debug)]
pub struct Reveal {
    /// Whose content; absent for a scan.
    pub submission: Option<SubmissionId>,
    /// When.
    pub at: UnixMillis,
    /// The agency; none for the office.
    pub agency: Option<AgencyCode>,
    /// The notification service.
    pub notification: bool,
    /// The person, where intake knows.
    pub actor: Option<UserId>,
    /// At what.
    pub seen: Seen,
    /// Why.
    pub purpose: OpenPurpose,
}

/// Writes a look into the log.
///
/// # Errors
/// What the store says.
pub async fn log_reveal(tx: &mut Tx<'_>, reveal: &Reveal) -> Result<(), StoreError> {
    let (part, detail) = match reveal.seen {
        Seen::Part(part) => (part.code(), None),
        Seen::Paper(id) => ("paper", Some(id.to_string())),
        Seen::Scan(id) => ("attachment", Some(id.to_string())),
    };
    let query = tx.query(&sql::INSERT_REVEAL).bind(reveal.submission).bind(reveal.at);
    let query = query.bind(reveal.agency.as_ref()).bind(reveal.actor);
    query
        .bind(part)
        .bind(reveal.purpose.code())
        .bind(detail)
        .bind(i64::from(reveal.notification))
        .run_one()
        .await
}

/// Who looked at a submission, newest first.
///
/// # Errors
/// What the store says.
pub async fn openings(tx: &mut Tx<'_>, id: SubmissionId) -> Result<Vec<Opening>, StoreError> {
    let lines: Vec<rows::OpeningLine> =
        tx.query(&sql::LOAD_OPENINGS).bind(id).bind(MAX_OPENINGS).all().await?;
    lines.into_iter().map(rows::OpeningLine::read).collect()
}

/// The submission registered under a stored idempotency key.
///
/// # Errors
/// What the store says.
pub async fn known_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<SubmissionId>, StoreError> {
    let keys = serde_json::to_string(&[key]).map_err(|e| StoreError::other(e.to_string()))?;
    let found: Option<(String, String)> = tx.query(&sql::KNOWN_KEYS).bind(keys).optional().await?;
    found.map(|(_, id)| db::parse("idempotency", "submission_id", key, &id)).transpose()
}
