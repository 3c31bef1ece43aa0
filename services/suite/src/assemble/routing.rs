//! Routing at a site.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use bus::Side;
use routing::{
    Config, Deps, Rules,
    domain::{propose::Proposer, proposers::Proposers},
};

use crate::{catalogues, hub::Hub, learned, site::Site};

/// What routing needs; its register is seeded when it is empty.
///
/// # Errors
/// When store or bus cannot be reached, or the catalogue does not fit.
pub async fn deps(site: &Site, hub: &Hub) -> anyhow::Result<Deps> {
    let db = site.store("routing", &routing::MIGRATIONS).await?;
    routing::seed::seed(&db, site.locality.agencies.clone())
        .await
        .context("seeding the register of agencies")?;
    let office = &site.locality.office;
    let proposer =
        Proposer::try_new(site.locality.catalogue.clone()).map_err(|e| anyhow!("catalogue.toml: {}", e.0))?;
    let proposers = Proposers::new(proposer);
    catalogues::read(site.place.dir(), &proposers)?;
    let office_contact = format!("{} {}", office.name_zh, office.telephone);
    Ok(Deps {
        db,
        bus: hub.connect(Side::core("routing")).await?,
        clocks: site.place.clocks.clone(),
        door: site.door("routing"),
        rules: Arc::new(Rules { law: site.law(), proposers, office_contact }),
        suite: site.suite.clone(),
        suggester: learned::open(site),
        config: Config {
            receipt_within_ms: site.config.routing.receipt_within_ms,
            learns_after: site.config.routing.learns_after,
        },
        health: site.health.clone(),
    })
}
