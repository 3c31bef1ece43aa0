use kernel::{MatterId, NoticeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind, codes::NoticeTrouble};

/// 无法送达: no way is left; it proves no service and starts no period (domain.md 2.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeFailedV1 {
    /// The notice.
    pub notice_id: NoticeId,
    /// The matter, which is no accusation.
    pub matter_id: MatterId,
    /// What kind of notice: `receipt`, `forwarded`, `accepted`, `extended`, `answered`.
    pub template: String,
    /// Why the last way failed.
    pub trouble: NoticeTrouble,
}

impl Event for NoticeFailedV1 {
    const TYPE: &'static str = "lianxi.notification.notice_failed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
