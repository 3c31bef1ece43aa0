//! What became of a notice → a fact. Only of notices to petitioners, and never of an accusation.

use contracts::{
    codes::{NoticeState, NoticeTrouble, ServiceWay},
    notification::{NoticeDeliveredV1, NoticeFailedV1, NoticeQueuedV1, NoticeSentV1},
};
use db::{Draft, StoreError, Tx};
use kernel::{EventId, UnixMillis, civil_date};

use crate::domain::{audience::Audience, notice::Notice};

/// Publishes where a notice stands, if others may know.
///
/// # Errors
/// What the store says.
pub async fn publish(
    tx: &mut Tx<'_>,
    notice: &Notice,
    at: UnixMillis,
    cause: Option<EventId>,
) -> Result<(), StoreError> {
    let Some(draft) = draft(notice, at)? else { return Ok(()) };
    let draft = match cause {
        Some(cause) => draft.caused_by(cause),
        None => draft,
    };
    tx.publish(draft).await.map(drop)
}

fn draft(notice: &Notice, at: UnixMillis) -> Result<Option<Draft>, StoreError> {
    let Some(matter_id) = notice.matter_id else { return Ok(None) };
    if notice.audience != Audience::Petitioner || notice.restricted {
        return Ok(None);
    }
    let (notice_id, template, channel) = (notice.id, notice.template.clone(), notice.channel);
    let today = civil_date(at);
    let draft = match notice.state {
        NoticeState::Queued => {
            Draft::of(matter_id, at, &NoticeQueuedV1 { notice_id, matter_id, template, channel })
        }
        NoticeState::Sent => {
            let sent_on = notice.sent_on.unwrap_or(today);
            Draft::of(matter_id, at, &NoticeSentV1 { notice_id, matter_id, template, channel, sent_on })
        }
        NoticeState::Delivered => {
            let (way, on) =
                (notice.way.unwrap_or(ServiceWay::InPerson), notice.delivered_on.unwrap_or(today));
            let fact = NoticeDeliveredV1 { notice_id, matter_id, template, channel, way, delivered_on: on };
            Draft::of(matter_id, at, &fact)
        }
        NoticeState::Unreachable => {
            let trouble = notice.trouble.unwrap_or(NoticeTrouble::NoContact);
            Draft::of(matter_id, at, &NoticeFailedV1 { notice_id, matter_id, template, trouble })
        }
        // Steps on the way concern nobody else.
        NoticeState::Sending | NoticeState::Unknown | NoticeState::Printed | NoticeState::Withdrawn => {
            return Ok(None);
        }
    };
    draft.map(Some)
}
