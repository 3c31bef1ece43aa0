//! `lianxi catalogue load`: categories that come into force, for a data folder and the processes that run on it.

use anyhow::Context;
use kernel::{Clock, civil_date};

use crate::{catalogues, cli::CatalogueVerb, config::Config, place::Place, profile::Locality, say};

/// Does it.
///
/// # Errors
/// When the file cannot be read, or does not fit; nothing changes then.
pub fn run(config: &Config, verb: &CatalogueVerb) -> anyhow::Result<()> {
    let CatalogueVerb::Load { file } = verb;
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let locality = Locality::read(&config.profile.dir)?;
    let place = Place::open(&config.data.dir)?;
    let today = civil_date(place.clocks.business.now());
    let (version, from) = catalogues::load(place.dir(), &locality.catalogue, &text, today)?;
    say::line(&format!("{version}: in force from {from} on, also for what runs; no restart"));
    Ok(())
}
