//! `lianxi audit verify`: both chains of every log, offline.

use anyhow::bail;

use crate::{assemble, config::Config, place::agency_database, say, site::Site};

/// Verifies every database of the data folder.
///
/// # Errors
/// When a chain is broken: the lines before say which and where.
pub async fn verify(config: Config) -> anyhow::Result<()> {
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config, shutdown)?;
    let mut stores = vec![
        ("intake".to_owned(), site.store("intake", &intake::MIGRATIONS).await?),
        ("routing".to_owned(), site.store("routing", &routing::MIGRATIONS).await?),
        ("console".to_owned(), assemble::console::store(&site).await?),
    ];
    for code in site.hosted() {
        let name = agency_database(&code);
        let store = site.store(&name, &agency::MIGRATIONS).await?;
        stores.push((name, store));
    }
    let mut broken = 0;
    for (name, store) in stores {
        let report = db::audit::verify(&store).await?;
        let verdict = if report.is_sound() { "完好 sound" } else { "已被改动 BROKEN" };
        say::line(&format!("{name:<20} {:>8} {verdict}", report.rows));
        for fault in &report.faults {
            say::line(&format!("    {fault:?}"));
        }
        broken += usize::from(!report.is_sound());
        store.close().await;
    }
    if broken > 0 {
        bail!("{broken} logs do not verify: keep the files as they are and call the auditor");
    }
    Ok(())
}
