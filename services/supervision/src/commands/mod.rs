//! One file per command: load → decide → store → reply.

pub mod drop_order;
pub mod issue_order;
pub mod judge_order;
pub mod queries;

use contracts::supervision::commands::OrderChanged;
use db::{StoreError, Tx};
use kernel::{Actor, OrderId, Refusal};

use crate::{domain::order::Order, error, rights, store};

/// A refusal is a value and commits; a store error rolls back.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// Loads the order of a command, held until the commit, and checks who asks.
pub async fn load_for(tx: &mut Tx<'_>, actor: &Actor, id: OrderId) -> Outcome<(Order, store::Matter)> {
    let unseen = || Ok(Err(error::NO_SUCH_ORDER.refuse()));
    let Some(order) = store::orders::load(tx, id).await? else { return unseen() };
    let Some(matter) = store::hold(tx, order.matter_id).await? else { return unseen() };
    if let Err(refusal) = rights::may_urge(actor, matter.restricted, &error::NO_SUCH_ORDER) {
        return Ok(Err(refusal));
    }
    // Another writer may have been first while this one waited for the matter.
    match store::orders::load(tx, id).await? {
        Some(order) => Ok(Ok((order, matter))),
        None => unseen(),
    }
}

/// What a caller hears of a changed order.
#[must_use]
pub fn changed(order: &Order, fact_version: i64) -> OrderChanged {
    OrderChanged {
        order_id: order.id,
        matter_id: order.matter_id,
        version: order.version,
        state: order.state,
        fact_version,
    }
}
