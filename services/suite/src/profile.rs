//! The locality: register, catalogue and policy, read from a profile's folder.

use std::path::Path;

use anyhow::Context;
use calendar::{Calendar, Profile};
use meetings::seed::ConferenceFile;
use routing::domain::agency::Agency;
use routing::{
    domain::catalogue::Catalogue,
    seed::{AgenciesFile, OfficeEntry, RegionEntry},
};

/// What a profile's folder says.
pub struct Locality {
    /// The office.
    pub office: OfficeEntry,
    /// Regions.
    pub regions: Vec<RegionEntry>,
    /// The register's first entries.
    pub agencies: Vec<Agency>,
    /// Categories and their words.
    pub catalogue: Catalogue,
    /// Numbers of the law, with the locality's over them.
    pub policy: Profile,
    /// The joint conferences.
    pub conference: ConferenceFile,
    /// Working days.
    pub calendar: Calendar,
    /// The locality's own rows of who is told of what; absent where it has none.
    pub notices: Option<String>,
}

impl Locality {
    /// Reads a folder.
    ///
    /// # Errors
    /// When a file is missing or does not fit; the message names it.
    pub fn read(dir: &Path) -> anyhow::Result<Self> {
        let read = |name: &str| {
            let path = dir.join(name);
            std::fs::read_to_string(&path).with_context(|| {
                format!("cannot read {}: set profile.dir to a folder with agencies.toml, catalogue.toml, policy.toml", path.display())
            })
        };
        let agencies: AgenciesFile = toml::from_str(&read("agencies.toml")?).context("agencies.toml")?;
        let catalogue: Catalogue = toml::from_str(&read("catalogue.toml")?).context("catalogue.toml")?;
        let policy = Profile::national()?.overlay(&read("policy.toml")?).context("policy.toml")?;
        // A locality without the file has no conference yet.
        let conference = if dir.join("conference.toml").exists() {
            toml::from_str(&read("conference.toml")?).context("conference.toml")?
        } else {
            ConferenceFile::default()
        };
        Ok(Self {
            office: agencies.office,
            regions: agencies.regions,
            agencies: agencies.agencies.into_iter().map(Agency::from).collect(),
            catalogue,
            policy,
            conference,
            calendar: Calendar::shipped(),
            notices: optional(&dir.join("notices.toml"))?,
        })
    }
}

/// A file that a profile may do without.
fn optional(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
