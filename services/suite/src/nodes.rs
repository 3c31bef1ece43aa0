//! Nodes of hosted agencies: those at the start, and those of agencies entered while the suite runs.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bus::{Bus, Shutdown};
use kernel::AgencyCode;
use tokio::task::JoinSet;

use crate::{assemble, hub::Hub, place::agency_database, site::Site, upkeep};

/// How often a node that could not start is tried again: the bus may not know its account yet.
const AGAIN: Duration = Duration::from_millis(250);

/// Starts one agency's node as a task.
///
/// # Errors
/// When store, key or bus cannot be used.
pub async fn start(
    site: &Site,
    (hub, admin): (&Hub, &Bus),
    code: &AgencyCode,
    shutdown: &Shutdown,
    tasks: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let deps = assemble::agency::deps(site, hub, code).await?;
    upkeep::admit(admin, &agency_database(code), &deps.db).await?;
    let node = agency::run(deps, shutdown.clone());
    tasks.spawn(async move { anyhow::Context::context(node.await, "agency could not run") });
    Ok(())
}

/// Starts the nodes of hosted agencies that come to the register, until asked to end; a node that ends by itself ends
/// this too, as everywhere.
///
/// # Errors
/// What a node ended with.
pub async fn keep(
    site: Arc<Site>,
    (hub, admin): (Hub, Bus),
    mut running: BTreeSet<AgencyCode>,
    mut shutdown: Shutdown,
) -> anyhow::Result<()> {
    let check = site.health.check("nodes of new agencies");
    let mut nodes = JoinSet::new();
    let asked = shutdown.clone();
    loop {
        tokio::select! {
            () = bus::wait(&mut shutdown) => break,
            Some(ended) = nodes.join_next() => return ended?,
            () = tokio::time::sleep(AGAIN) => {}
        }
        let missing: Vec<_> = site.hosted().into_iter().filter(|code| !running.contains(code)).collect();
        let mut failed = None;
        for code in missing {
            match start(&site, (&hub, &admin), &code, &asked, &mut nodes).await {
                Ok(()) => {
                    tracing::info!(agency = %code, "the node of a new agency runs");
                    announce(&site, &code)?;
                    running.insert(code);
                }
                Err(error) => failed = Some(format!("{code}: {error:#}")),
            }
        }
        match failed {
            Some(why) => check.fail(&why),
            None => check.pass(),
        }
    }
    while let Some(ended) = nodes.join_next().await {
        ended??;
    }
    Ok(())
}

/// Adds it to what the folder knows of this process.
fn announce(site: &Site, code: &AgencyCode) -> anyhow::Result<()> {
    let own = std::process::id();
    if let Some(mut process) = site.place.running()?.into_iter().find(|p| p.pid == own) {
        process.parts.push(format!("agency {code}"));
        site.place.tell(&process)?;
    }
    Ok(())
}
