//! The console at a site: its parts, and the web door.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use bus::{Bus, Shutdown, Side};
use console::{
    Config, Deps,
    board::BoardWatch,
    config::{ClockHand, Office, Region},
};
use db::Db;
use kernel::ErrorDef;
use tokio::task::JoinSet;
use web::{ServeConfig, TlsFiles};

use crate::{hub::Hub, site::Site};

/// Who refuses what, for the OpenAPI document.
static PROBLEMS: [(&str, &[&ErrorDef]); 6] = [
    ("intake", intake::error::ALL),
    ("routing", routing::error::ALL),
    ("supervision", supervision::error::ALL),
    ("meetings", meetings::error::ALL),
    ("notification", notification::error::ALL),
    ("agency", agency::error::ALL),
];

/// The web door as it was opened.
pub struct Opened {
    /// Where people reach it.
    pub url: String,
    /// The link for the first administrator, while there is no account.
    pub first_run: Option<String>,
}

/// The console's store.
///
/// # Errors
/// When it cannot be opened.
pub async fn store(site: &Site) -> anyhow::Result<Db> {
    site.store("console", &console::MIGRATIONS).await
}

/// Starts the console's parts and opens the web door.
///
/// # Errors
/// When store, bus, port or certificates cannot be used.
pub async fn open(
    site: &Site,
    deps: Deps,
    shutdown: Shutdown,
    tasks: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<Opened> {
    let router = console::router(&deps).context("the console's pages")?;
    let settings = &site.config.console;
    let tls = (!settings.tls_cert.is_empty())
        .then(|| TlsFiles { cert: PathBuf::from(&settings.tls_cert), key: PathBuf::from(&settings.tls_key) });
    let serve = ServeConfig {
        bind: settings.bind,
        next_free_port: settings.other_port,
        tls,
        ..ServeConfig::default()
    };
    let server = web::serve(router, &serve, shutdown.clone()).await?;
    let url = server.url();
    let first_run = console::first_run(&deps).await?.map(|path| format!("{url}{path}"));
    tasks.spawn(async move {
        Box::pin(console::run(deps, shutdown)).await;
        server.ended().await.context("the web door")
    });
    Ok(Opened { url, first_run })
}

/// What the console needs.
///
/// # Errors
/// When store or bus cannot be used.
pub async fn deps(site: &Site, hub: &Hub) -> anyhow::Result<Deps> {
    deps_on(site, hub.connect(Side::core("console")).await?).await
}

/// The same on a bus that is given.
///
/// # Errors
/// When the store cannot be used.
pub async fn deps_on(site: &Site, bus: Bus) -> anyhow::Result<Deps> {
    let place = &site.place;
    let office = &site.locality.office;
    let regions = site.locality.regions.iter().map(|r| Region {
        code: r.code.clone(),
        name_zh: r.name_zh.clone(),
        name_en: r.name_en.clone(),
    });
    let config = Config {
        office: Office {
            name_zh: office.name_zh.clone(),
            name_en: office.name_en.clone(),
            region: office.region.clone(),
            telephone: office.telephone.clone(),
            address: office.address.clone(),
        },
        regions: regions.collect(),
        own: site.own.clone(),
        tls: !site.config.console.tls_cert.is_empty(),
        public_origin: None,
        trusted_proxies: Arc::from([]),
        samples: site.samples.clone(),
        problems: &PROBLEMS,
        clock_hand: (!site.samples.is_empty())
            .then(|| Arc::new(site.place.clock_hand()) as Arc<dyn ClockHand>),
    };
    let db = store(site).await?;
    Ok(Deps {
        watch: BoardWatch::new(db.clone()),
        db,
        bus,
        clocks: place.clocks.clone(),
        mint: place.mint.clone(),
        signer: site.signer.clone(),
        suite: site.suite.clone(),
        policy: Arc::new(site.locality.policy.clone()),
        calendar: Arc::new(site.locality.calendar.clone()),
        config: Arc::new(config),
        health: site.health.clone(),
    })
}
