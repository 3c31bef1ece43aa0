//! Commands and queries of intake: `svc.intake.<name>`.

use chrono::NaiveDate;
use kernel::{
    AgencyCode, AssignmentId, AttachmentId, ContentId, MatterId, RegionCode, SubmissionId, UnixMillis, UserId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Due,
    codes::{
        Channel, ContentPart, IdKind, NoticeChannel, NoticeTrouble, OpenPurpose, PetitionerKind, Purpose,
    },
    command::commands,
    intake::Unit,
};

pub use super::like::{
    LikeCompared, LikeFound, LikePair, LikePassage, LikeSubmissions, SameMatter, SameMatterFound,
};

/// The identity block of one petitioner: sealed as soon as it arrives, never on an event.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Name.
    pub name: String,
    /// Kind of the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_kind: Option<IdKind>,
    /// GB 11643 or GB 32100 number, or that of another paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Mail address, for notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(sealed)")
    }
}

/// 登记: records a submission. The same idempotency key (in the call's header) returns the same number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// How it came.
    pub channel: Channel,
    /// What is wanted, as stated.
    pub purpose: Purpose,
    /// Citizen, legal person, other organisation.
    pub petitioner_kind: PetitionerKind,
    /// Nobody gave a name; then `petitioner` is absent.
    #[serde(default)]
    pub anonymous: bool,
    /// 人次; at least the number of petitioners named.
    #[serde(default = "one")]
    pub heads: i64,
    /// The date on the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_on: Option<NaiveDate>,
    /// The day the office got it; today when absent, never later than today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<NaiveDate>,
    /// Where the problem is.
    pub place_region: RegionCode,
    /// A short title, at most 100 characters.
    pub title: String,
    /// Facts and reasons, at most 20,000 characters.
    pub text: String,
    /// 诉求, one each; 1 to 20, at most 500 characters each.
    pub claims: Vec<String>,
    /// The petitioner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub petitioner: Option<Identity>,
    /// Co-signers and representatives; at most 500.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_petitioners: Vec<Identity>,
    /// The petitioner asks that the identity not be passed on.
    #[serde(default)]
    pub withhold_identity: bool,
    /// 被检举控告的单位: for accusations, the units that must never get it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accused_agencies: Vec<AgencyCode>,
    /// Files uploaded before; at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentId>,
    /// The sender saw the warnings (a failing check digit) and stands by the input.
    #[serde(default)]
    pub warnings_confirmed: bool,
}

const fn one() -> i64 {
    1
}

/// A doubtful input that does not block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// Path of the field: `petitioner.id_number`.
    pub field: String,
    /// Stable code: `id_check_digit`, `credit_code_check_digit`, `telephone_shape`.
    pub code: String,
}

/// The answer to [`Register`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Registration {
    /// Recorded and committed.
    Registered(Receipt),
    /// Nothing was recorded: the sender confirms the warnings and sends the same again.
    Unconfirmed {
        /// What is doubtful.
        warnings: Vec<Warning>,
    },
}

/// Whether a registration would be taken: what an import asks before it sends a row. Nothing is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRegistration {
    /// What would be registered, under the call's idempotency key.
    pub registration: Register,
}

/// The answer to [`CheckRegistration`]: no refusal, and these doubts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegistrationChecked {
    /// Doubts that the sender would have to confirm.
    pub warnings: Vec<Warning>,
    /// The same was registered under this key before.
    pub registered: bool,
}

/// 收件回执: what the petitioner takes home. Given only after the commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The public registration number.
    pub number: String,
    /// With the number, opens the public look-up.
    pub query_code: String,
    /// When it was recorded (business clock).
    pub registered_at: UnixMillis,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// How it came.
    pub channel: Channel,
    /// Number of claims.
    pub claims: i64,
    /// Number of files.
    pub attachments: i64,
    /// By when it must be sent on.
    pub t01: Due,
    /// `ce-version` of the fact in intake; the page waits for it.
    pub version: i64,
}

/// The text of a submission, opened by the office with a purpose; logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenContent {
    /// Whose.
    pub submission_id: SubmissionId,
    /// Why.
    pub purpose: OpenPurpose,
}

/// Title, text, claims and the list of files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    /// Whose.
    pub submission_id: SubmissionId,
    /// The public number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Facts and reasons.
    pub text: String,
    /// Claims in order; number 1 is the first.
    pub claims: Vec<String>,
    /// Attached files.
    pub attachments: Vec<AttachmentMeta>,
    /// For accusations: who must never get it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accused_agencies: Vec<AgencyCode>,
    /// Class as stated.
    pub purpose: Purpose,
    /// Where the problem is.
    pub place_region: RegionCode,
    /// The day the office got it.
    pub received_on: NaiveDate,
}

/// An attached file, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AttachmentMeta {
    /// The file.
    pub attachment_id: AttachmentId,
    /// Name as uploaded.
    pub name: String,
    /// Media type as found in the bytes.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes, hex.
    pub sha256: String,
}

/// 查看身份: the petitioners' identities, opened by the office with a purpose; logged, unit shown to the petitioner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevealIdentity {
    /// Whose.
    pub submission_id: SubmissionId,
    /// Why.
    pub purpose: OpenPurpose,
}

/// The petitioner first, then the co-petitioners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identities {
    /// None for an anonymous submission.
    pub petitioners: Vec<Identity>,
}

/// The receipt once more, for printing at the counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowReceipt {
    /// Whose.
    pub submission_id: SubmissionId,
}

/// 查询: the petitioner's own look-up by number and query code; any wrong pair gets the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LookUp {
    /// The public number.
    pub number: String,
    /// The query code, with or without hyphens, in either case.
    pub query_code: String,
}

/// What intake knows for the petitioner; the milestones come from the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LookedUp {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The matter it belongs to.
    pub matter_id: MatterId,
    /// The public number.
    pub number: String,
    /// When it was recorded.
    pub registered_at: UnixMillis,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// An accusation: only receipt and transfer are shown.
    pub restricted: bool,
    /// Which units looked at what, and when.
    pub openings: Vec<Opening>,
}

/// One look at sealed content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opening {
    /// Who, by unit.
    pub unit: Unit,
    /// What.
    pub part: ContentPart,
    /// Why.
    pub purpose: OpenPurpose,
    /// When.
    pub at: UnixMillis,
}

/// Starts or continues an upload: chunks of at most 384 KiB before base64, in order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attach {
    /// Absent on the first chunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<AttachmentId>,
    /// Name of the file.
    pub name: String,
    /// Size of the whole, in bytes.
    pub size: i64,
    /// Where this chunk begins.
    pub offset: i64,
    /// The chunk, base64.
    pub chunk: String,
}

/// Where an upload stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attached {
    /// The file; name it in [`Register::attachments`].
    pub attachment_id: AttachmentId,
    /// Bytes received so far.
    pub received: i64,
    /// Set when the file is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complete: Option<AttachmentMeta>,
}

/// A chunk of an attached file, opened by the office with a purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FetchAttachment {
    /// Which.
    pub attachment_id: AttachmentId,
    /// Where to begin.
    pub offset: i64,
    /// Why.
    pub purpose: OpenPurpose,
}

/// A chunk of a file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AttachmentChunk {
    /// The whole file.
    pub meta: AttachmentMeta,
    /// At most 384 KiB, base64.
    pub chunk: String,
}

/// 认定重复件: a person links a submission to an open matter, with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRepeat {
    /// The repeat.
    pub submission_id: SubmissionId,
    /// The matter it repeats.
    pub matter_id: MatterId,
    /// Why it is the same matter; at most 500 characters.
    pub reason: String,
}

/// What routing must know of an accusation to guard it (Art. 30): asked by the suite itself, never by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestrictedFacts {
    /// The accusation.
    pub submission_id: SubmissionId,
}

/// The answer to [`RestrictedFacts`]: dates, counts and the units that must never get it; no content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestrictedSummary {
    /// The accusation.
    pub submission_id: SubmissionId,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// T01.
    pub t01: Due,
    /// Number of claims, from 1.
    pub claims: i64,
    /// Number of people.
    pub heads: i64,
    /// Several petitioners.
    pub joint: bool,
    /// Nobody gave a name.
    pub anonymous: bool,
    /// The accused units.
    pub accused_agencies: Vec<AgencyCode>,
    /// The sealed text.
    pub content_id: ContentId,
    /// SHA-256 of the plain text, hex.
    pub content_hash: String,
}

/// Texts with names, numbers and telephones masked, for the board's index and routing's rules. Never accusations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MaskedTexts {
    /// At most 256.
    pub submissions: Vec<SubmissionId>,
}

/// One masked text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MaskedText {
    /// Whose.
    pub submission_id: SubmissionId,
    /// Title, masked.
    pub title: String,
    /// Text and claims, masked.
    pub text: String,
}

/// A paper of an agency (notice, opinion, service record, report), opened by the office for reading and printing; logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenPaper {
    /// Whose matter.
    pub matter_id: MatterId,
    /// The paper.
    pub content_id: ContentId,
    /// Why.
    pub purpose: OpenPurpose,
}

/// The paper's plain text: the JSON that the agency wrote.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Paper {
    /// The paper.
    pub content_id: ContentId,
    /// JSON of [`crate::agency::commands::PaperBody`].
    pub body: String,
    /// SHA-256 of the body, hex.
    pub sha256: String,
}

/// `svc.intake.open.<agency>`: an agency opens what belongs to a matter dispatched to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyOpen {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment that gives the right.
    pub assignment_id: AssignmentId,
    /// Text, contact or a file.
    pub part: ContentPart,
    /// For a file: which, and where to begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<(AttachmentId, i64)>,
    /// Why.
    pub purpose: OpenPurpose,
    /// Instead of `part`: the part that a co-agency gave this lead; nothing of the petition comes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub co_part: Option<ContentId>,
}

/// Sealed to the agency's own age key: JSON of [`Content`], [`Identities`],
/// [`AttachmentChunk`] or, of a co-agency's part, [`crate::agency::commands::PaperBody`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SealedForAgency {
    /// age ciphertext, base64.
    pub sealed: String,
}

/// `svc.intake.put.<agency>`: an agency stores a paper under the submission's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyPut {
    /// Minted by the agency; the same id again is the same paper.
    pub content_id: ContentId,
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment that gives the right.
    pub assignment_id: AssignmentId,
    /// JSON of the paper, at most 256 KiB.
    pub body: String,
}

/// The paper is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaperStored {
    /// The paper.
    pub content_id: ContentId,
    /// SHA-256 of the body, hex.
    pub sha256: String,
}

/// Where a notice can go (Art. 21, 23): asked at use by the notification service alone, with the purpose
/// `notice`, for the first petitioner; logged, and shown to the petitioner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotifyContact {
    /// Whose.
    pub submission_id: SubmissionId,
    /// By which way: what this way needs is answered, and nothing else.
    pub channel: NoticeChannel,
    /// The receipt carries the query code; no other notice does.
    #[serde(default)]
    pub with_query_code: bool,
    /// Who prints the letter; absent where the service sends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_by: Option<UserId>,
}

/// The answer to [`NotifyContact`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum NoticeContact {
    /// It can go there.
    Reachable(NoticeAddress),
    /// It cannot; nothing was opened.
    Unreachable {
        /// Why.
        trouble: NoticeTrouble,
    },
}

/// What one way needs to reach a petitioner.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeAddress {
    /// The public number.
    pub number: String,
    /// 检举控告: the notice says nothing but the number.
    pub restricted: bool,
    /// To whom.
    pub name: String,
    /// Postal or mail address.
    pub address: String,
    /// The query code in groups, for a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_code: Option<String>,
}

/// 补发查询码: a petitioner who lost the receipt shows the identity document at the counter; the matter is named by
/// its public number. A new code is given and the old one opens nothing any more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReissueCode {
    /// The public number.
    pub number: String,
    /// Number of the document shown, compared with the sealed one: yes or no.
    pub id_number: String,
}

commands! {
    Register = "register" -> Registration;
    ShowReceipt = "receipt" -> Receipt;
    OpenContent = "content" -> Content;
    RevealIdentity = "reveal" -> Identities;
    LookUp = "lookup" -> LookedUp;
    Attach = "attach" -> Attached;
    FetchAttachment = "fetch_attachment" -> AttachmentChunk;
    LinkRepeat = "link_repeat" -> crate::Changed;
    RestrictedFacts = "restricted" -> RestrictedSummary;
    MaskedTexts = "masked" -> Vec<MaskedText>;
    OpenPaper = "paper" -> Paper;
    AgencyOpen = "open" -> SealedForAgency;
    AgencyPut = "put" -> PaperStored;
    NotifyContact = "notify_contact" -> NoticeContact;
    ReissueCode = "reissue_code" -> Receipt;
    CheckRegistration = "check_registration" -> RegistrationChecked;
    LikeSubmissions = "like" -> LikeFound;
    SameMatter = "same_matter" -> Vec<SameMatterFound>;
}
