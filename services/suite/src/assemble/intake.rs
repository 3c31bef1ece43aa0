//! Intake at a site.

use bus::Side;
use intake::{Config, Deps, Files, Keys};
use trust::{BlindIndexKey, KeyName, QueryCodeKey};

use crate::{hub::Hub, seat, site::Site};

/// What intake needs. A data folder whose key file is lost is refused.
///
/// # Errors
/// When store, files, keys or bus cannot be used.
pub async fn deps(site: &Site, hub: &Hub) -> anyhow::Result<Deps> {
    let place = &site.place;
    let db = site.store("intake", &intake::MIGRATIONS).await?;
    let ring = place.keys.key_ring(&place.mint)?;
    intake::check_keys(&db, &ring, &place.mint).await?;
    let keys = Keys {
        ring,
        blind: BlindIndexKey::new(place.keys.load_or_create(&KeyName::BlindIndex, &place.mint)?),
        codes: QueryCodeKey::new(place.keys.load_or_create(&KeyName::QueryCode, &place.mint)?),
    };
    let recipients = seat::recipients(site)?;
    Ok(Deps {
        db,
        bus: hub.connect(Side::core("intake")).await?,
        clocks: place.clocks.clone(),
        mint: place.mint.clone(),
        door: site.door("intake"),
        health: site.health.clone(),
        config: Config::new(place.dir().join("files"), site.locality.office.region.clone()),
        keys,
        recipients,
        law: site.law(),
        files: Files::in_folder(&place.dir().join("files"))?,
    })
}
