use chrono::NaiveDate;
use kernel::ContentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Answers;
use crate::{Event, MessageKind};

/// 延期: the head lengthened the handling of a complex matter, once and before its end (Art. 34). Reason and
/// approver stand in the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExtendedV1 {
    /// Which assignment.
    #[serde(flatten)]
    pub answers: Answers,
    /// Days added to T06.
    pub days: u32,
    /// The day it was granted.
    pub granted_on: NaiveDate,
    /// The head of the unit approved it.
    pub approved: bool,
    /// 延期告知书 in intake's content store.
    pub content_id: ContentId,
    /// SHA-256 of its plain text, hex.
    pub content_hash: String,
}

impl Event for ExtendedV1 {
    const TYPE: &'static str = "lianxi.agency.extended.v1";
    const KIND: MessageKind = MessageKind::Return;
}
