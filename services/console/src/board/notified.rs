//! What notification tells of its notices to petitioners: lines of a timeline, nothing else of the row changes.

use contracts::{
    BadMessage, Event, Message,
    notification::{NoticeDeliveredV1, NoticeFailedV1, NoticeSentV1},
};
use kernel::MatterId;

use super::milestones::Detail;

/// A fact of notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notified {
    /// 发出
    Sent(NoticeSentV1),
    /// 送达
    Delivered(NoticeDeliveredV1),
    /// 无法送达
    Failed(NoticeFailedV1),
}

/// Reads a fact of notification; `None` for a type of another context.
pub(super) fn decode(m: &Message) -> Option<Result<Notified, BadMessage>> {
    Some(match m.event_type.as_str() {
        NoticeSentV1::TYPE => m.decode().map(Notified::Sent),
        NoticeDeliveredV1::TYPE => m.decode().map(Notified::Delivered),
        NoticeFailedV1::TYPE => m.decode().map(Notified::Failed),
        _ => return None,
    })
}

impl Notified {
    /// The matter.
    #[must_use]
    pub const fn matter(&self) -> MatterId {
        match self {
            Self::Sent(f) => f.matter_id,
            Self::Delivered(f) => f.matter_id,
            Self::Failed(f) => f.matter_id,
        }
    }

    /// Puts what the line says into its detail.
    pub(super) fn tell(&self, detail: &mut Detail) {
        match self {
            Self::Sent(f) => {
                (detail.notice, detail.channel) = (Some(f.template.clone()), Some(f.channel));
                detail.on = Some(f.sent_on);
            }
            Self::Delivered(f) => {
                (detail.notice, detail.channel) = (Some(f.template.clone()), Some(f.channel));
                (detail.on, detail.way) = (Some(f.delivered_on), Some(f.way));
            }
            Self::Failed(f) => {
                detail.notice = Some(f.template.clone());
                detail.reason = Some(f.trouble.code().to_owned());
            }
        }
    }
}
