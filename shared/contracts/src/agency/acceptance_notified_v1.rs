use chrono::NaiveDate;
use kernel::ContentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Answers;
use crate::{Event, MessageKind};

/// 受理告知: the petitioner was told receipt, route and procedure in writing (Art. 23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptanceNotifiedV1 {
    /// Which assignment.
    #[serde(flatten)]
    pub answers: Answers,
    /// 受理之日 as the agency states it: the date of the notice.
    pub accepted_on: NaiveDate,
    /// The notice's text in intake's content store.
    pub content_id: ContentId,
    /// SHA-256 of the plain text, hex.
    pub content_hash: String,
}

impl Event for AcceptanceNotifiedV1 {
    const TYPE: &'static str = "lianxi.agency.acceptance_notified.v1";
    const KIND: MessageKind = MessageKind::Return;
}
