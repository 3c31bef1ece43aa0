use kernel::{AgencyCode, SubmissionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event, MessageKind,
    codes::{ContentPart, OpenPurpose},
};

/// The unit that looked; the petitioner sees the unit, never the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "at", content = "agency")]
pub enum Unit {
    /// The joint-conference office.
    Office,
    /// A member agency.
    Agency(AgencyCode),
    /// 通知服务: the office's notices are addressed at use.
    Notification,
}

/// 查阅: sealed content or contact was opened, with a purpose. Its own fact, so that no look goes unrecorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContentOpenedV1 {
    /// Whose content.
    pub submission_id: SubmissionId,
    /// Who looked.
    pub unit: Unit,
    /// At what.
    pub part: ContentPart,
    /// Why.
    pub purpose: OpenPurpose,
}

impl Event for ContentOpenedV1 {
    const TYPE: &'static str = "lianxi.intake.content_opened.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
