//! 会议通知, its cancellation, and that the minutes are fixed.

use bus::Applied;
use contracts::meetings::{CancellationDispatchV1, MeetingDispatchV1, MinutesDispatchV1};
use db::{StoreError, Tx};
use kernel::EventId;

use crate::{domain::meeting::Invited, store::meetings};

/// Enters an invitation, or takes a newer one in.
pub async fn invited(
    tx: &mut Tx<'_>,
    dispatch: MeetingDispatchV1,
    dispatched_by: EventId,
) -> Result<Applied, StoreError> {
    match meetings::hold(tx, dispatch.terms.meeting_id).await? {
        None => meetings::insert(tx, &Invited::received(dispatch, dispatched_by)).await?,
        Some(mut there) => {
            let loaded = there.view.version;
            there.renew(dispatch, dispatched_by);
            if there.view.version != loaded {
                meetings::save(tx, &there, loaded).await?;
            }
        }
    }
    Ok(Applied::Done)
}

/// Takes a cancellation in.
pub async fn cancelled(
    tx: &mut Tx<'_>,
    cancellation: &CancellationDispatchV1,
) -> Result<Applied, StoreError> {
    let Some(mut there) = meetings::hold(tx, cancellation.meeting_id).await? else {
        return Ok(Applied::Poison("a cancellation of a meeting that never came".to_owned()));
    };
    let loaded = there.view.version;
    there.cancel(cancellation);
    meetings::save(tx, &there, loaded).await?;
    Ok(Applied::Done)
}

/// Takes in that the minutes are fixed.
pub async fn fixed(tx: &mut Tx<'_>, minutes: &MinutesDispatchV1) -> Result<Applied, StoreError> {
    let Some(mut there) = meetings::hold(tx, minutes.meeting_id).await? else {
        return Ok(Applied::Poison("minutes of a meeting that never came".to_owned()));
    };
    let loaded = there.view.version;
    there.fix(minutes);
    meetings::save(tx, &there, loaded).await?;
    Ok(Applied::Done)
}
