//! The clock's work: a function of `now` that says which tasks passed their date without a report, each once per
//! date (Art. 12). A pause of any length gives the same rows as none.

use db::{Db, StoreError, Tx};
use kernel::UnixMillis;

use crate::{
    domain::{fact::Fact, task::Task},
    publish::publish,
    store::tasks,
};

/// Tasks looked at in one transaction.
const AT_ONCE: i64 = 256;

/// What the sweep needs.
#[derive(Clone)]
pub struct Sweep {
    /// The store of meetings.
    pub db: Db,
}

impl Sweep {
    /// Rings what is due at an instant of the business clock; says how many tasks were looked at. There may be more
    /// when it is not 0.
    ///
    /// # Errors
    /// What the store says; nothing is half done.
    pub async fn ring(&self, now: UnixMillis) -> Result<usize, StoreError> {
        let waiting = self.db.read(move |tx| Box::pin(async move { tasks::ripe(tx, now, 1).await })).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        self.db.write(move |tx| Box::pin(async move { ring_batch(tx, now).await })).await
    }
}

async fn ring_batch(tx: &mut Tx<'_>, now: UnixMillis) -> Result<usize, StoreError> {
    let ripe = tasks::ripe(tx, now, AT_ONCE).await?;
    for id in &ripe {
        if let Some(mut task) = tasks::hold(tx, *id).await? {
            ring_task(tx, &mut task, now).await?;
        }
    }
    Ok(ripe.len())
}

/// Rings a held task if its date had passed, so that a report that comes while the sweep stands still finds the row
/// as if it had run.
pub async fn ring_task(tx: &mut Tx<'_>, task: &mut Task, at: UnixMillis) -> Result<(), StoreError> {
    let loaded = task.version;
    let Some(fact) = task.ring(at) else { return Ok(()) };
    tasks::save(tx, task, loaded).await?;
    publish(tx, &Fact::Overdue(fact), at, None).await.map(drop)
}
