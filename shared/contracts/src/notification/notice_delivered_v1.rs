use chrono::NaiveDate;
use kernel::{MatterId, NoticeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event, MessageKind,
    codes::{NoticeChannel, ServiceWay},
};

/// 送达: there is a proof that the petitioner has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeDeliveredV1 {
    /// The notice.
    pub notice_id: NoticeId,
    /// The matter, which is no accusation.
    pub matter_id: MatterId,
    /// What kind of notice: `receipt`, `forwarded`, `accepted`, `extended`, `answered`.
    pub template: String,
    /// By which way.
    pub channel: NoticeChannel,
    /// How it was served (domain.md 4.7).
    pub way: ServiceWay,
    /// The day.
    pub delivered_on: NaiveDate,
}

impl Event for NoticeDeliveredV1 {
    const TYPE: &'static str = "lianxi.notification.notice_delivered.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
