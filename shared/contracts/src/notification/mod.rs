//! Facts of notification and the commands it takes.

mod notice_delivered_v1;
mod notice_failed_v1;
mod notice_queued_v1;
mod notice_sent_v1;

pub mod commands;

pub use notice_delivered_v1::NoticeDeliveredV1;
pub use notice_failed_v1::NoticeFailedV1;
pub use notice_queued_v1::NoticeQueuedV1;
pub use notice_sent_v1::NoticeSentV1;
