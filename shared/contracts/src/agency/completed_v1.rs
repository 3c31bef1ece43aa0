use chrono::NaiveDate;
use kernel::ContentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Answers;
use crate::{Event, MessageKind, codes::CloseCode};

/// 办结: the agency closes its assignment; under a 交办 the report comes with it (Art. 22).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CompletedV1 {
    /// Which assignment.
    #[serde(flatten)]
    pub answers: Answers,
    /// How it ended.
    pub close_code: CloseCode,
    /// The day.
    pub completed_on: NaiveDate,
    /// 办结报告 in intake's content store; owed under a 交办.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_content_id: Option<ContentId>,
    /// SHA-256 of its plain text, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_hash: Option<String>,
}

impl Event for CompletedV1 {
    const TYPE: &'static str = "lianxi.agency.completed.v1";
    const KIND: MessageKind = MessageKind::Return;
}
