use chrono::NaiveDate;
use kernel::{ContentId, OpinionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Answers;
use crate::{Event, MessageKind, codes::ServiceWay};

/// 送达: the opinion reached the petitioner, with proof; T07 runs from here (Art. 35).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpinionServedV1 {
    /// Which assignment.
    #[serde(flatten)]
    pub answers: Answers,
    /// Which opinion.
    pub opinion_id: OpinionId,
    /// How.
    pub way: ServiceWay,
    /// The day of receipt.
    pub served_on: NaiveDate,
    /// The service record (送达回证) in intake's content store.
    pub content_id: ContentId,
    /// SHA-256 of its plain text, hex.
    pub content_hash: String,
}

impl Event for OpinionServedV1 {
    const TYPE: &'static str = "lianxi.agency.opinion_served.v1";
    const KIND: MessageKind = MessageKind::Return;
}
