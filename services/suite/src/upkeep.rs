//! Upkeep of the streams: made on a new bus, and filled again from the logs when the message store is lost.
//!
//! The stream is transport, the outbox is the record (bus.md F1, F5, F6): a store that was deleted, or a stream
//! that a power cut took, comes back with everything that nobody has confirmed, whether it went missing while
//! the suite ran or before it was started.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use anyhow::Context;
use bus::{Bus, Rebuilt, Shutdown, rebuild, reopen, selfcheck, streams};
use contracts::subject;
use db::{Db, outbox};
use kernel::AgencyCode;

use crate::{books, site::Site};

/// How often the streams are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Brings the streams to what this office needs: makes those of a new bus or of a new agency, and rebuilds all
/// of them when one is missing that was in use, or when the books are those of a backup.
///
/// # Errors
/// When the bus or a book is away; repeat it.
pub async fn bring_up(site: &Site, admin: &Bus) -> anyhow::Result<()> {
    let agencies = site.agencies();
    if site.place.is_restored() {
        tracing::warn!("the books came back from a backup; making the streams anew from them");
        rebuild_all(site, admin).await?;
        return site.place.forget_restored();
    }
    let missing = missing(admin, &agencies).await?;
    if !missing.is_empty() && was_in_use(site, &missing).await? {
        tracing::warn!(?missing, "the message store is lost; filling it again from the logs");
        rebuild_all(site, admin).await?;
        return Ok(());
    }
    streams::ensure(admin, &agencies).await.context("making the streams")
}

/// Looks after the streams until asked to end.
pub async fn keep(site: Arc<Site>, admin: Bus, shutdown: Shutdown) {
    let check = site.health.check("bus streams");
    let mut asked = shutdown.clone();
    let mut entered = site.roll.watch();
    // Agencies that had their streams once: what is missing of these is lost, what others lack is new.
    let mut known: BTreeSet<AgencyCode> = site.agencies().into_iter().collect();
    loop {
        tokio::select! {
            () = bus::wait(&mut asked) => return,
            _ = entered.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let agencies = site.agencies();
        let healed = heal(&site, &admin, &agencies, &known).await;
        if healed.is_ok() {
            known.extend(agencies);
        }
        match healed {
            Ok(()) => check.pass(),
            Err(error) => check.fail(&format!("{error:#}")),
        }
    }
}

async fn heal(
    site: &Site,
    admin: &Bus,
    agencies: &[AgencyCode],
    known: &BTreeSet<AgencyCode>,
) -> anyhow::Result<()> {
    let fresh: Vec<&AgencyCode> = agencies.iter().filter(|code| !known.contains(*code)).collect();
    let new: BTreeSet<String> = fresh.iter().map(|code| subject::dispatch_stream(code)).collect();
    if !missing(admin, agencies).await?.is_subset(&new) {
        return bring_up(site, admin).await;
    }
    if fresh.is_empty() {
        return Ok(());
    }
    // Letters may wait for it in the outbox already: nothing is lost, and nobody else is disturbed. A first attempt may
    // have come as far as the stream and not to its consumers.
    streams::ensure(admin, agencies).await.context("making the streams of a new agency")
}

/// Deletes every stream and fills it again from the books of this place.
///
/// # Errors
/// When the bus or a book is away; repeat it.
pub async fn rebuild_all(site: &Site, admin: &Bus) -> anyhow::Result<Rebuilt> {
    let books = books::open(site).await?;
    let databases: Vec<_> = books.iter().map(|book| book.db.clone()).collect();
    let rebuilt = rebuild(admin, &databases, &site.agencies()).await;
    books::close(books).await;
    rebuilt.context("rebuilding the streams")
}

/// Refuses to go on with a database that is older than the streams: one restored from an old backup. One that
/// never said anything is new, and enters the present epoch.
///
/// # Errors
/// One line for each point that does not hold.
pub async fn admit(admin: &Bus, name: &str, db: &Db) -> anyhow::Result<()> {
    if let Some(epoch) = streams::current_epoch(admin).await?
        && !books::has_log(db).await?
    {
        reopen(db, epoch.number).await.context("a new database's epoch")?;
    }
    let faults = selfcheck::run(None, admin, &[(name, db)]).await?;
    selfcheck::refusal(&faults).map_or(Ok(()), |refusal| Err(refusal.into()))
}

async fn missing(admin: &Bus, agencies: &[AgencyCode]) -> anyhow::Result<BTreeSet<String>> {
    let there: BTreeSet<String> = admin.stream_states().await?.into_iter().map(|s| s.name).collect();
    let wanted = streams::streams(agencies).into_iter().map(|spec| spec.name);
    Ok(wanted.filter(|name| !there.contains(name)).collect())
}

/// Whether the logs say that a missing stream held something: an agency's, that it was sent a dispatch; one of
/// the office's, that anything was said at all. Advisories are hints, kept nowhere else.
async fn was_in_use(site: &Site, missing: &BTreeSet<String>) -> anyhow::Result<bool> {
    let books = books::open(site).await?;
    let mut used = BTreeSet::new();
    for book in &books {
        if books::has_log(&book.db).await? {
            used.extend([subject::EVT, subject::RETURNS, subject::DLQ].map(str::to_owned));
        }
        for head in outbox::agency_heads(&book.db).await? {
            used.extend(head.agency.parse::<AgencyCode>().ok().map(|code| subject::dispatch_stream(&code)));
        }
    }
    books::close(books).await;
    Ok(!missing.is_disjoint(&used))
}
