//! Meetings at a site.

use anyhow::{Context, ensure};
use bus::Side;
use meetings::{Config, Deps};

use crate::{hub::Hub, site::Site};

/// What meetings needs; its conferences are those of the profile.
///
/// # Errors
/// When store or bus cannot be reached, or the profile names a member that is no agency.
pub async fn deps(site: &Site, hub: &Hub) -> anyhow::Result<Deps> {
    let conference = &site.locality.conference;
    let agencies = site.agencies();
    for body in &conference.bodies {
        let stranger = body.members.iter().find(|member| !agencies.contains(member));
        ensure!(
            stranger.is_none(),
            "conference.toml: {} has a member that is no agency: {stranger:?}",
            body.code
        );
    }
    let db = site.store("meetings", &meetings::MIGRATIONS).await?;
    meetings::seed::seed(&db, conference.bodies.clone()).await.context("seeding the joint conferences")?;
    Ok(Deps {
        db,
        bus: hub.connect(Side::core("meetings")).await?,
        clocks: site.place.clocks.clone(),
        door: site.door("meetings"),
        config: Config {
            receipt_within_ms: site.config.meetings.receipt_within_ms,
            organizer: site.locality.office.name_zh.clone(),
            uid_domain: conference.office.uid_domain.clone(),
        },
        health: site.health.clone(),
    })
}
