//! The clock's work: a function of `now` that rings what is due, the earliest first, each once.
//!
//! An alarm is claimed in the transaction of the fact that it makes. A pause of any length gives the same rows
//! as none: what should have rung rings when the sweep runs again, or when a fact about the matter comes first.

use std::sync::Arc;

use db::{Db, StoreError, Tx};
use kernel::{MatterId, UnixMillis};

use crate::{
    Rules,
    domain::{
        duty::{self, AlarmKind, Duty},
        order::{About, Order, proposal},
    },
    publish::publish,
    store::{self, rows::Ripe},
};

/// Alarms that ring in one transaction.
const AT_ONCE: i64 = 256;

/// What the sweep needs.
#[derive(Clone)]
pub struct Sweep {
    /// Supervision's store.
    pub db: Db,
    /// Dates and stages.
    pub rules: Arc<Rules>,
}

impl Sweep {
    /// Rings what is due at an instant of the business clock; says how many alarms were looked at. There may be
    /// more when it is not 0.
    ///
    /// # Errors
    /// What the store says; nothing is half done.
    pub async fn ring(&self, now: UnixMillis) -> Result<usize, StoreError> {
        let waiting = self.db.read(move |tx| Box::pin(async move { store::ripe(tx, now, 1).await })).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        self.db.write(move |tx| Box::pin(async move { ring_batch(tx, now).await })).await
    }

    /// Looks again at dates that were provisional: with the year known they become firm, and a breach can ring.
    /// Owed at the start and after each year that the calendar learned.
    ///
    /// # Errors
    /// What the store says.
    pub async fn refresh(&self) -> Result<usize, StoreError> {
        let (mut after, mut firm) = (String::new(), 0);
        loop {
            let from = after.clone();
            let found =
                self.db.read(move |tx| Box::pin(async move { store::provisional(tx, &from, AT_ONCE).await }));
            let found = found.await?;
            let Some(last) = found.last() else { return Ok(firm) };
            after = last.id();
            for duty in found {
                let Ok(due) = duty.due.refreshed(&self.rules.law.calendar) else { continue };
                if due.provisional {
                    continue;
                }
                let (id, matter, stages) = (duty.id(), duty.matter_id, self.rules.stages.clone());
                self.db
                    .write(move |tx| {
                        let (id, due, stages) = (id.clone(), due.clone(), stages.clone());
                        Box::pin(async move {
                            store::hold(tx, matter).await?;
                            match store::duty(tx, &id).await? {
                                Some(duty) => renew(tx, duty, due, &stages).await,
                                None => Ok(()),
                            }
                        })
                    })
                    .await?;
                firm += 1;
            }
        }
    }
}

async fn ring_batch(tx: &mut Tx<'_>, now: UnixMillis) -> Result<usize, StoreError> {
    let ripe = store::ripe(tx, now, AT_ONCE).await?;
    for one in &ripe {
        store::hold(tx, one.matter_id).await?;
        ring_one(tx, one, now).await?;
    }
    Ok(ripe.len())
}

/// Rings what was due of one matter before something happened to it, so that a fact that comes while the sweep
/// stands still finds the rows as if it had run.
pub async fn ring_matter(tx: &mut Tx<'_>, matter: MatterId, until: UnixMillis) -> Result<(), StoreError> {
    for one in store::ripe_of(tx, matter, until).await? {
        ring_one(tx, &one, until).await?;
    }
    Ok(())
}

async fn ring_one(tx: &mut Tx<'_>, ripe: &Ripe, at: UnixMillis) -> Result<(), StoreError> {
    if !store::claim(tx, ripe, at).await? {
        return Ok(());
    }
    let Some(mut duty) = store::duty(tx, &ripe.duty_id).await? else { return Ok(()) };
    let loaded = duty.version;
    let fact = duty.ring(&ripe.alarm);
    if duty.version == loaded {
        return Ok(());
    }
    store::save(tx, &duty, loaded).await?;
    if let Some(fact) = fact {
        publish(tx, duty.matter_id, &fact, at, None).await?;
    }
    if ripe.alarm.kind == AlarmKind::Breach {
        propose(tx, &duty, &ripe.alarm).await?;
    }
    Ok(())
}

/// 拟督办: a breach proposes an order, unless one about the assignment is open; a person decides (Art. 40).
async fn propose(tx: &mut Tx<'_>, duty: &Duty, alarm: &duty::Alarm) -> Result<(), StoreError> {
    let Some((assignment_id, agency)) = &duty.hangs_on else { return Ok(()) };
    let role = store::role_of(tx, *assignment_id).await?;
    let Some(wish) = proposal(duty.due.rule, role) else { return Ok(()) };
    let about = About { matter_id: duty.matter_id, assignment_id: *assignment_id, agency: agency.clone() };
    let draft = Order::draft(tx.mint().mint(), about, wish, Some(duty.due.clone()), alarm.on);
    store::orders::insert(tx, &draft).await.map(drop)
}

/// Gives a running duty another limit: alarms that have not rung are set anew.
pub async fn renew(
    tx: &mut Tx<'_>,
    mut duty: Duty,
    due: contracts::Due,
    stages: &[i64],
) -> Result<(), StoreError> {
    let loaded = duty.version;
    if !duty.extend(due) {
        return Ok(());
    }
    store::save(tx, &duty, loaded).await?;
    store::disarm(tx, &duty).await?;
    store::arm(tx, &duty, &duty::alarms(&duty.due, stages)).await
}
