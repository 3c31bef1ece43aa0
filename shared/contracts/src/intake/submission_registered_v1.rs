use chrono::NaiveDate;
use kernel::{ContentId, RegionCode, SubmissionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Due, Event, MessageKind,
    codes::{Channel, PetitionerKind, Purpose},
};

/// 登记: a submission was recorded (Art. 22). Its matter's id is its own id until it is linked as a repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmissionRegisteredV1 {
    /// The submission.
    pub submission_id: SubmissionId,
    /// What everyone may know; absent for 检举控告, of which the id alone travels (Art. 30).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenSummary>,
}

/// The short structured summary of a submission that is not an accusation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenSummary {
    /// The public registration number.
    pub number: String,
    /// How it came.
    pub channel: Channel,
    /// What is wanted, as stated.
    pub purpose: Purpose,
    /// Citizen, legal person, other organisation.
    pub petitioner_kind: PetitionerKind,
    /// Nobody gave a name.
    pub anonymous: bool,
    /// 联名: several petitioners.
    pub joint: bool,
    /// 人次: number of people, at least 1.
    pub heads: i64,
    /// Where the problem is.
    pub place_region: RegionCode,
    /// The date on the letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_on: Option<NaiveDate>,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// Number of claims, from 1.
    pub claims: i64,
    /// Number of attached files.
    pub attachments: i64,
    /// The petitioner asked that the identity not be passed on.
    pub identity_withheld: bool,
    /// The sealed text in intake's content store.
    pub content_id: ContentId,
    /// SHA-256 of the plain text, hex.
    pub content_hash: String,
    /// T01: by when the office must have sent it on.
    pub t01: Due,
}

impl Event for SubmissionRegisteredV1 {
    const TYPE: &'static str = "lianxi.intake.submission_registered.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
