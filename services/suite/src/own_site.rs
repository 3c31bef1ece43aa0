//! An agency's own site: its node on the office's bus, its console on a bus in memory, so that its people work on while
//! the office is away.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use bus::{Bus, MemoryBus, Reply, Service, Shutdown, streams};
use contracts::{
    Command,
    routing::commands::{ClaimSite, ListAgencies, ListCategories, SiteClaimed},
    subject,
};
use kernel::{AgencyCode, ErrorKind};
use routing::commands::queries::{agency_row, categories, listed};
use tokio::task::JoinSet;
use web::ask::ask_on;

use crate::{assemble, hub::Hub, run::Parts, site::Site};

/// How long the site waits before it asks the office again.
const AGAIN: Duration = Duration::from_secs(1);
/// Says that the office knows this site: it may work before the office answers.
const KNOWN: &str = "site-known";

/// What runs here.
pub struct Started {
    /// Its parts.
    pub names: Vec<String>,
    /// The console's address.
    pub console: Option<String>,
    /// The link for the first administrator.
    pub first_run: Option<String>,
}

/// Starts the node and the console of an agency's own site.
///
/// # Errors
/// When another part is asked for, or store, key or port cannot be used.
pub async fn start(
    site: &Arc<Site>,
    code: &AgencyCode,
    parts: &Parts,
    shutdown: &Shutdown,
    tasks: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<Started> {
    parts.fit_own_site(code)?;
    let hub = Hub::remote(site);
    let local = MemoryBus::new(site.place.clocks.technical.clone());
    streams::ensure(&Bus::Memory(local.clone()), &[]).await?;
    let mut started = Started { names: Vec::new(), console: None, first_run: None };
    if parts.has("agency") {
        let deps = assemble::agency::deps(site, &hub, code).await?;
        let endpoints = Bus::Memory(local.agency(code)).serve(agency::service(&deps)).await?;
        let (site, shutdown) = (site.clone(), shutdown.clone());
        tasks.spawn(async move {
            let worked = work(&site, deps, shutdown).await;
            endpoints.stop().await;
            worked
        });
        started.names.push(format!("agency {code}"));
    }
    if parts.has("console") {
        let deps = assemble::console::deps_on(site, Bus::Memory(local.core("console"))).await?;
        let register = site.roll.now().iter().map(listed).collect();
        console::board::enter_register(&deps.db, register).await.context("the register")?;
        let names = Bus::Memory(local.core("routing")).serve(names(site)?).await?;
        let mut ends = shutdown.clone();
        tasks.spawn(async move {
            bus::wait(&mut ends).await;
            names.stop().await;
            Ok(())
        });
        let door = assemble::console::open(site, deps, shutdown.clone(), tasks).await?;
        started.names.push("console".to_owned());
        (started.console, started.first_run) = (Some(door.url), door.first_run);
    }
    Ok(started)
}

/// What the console asks routing for names, as the bundle has it: it works while the office is away.
fn names(site: &Site) -> anyhow::Result<Service> {
    let categories = serde_json::to_vec(&categories(&site.locality.catalogue))?;
    let agencies: Vec<_> = site.roll.now().iter().map(agency_row).collect();
    let agencies = serde_json::to_vec(&agencies)?;
    let told = |bytes: Vec<u8>| {
        Arc::new(move |_| Box::pin(std::future::ready(Ok(bytes.clone()))) as db::BoxFuture<'static, Reply>)
    };
    let service = Service::core("routing", env!("CARGO_PKG_VERSION"), "names as the bundle has them");
    Ok(service.command(ListCategories::NAME, told(categories)).command(ListAgencies::NAME, told(agencies)))
}

/// The first time the office's word comes before the first pull; later the site works on and asks meanwhile.
async fn work(site: &Site, deps: agency::Deps, shutdown: Shutdown) -> anyhow::Result<()> {
    let (bus, code, own) = (deps.bus.clone(), deps.code.clone(), deps.config.site.clone());
    let known = site.place.dir().join(KNOWN);
    let claim = claim(site, &bus, &code, &own, shutdown.clone());
    let node = Box::pin(async { agency::run(deps, shutdown.clone()).await.context("agency could not run") });
    if known.exists() {
        return futures::future::try_join(claim, node).await.map(drop);
    }
    if claim.await? {
        std::fs::write(&known, &own).with_context(|| format!("cannot write {}", known.display()))?;
        node.await?;
    }
    Ok(())
}

/// Asks until the office answers; `false` when asked to end before. A refusal ends the site.
async fn claim(
    site: &Site,
    bus: &Bus,
    code: &AgencyCode,
    own: &str,
    mut shutdown: Shutdown,
) -> anyhow::Result<bool> {
    let check = site.health.check("the office's word for this site");
    let command = ClaimSite { site: own.to_owned() };
    loop {
        match ask_on(bus, &subject::claim_site(code), "routing", None, None, &command).await {
            Ok(SiteClaimed { .. }) => {
                check.pass();
                return Ok(true);
            }
            Err(refusal) if refusal.kind == ErrorKind::Conflict => {
                bail!("{}\n{}", refusal.text(false), refusal.text(true))
            }
            Err(refusal) => check.fail(&refusal.to_string()),
        }
        tokio::select! {
            () = bus::wait(&mut shutdown) => return Ok(false),
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}
