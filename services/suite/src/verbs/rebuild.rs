//! `lianxi bus rebuild`: every stream from nothing, by what the logs hold. Services may run meanwhile.

use bus::Side;

use crate::{config::Config, hub::Hub, say, site::Site, upkeep};

/// Rebuilds, and says what goes out again.
///
/// # Errors
/// When no bus runs on the data folder, or a book is away.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config, shutdown)?;
    let hub = Hub::join(&site).await?;
    let rebuilt = upkeep::rebuild_all(&site, &hub.connect(Side::core(Side::ADMIN)).await?).await?;
    say::line(&format!(
        "重建完成，第 {} 期 rebuilt, epoch {}: {} 条待重发 messages go out again",
        rebuilt.epoch.number, rebuilt.epoch.number, rebuilt.reopened
    ));
    Ok(())
}
