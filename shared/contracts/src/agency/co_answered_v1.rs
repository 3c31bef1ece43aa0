use chrono::NaiveDate;
use kernel::ContentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Answers, ClaimOutcome};
use crate::{Event, MessageKind};

/// 协办意见: this agency's part, for the lead; sent by its head. It lies sealed in intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoAnsweredV1 {
    /// Which assignment.
    #[serde(flatten)]
    pub answers: Answers,
    /// The day it was signed.
    pub answered_on: NaiveDate,
    /// One outcome per claim that was asked about.
    pub claims: Vec<ClaimOutcome>,
    /// 协办意见 in intake's content store.
    pub content_id: ContentId,
    /// SHA-256 of its plain text, hex.
    pub content_hash: String,
}

impl Event for CoAnsweredV1 {
    const TYPE: &'static str = "lianxi.agency.co_answered.v1";
    const KIND: MessageKind = MessageKind::Return;
}
