//! Supervision at a site.

use anyhow::Context;
use bus::Side;
use supervision::{Config, Deps};

use crate::{hub::Hub, site::Site};

/// What supervision needs.
///
/// # Errors
/// When store or bus cannot be reached, or a setting does not fit.
pub async fn deps(site: &Site, hub: &Hub) -> anyhow::Result<Deps> {
    let settings = &site.config.supervision;
    Ok(Deps {
        db: site.store("supervision", &supervision::MIGRATIONS).await?,
        bus: hub.connect(Side::core("supervision")).await?,
        clocks: site.place.clocks.clone(),
        door: site.door("supervision"),
        law: site.law(),
        config: Config {
            receipt_within_ms: settings.receipt_within_ms,
            warn_at_percent: Config::stages(&settings.warn_at_percent).context("the settings")?,
        },
        health: site.health.clone(),
    })
}
