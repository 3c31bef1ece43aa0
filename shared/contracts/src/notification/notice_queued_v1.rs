use kernel::{MatterId, NoticeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind, codes::NoticeChannel};

/// 通知: a notice to the petitioner stands in the queue of a way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeQueuedV1 {
    /// The notice.
    pub notice_id: NoticeId,
    /// The matter, which is no accusation.
    pub matter_id: MatterId,
    /// What kind of notice: `receipt`, `forwarded`, `accepted`, `extended`, `answered`.
    pub template: String,
    /// By which way.
    pub channel: NoticeChannel,
}

impl Event for NoticeQueuedV1 {
    const TYPE: &'static str = "lianxi.notification.notice_queued.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
