//! A hosted agency moves to a site of its own: its books go into the bundle, under keys that the office never has,
//! and its node never runs at the office again.

use std::{fs, path::PathBuf};

use agency::store::sealed;
use anyhow::{Context, bail};
use db::{Db, DbConfig, together::copy_together};
use kernel::{AgencyCode, Clock, civil_date};

use crate::{
    place::{Place, agency_database},
    site::Site,
};

/// Says when the books left.
fn mark(site: &Site, code: &AgencyCode) -> PathBuf {
    site.place.dir().join(format!("handed-over-{code}"))
}

/// Refuses the node of an agency that works at a site of its own, or whose books have left.
///
/// # Errors
/// That it must not run here.
pub fn expect_here(site: &Site, code: &AgencyCode) -> anyhow::Result<()> {
    if site.own.is_some() {
        return Ok(());
    }
    if let Ok(day) = fs::read_to_string(mark(site, code)) {
        bail!(
            "{code} was handed over to a site of its own on {}: its books are there, its node does not run here",
            day.trim()
        );
    }
    if site.is_own(code) {
        bail!("{code} works at a site of its own (agencies.toml): its node does not run at the office");
    }
    Ok(())
}

/// A hand-over on its way. Until its end it can be begun anew, with another folder.
pub struct HandOver<'s> {
    site: &'s Site,
    code: &'s AgencyCode,
}

impl<'s> HandOver<'s> {
    /// Looks whether the books may go.
    ///
    /// # Errors
    /// When they went before, somebody works on them now, or they are no file.
    pub fn begin(site: &'s Site, code: &'s AgencyCode) -> anyhow::Result<Self> {
        let part = format!("agency {code}");
        if let Ok(day) = fs::read_to_string(mark(site, code)) {
            bail!("the books of {code} were handed over on {}: they are not here any more", day.trim());
        }
        if !site.config.database.url.is_empty() {
            bail!(
                "the books of this office lie in PostgreSQL: only books in SQLite files can be handed over"
            );
        }
        if let Some(process) = site.place.running()?.into_iter().find(|p| p.parts.contains(&part)) {
            bail!("the node of {code} still runs here (pid {}): start the office again first", process.pid);
        }
        Ok(Self { site, code })
    }

    /// Copies the books into the bundle, their data keys wrapped under the bundle's own key.
    ///
    /// # Errors
    /// When a book or the disk fails, or the office's key does not open what it wrapped.
    pub async fn copy(&self, seat: &Place) -> anyhow::Result<()> {
        let place = &self.site.place;
        let name = agency_database(self.code);
        let books = self.site.store(&name, &agency::MIGRATIONS).await?;
        let copy = seat.dir().join("db").join(format!("{name}.db"));
        let copied = copy_together(&[(books.clone(), copy)]).await;
        books.close().await;
        copied.with_context(|| format!("copying the books of {}", self.code))?;
        let config = DbConfig::new(seat.database_url("", &name));
        let moved = Db::open(&config, &[&agency::MIGRATIONS], seat.mint.clone(), seat.clocks.clone()).await?;
        let (from, to) = (place.keys.key_ring(&place.mint)?, seat.keys.key_ring(&seat.mint)?);
        let rewrapped = sealed::rewrap(&moved, &from, &to).await;
        moved.close().await;
        rewrapped.context("wrapping the keys of the books anew")
    }

    /// The office lets go: the next site to ask is the agency's, and the node never runs here again. The office's own
    /// copy is set aside; nothing reads it any more.
    ///
    /// # Errors
    /// When routing's store or the disk fails.
    pub async fn end(self) -> anyhow::Result<()> {
        let (place, code) = (&self.site.place, self.code.clone());
        let routing = self.site.store("routing", &routing::MIGRATIONS).await?;
        let released = routing
            .write(move |tx| {
                let code = code.clone();
                Box::pin(async move { routing::commands::claim_site::release(tx, &code).await })
            })
            .await;
        routing.close().await;
        released.context("routing's word for the site")?;
        let today = civil_date(place.clocks.business.now()).to_string();
        fs::write(mark(self.site, self.code), today).context("marking the hand-over")?;
        let name = agency_database(self.code);
        let folder = place.dir().join("db");
        fs::rename(folder.join(format!("{name}.db")), folder.join(format!("{name}.handed-over")))
            .context("setting the office's copy aside")
    }
}
