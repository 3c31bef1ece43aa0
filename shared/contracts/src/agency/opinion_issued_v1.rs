use chrono::NaiveDate;
use kernel::{ContentId, OpinionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Answers;
use crate::{Event, MessageKind, codes::Outcome};

/// The answer to one claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimOutcome {
    /// The claim's number within its matter, from 1.
    pub claim_no: i64,
    /// Supported, reasonable without basis, not supported (Art. 32).
    pub outcome: Outcome,
}

/// 信访处理意见书: signed by the agency's head, answers each claim (Art. 32).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpinionIssuedV1 {
    /// Which assignment.
    #[serde(flatten)]
    pub answers: Answers,
    /// The opinion.
    pub opinion_id: OpinionId,
    /// The day it was signed.
    pub issued_on: NaiveDate,
    /// One answer per claim.
    pub claims: Vec<ClaimOutcome>,
    /// The opinion's text in intake's content store.
    pub content_id: ContentId,
    /// SHA-256 of the plain text, hex.
    pub content_hash: String,
    /// The co-agencies that the lead knew of when it signed, by number of their assignments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_known: Vec<i64>,
}

impl Event for OpinionIssuedV1 {
    const TYPE: &'static str = "lianxi.agency.opinion_issued.v1";
    const KIND: MessageKind = MessageKind::Return;
}
