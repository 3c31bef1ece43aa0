//! Leases: which of several processes drains a durable or runs the relay. A fencing number that only
//! grows makes a holder that slept too long harmless.

use crate::{Db, Sql, StoreError, Tx};

/// A lease that was claimed. Good until `expires_at_ms` unless renewed; writes under it are fenced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What is leased: `relay`, `consumer/board`.
    pub name: String,
    /// Who holds it: one name per process.
    pub holder: String,
    /// Grows with each change of holder.
    pub fence: i64,
    /// Technical clock, milliseconds.
    pub expires_at_ms: i64,
}

static CLAIM: Sql = Sql::same(
    "INSERT INTO lease (name, holder, fence, expires_at) VALUES ($1, $2, 1, $4)
     ON CONFLICT (name) DO UPDATE SET holder = $2, fence = lease.fence + 1, expires_at = $4
     WHERE lease.expires_at <= $3 OR lease.holder = $2
     RETURNING fence",
);
static RENEW: Sql =
    Sql::same("UPDATE lease SET expires_at = $4 WHERE name = $1 AND holder = $2 AND fence = $3");
static RELEASE: Sql =
    Sql::same("UPDATE lease SET expires_at = 0 WHERE name = $1 AND holder = $2 AND fence = $3");
static CONFIRM: Sql = Sql::split(
    "SELECT fence FROM lease WHERE name = $1 AND holder = $2 AND fence = $3",
    // Split: PostgreSQL holds the row against a claim until the commit; SQLite has one writer.
    "SELECT fence FROM lease WHERE name = $1 AND holder = $2 AND fence = $3 FOR SHARE",
);

pub(crate) const ALL: &[&Sql] = &[&CLAIM, &RENEW, &RELEASE, &CONFIRM];

/// Claims a lease for `ttl_ms`, if it is free, has run out, or was this holder's already (a restart).
/// `None`: another one holds it.
///
/// # Errors
/// What the store says.
pub async fn claim(db: &Db, name: &str, holder: &str, ttl_ms: i64) -> Result<Option<Lease>, StoreError> {
    let (name, holder) = (name.to_owned(), holder.to_owned());
    let now = db.clocks().technical.now();
    let until = now.plus_ms(ttl_ms.max(1));
    db.write(move |tx| {
        let (name, holder) = (name.clone(), holder.clone());
        Box::pin(async move {
            let query = tx.query(&CLAIM).bind(&name).bind(&holder).bind(now).bind(until);
            let fence: Option<(i64,)> = query.optional().await?;
            Ok(fence.map(|(fence,)| Lease { name, holder, fence, expires_at_ms: until.0 }))
        })
    })
    .await
}

/// Holds a lease for `ttl_ms` more. `None`: it has passed to another holder.
///
/// # Errors
/// What the store says.
pub async fn renew(db: &Db, lease: &Lease, ttl_ms: i64) -> Result<Option<Lease>, StoreError> {
    let until = db.clocks().technical.now().plus_ms(ttl_ms.max(1));
    let held = lease.clone();
    let touched = db
        .write(move |tx| {
            let held = held.clone();
            Box::pin(async move {
                let query = tx.query(&RENEW).bind(&held.name).bind(&held.holder).bind(held.fence);
                query.bind(until).run().await
            })
        })
        .await?;
    Ok((touched == 1).then(|| Lease { expires_at_ms: until.0, ..lease.clone() }))
}

/// Gives a lease back, so that another process need not wait. Nothing happens when it was lost already.
///
/// # Errors
/// What the store says.
pub async fn release(db: &Db, lease: Lease) -> Result<(), StoreError> {
    db.write(move |tx| {
        let lease = lease.clone();
        Box::pin(async move {
            let query = tx.query(&RELEASE).bind(&lease.name).bind(&lease.holder).bind(lease.fence);
            query.run().await.map(|_| ())
        })
    })
    .await
}

/// Fences a write: fails unless the lease is still this holder's, and keeps it so until the commit. A
/// lease that has run out but was taken by nobody still fences.
///
/// # Errors
/// [`StoreError::Stale`] when it has passed to another holder.
pub async fn confirm(tx: &mut Tx<'_>, lease: &Lease) -> Result<(), StoreError> {
    let query = tx.query(&CONFIRM).bind(&lease.name).bind(&lease.holder).bind(lease.fence);
    let held: Option<(i64,)> = query.optional().await?;
    held.map(|_| ()).ok_or(StoreError::Stale)
}
