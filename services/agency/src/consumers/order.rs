//! 督办函 and what the office says of the reply.

use bus::Applied;
use contracts::supervision::{OrderDispatchV1, VerdictDispatchV1};
use db::{StoreError, Tx};
use kernel::EventId;

use crate::{domain::order::Order, store::orders};

/// Enters the order. A second time it changes nothing.
pub async fn take(
    tx: &mut Tx<'_>,
    dispatch: OrderDispatchV1,
    dispatched_by: EventId,
) -> Result<Applied, StoreError> {
    orders::insert(tx, &Order::received(dispatch, dispatched_by)).await?;
    Ok(Applied::Done)
}

/// Takes a verdict in.
pub async fn judged(tx: &mut Tx<'_>, verdict: &VerdictDispatchV1) -> Result<Applied, StoreError> {
    let Some(mut order) = orders::hold(tx, verdict.order_id).await? else {
        return Ok(Applied::Poison("a verdict on an order that never came".to_owned()));
    };
    let loaded = order.version;
    if !order.judged(verdict) {
        return Ok(Applied::Poison(format!("a verdict on an order in state {}", order.state)));
    }
    orders::save(tx, &order, loaded).await?;
    Ok(Applied::Done)
}
