//! One agency's node at a site.

use std::sync::Arc;

use agency::{Config, Deps};
use anyhow::Context;
use bus::Side;
use kernel::AgencyCode;

use crate::{hand_over, hub::Hub, place::agency_database, site::Site};

/// What an agency's node needs: an account, a database and a key of its own.
///
/// # Errors
/// When the register has no such agency, or store, key or bus cannot be used.
pub async fn deps(site: &Site, hub: &Hub, code: &AgencyCode) -> anyhow::Result<Deps> {
    hand_over::expect_here(site, code)?;
    let place = &site.place;
    let entry = site.entry(code).with_context(|| format!("the register has no agency `{code}`"))?;
    let config = Config {
        site: place.keys.site(&place.mint)?,
        name_zh: entry.name_zh.clone(),
        doc_prefix: entry.doc_prefix.clone(),
        review_unit: entry.review_unit.clone(),
        computer: entry.computer,
        webhook_targets: site.config.agency.webhook_targets,
        webhook_ca: match site.config.agency.webhook_ca.as_str() {
            "" => Vec::new(),
            file => std::fs::read(file).with_context(|| format!("agency.webhook_ca: {file}"))?,
        },
    };
    Ok(Deps {
        code: code.clone(),
        db: site.store(&agency_database(code), &agency::MIGRATIONS).await?,
        bus: hub.connect(Side::Agency(code.clone())).await?,
        clocks: place.clocks.clone(),
        mint: place.mint.clone(),
        door: site.door("agency"),
        identity: place.keys.agency_identity(code, &place.mint)?,
        key_ring: place.keys.key_ring(&place.mint)?,
        config: Arc::new(config.checked()?),
        law: Arc::new(site.law()),
        health: site.health.clone(),
    })
}
