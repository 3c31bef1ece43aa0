//! In whose name a task works, carried beside it as its span is: the door sets it once for every command, and whatever
//! the command's jobs publish names the person, so that no service can forget to.

use std::future::Future;

use kernel::{Actor, By};

tokio::task_local! {
    static BY: Option<By>;
}

/// Runs work in the name of an actor: what its jobs publish carries the account.
pub async fn acting_as<F: Future>(actor: &Actor, work: F) -> F::Output {
    BY.scope(By::of(actor), work).await
}

pub(crate) fn current() -> Option<By> {
    BY.try_with(Clone::clone).ok().flatten()
}
