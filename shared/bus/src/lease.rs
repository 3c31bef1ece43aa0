//! Holding a database lease: which of several processes runs a relay or drains a consumer.

use std::{
    fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use db::{
    Db, Sql, StoreError,
    lease::{self, Lease},
};

/// How long a lease holds unless renewed, in milliseconds.
const TTL_MS: i64 = 15_000;
/// A lease with less than this left is renewed, in milliseconds.
const RENEW_BELOW_MS: i64 = 8_000;

static HOLDER: Sql = Sql::same("SELECT holder, fence FROM lease WHERE name = $1");

pub(crate) const ALL: &[&Sql] = &[&HOLDER];

/// Claims a lease and keeps it while it is asked for.
pub(crate) struct Keeper {
    db: Db,
    name: String,
    holder: String,
    held: Mutex<Option<Lease>>,
}

impl Keeper {
    pub fn new(db: Db, name: String) -> Self {
        Self { db, name, holder: own_name(), held: Mutex::default() }
    }

    fn put(&self, lease: Option<Lease>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = lease;
    }

    fn get(&self) -> Option<Lease> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The lease, if it is ours. `None`: another process holds it.
    pub async fn hold(&self) -> Result<Option<Lease>, StoreError> {
        let now = self.db.clocks().technical.now();
        let kept = match self.get() {
            Some(lease) if lease.expires_at_ms - now.0 > RENEW_BELOW_MS => return Ok(Some(lease)),
            Some(lease) => lease::renew(&self.db, &lease, TTL_MS).await?,
            None => None,
        };
        let kept = match kept {
            Some(lease) => Some(lease),
            None => self.claim().await?,
        };
        self.put(kept.clone());
        Ok(kept)
    }

    async fn claim(&self) -> Result<Option<Lease>, StoreError> {
        if let Some(lease) = lease::claim(&self.db, &self.name, &self.holder, TTL_MS).await? {
            return Ok(Some(lease));
        }
        // A holder on this machine whose process has died does not come back: no need to wait it out.
        let name = self.name.clone();
        let holder: Option<(String, i64)> =
            self.db.peek(|tx| Box::pin(async move { tx.query(&HOLDER).bind(name).optional().await })).await?;
        let Some((holder, fence)) = holder.filter(|(holder, _)| is_dead_here(holder)) else {
            return Ok(None);
        };
        let dead = Lease { name: self.name.clone(), holder, fence, expires_at_ms: 0 };
        lease::release(&self.db, dead).await?;
        lease::claim(&self.db, &self.name, &self.holder, TTL_MS).await
    }

    /// The lease has passed to another holder: begin anew.
    pub fn forget(&self) {
        self.put(None);
    }

    /// Gives the lease back, so that another process need not wait.
    pub async fn release(&self) -> Result<(), StoreError> {
        match self.get() {
            Some(lease) => {
                self.put(None);
                lease::release(&self.db, lease).await
            }
            None => Ok(()),
        }
    }
}

/// `<boot>/<namespace>/<process>/<start>#<n>`: tells a process apart from any other, on this machine and
/// elsewhere, also from a later one with its number.
fn own_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let process = std::process::id();
    format!("{}/{process}/{}#{n}", place(), started(process).unwrap_or_default())
}

fn place() -> String {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{}/{}", boot.trim(), namespace.display())
}

/// When a process was started, in ticks since the machine was; none when it is not there.
fn started(process: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold spaces; the start is the 22nd field, the 20th after the name.
    stat.rsplit(") ").next()?.split(' ').nth(19).map(str::to_owned)
}

/// Whether the holder was a process of this machine and is gone.
fn is_dead_here(holder: &str) -> bool {
    let Some(rest) = holder.strip_prefix(&format!("{}/", place())) else { return false };
    let Some((process, start)) = rest.split('#').next().and_then(|t| t.split_once('/')) else { return false };
    process.parse().is_ok_and(|process| started(process).as_deref() != Some(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_process_is_told_from_one_that_is_gone() {
        let own = own_name();
        assert!(!is_dead_here(&own), "{own}");
        assert_ne!(own, own_name());
        let other_start = own.replace(&started(std::process::id()).expect("start"), "1");
        assert!(is_dead_here(&other_start), "a later process with the same number");
        assert!(!is_dead_here("elsewhere/pid:[1]/7/1#0"), "of another machine nothing is known");
    }
}
