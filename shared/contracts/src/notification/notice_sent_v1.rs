use chrono::NaiveDate;
use kernel::{MatterId, NoticeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind, codes::NoticeChannel};

/// 发出: the letter was posted, or the mail was taken by the recipient's server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeSentV1 {
    /// The notice.
    pub notice_id: NoticeId,
    /// The matter, which is no accusation.
    pub matter_id: MatterId,
    /// What kind of notice: `receipt`, `forwarded`, `accepted`, `extended`, `answered`.
    pub template: String,
    /// By which way.
    pub channel: NoticeChannel,
    /// The day.
    pub sent_on: NaiveDate,
}

impl Event for NoticeSentV1 {
    const TYPE: &'static str = "lianxi.notification.notice_sent.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
