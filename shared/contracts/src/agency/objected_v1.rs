use chrono::NaiveDate;
use kernel::{AgencyCode, ContentId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Answers;
use crate::{Event, MessageKind};

/// 异议: not this agency's to handle, with detailed reasons (Art. 23). The reasons lie sealed in intake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectedV1 {
    /// Which assignment.
    #[serde(flatten)]
    pub answers: Answers,
    /// The day it was lodged.
    pub objected_on: NaiveDate,
    /// The unit that the agency holds for competent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_agency: Option<AgencyCode>,
    /// 异议函 in intake's content store.
    pub content_id: ContentId,
    /// SHA-256 of its plain text, hex.
    pub content_hash: String,
}

impl Event for ObjectedV1 {
    const TYPE: &'static str = "lianxi.agency.objected.v1";
    const KIND: MessageKind = MessageKind::Return;
}
