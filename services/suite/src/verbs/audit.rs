//! `lianxi audit verify`: both chains of every log, offline.

use anyhow::bail;

use crate::{books, config::Config, say, site::Site};

/// Verifies every database of the data folder.
///
/// # Errors
/// When a chain is broken: the lines before say which and where.
pub async fn verify(config: Config) -> anyhow::Result<()> {
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config, shutdown)?;
    let mut broken = 0;
    let books = books::open(&site).await?;
    for book in &books {
        let report = db::audit::verify(&book.db).await?;
        let verdict = if report.is_sound() { "完好 sound" } else { "已被改动 BROKEN" };
        say::line(&format!("{:<20} {:>8} {verdict}", book.name, report.rows));
        for fault in &report.faults {
            say::line(&format!("    {fault:?}"));
        }
        broken += usize::from(!report.is_sound());
    }
    books::close(books).await;
    if broken > 0 {
        bail!("{broken} logs do not verify: keep the files as they are and call the auditor");
    }
    Ok(())
}
