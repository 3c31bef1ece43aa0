//! 单位名录 as the processes of a data folder know it: routing owns it, `register.json` is its last known copy.
//!
//! The process that runs routing writes the file whenever its register changed; every process follows the file, so
//! that a cold start needs no answer, and an agency that is entered while the suite runs gets its account on the bus,
//! its streams, its node and its keys without a restart. What `agencies.toml` says of an agency's site counts before
//! the register: moving to a site of its own is the installation's affair.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use anyhow::Context;
use bus::Shutdown;
use db::Db;
use kernel::AgencyCode;
use routing::{domain::agency::Agency, store};
use tokio::sync::watch;

use crate::{
    followed,
    place::{Place, write_whole},
    site::Site,
};

/// The last known register.
pub const FILE: &str = "register.json";
/// How often the file is looked at, and by its writer the register.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// The agencies, as this process knows them now.
pub struct Roll {
    file: PathBuf,
    seeds: Vec<Agency>,
    read: RwLock<(String, Arc<Vec<Agency>>)>,
    changed: watch::Sender<()>,
}

impl Roll {
    /// What the folder knew last; else what the profile says.
    ///
    /// # Errors
    /// When the file makes no sense.
    pub fn open(place: &Place, seeds: Vec<Agency>) -> anyhow::Result<Self> {
        let first = Arc::new(seeds.clone());
        let roll = Self {
            file: place.dir().join(FILE),
            seeds,
            read: RwLock::new((String::new(), first)),
            changed: watch::Sender::new(()),
        };
        roll.follow()?;
        Ok(roll)
    }

    /// The agencies now.
    #[must_use]
    pub fn now(&self) -> Arc<Vec<Agency>> {
        self.read.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Told when they change.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Takes the file as it is now; says whether that changed anything.
    ///
    /// # Errors
    /// When the file makes no sense.
    pub fn follow(&self) -> anyhow::Result<bool> {
        let Ok(text) = fs::read_to_string(&self.file) else { return Ok(false) };
        if self.read.read().unwrap_or_else(PoisonError::into_inner).0 == text {
            return Ok(false);
        }
        let listed: Vec<Agency> = serde_json::from_str(&text).context(FILE)?;
        let listed = Arc::new(self.with_seeds(listed));
        *self.read.write().unwrap_or_else(PoisonError::into_inner) = (text, listed);
        self.changed.send_replace(());
        Ok(true)
    }

    /// The profile's sites count, and an entry of the profile that routing has not seen yet is there already.
    fn with_seeds(&self, mut listed: Vec<Agency>) -> Vec<Agency> {
        for seed in &self.seeds {
            match listed.iter_mut().find(|agency| agency.code == seed.code) {
                Some(agency) => agency.site.clone_from(&seed.site),
                None => listed.push(seed.clone()),
            }
        }
        listed.sort_by(|a, b| a.code.cmp(&b.code));
        listed
    }

    fn keep(&self, listed: &[Agency]) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(listed)?;
        if self.read.read().unwrap_or_else(PoisonError::into_inner).0 == text {
            return Ok(());
        }
        write_whole(&self.file, text.as_bytes())
    }
}

/// Keeps the file as routing's register is, until asked to end: runs where routing runs.
pub async fn keep(site: Arc<Site>, routing: Db, mut shutdown: Shutdown) -> anyhow::Result<()> {
    let check = site.health.check("register of agencies");
    let mut known = None;
    loop {
        match write(&site, &routing, known).await {
            Ok(mark) => {
                known = Some(mark);
                check.pass();
            }
            Err(error) => check.fail(&format!("{error:#}")),
        }
        tokio::select! {
            () = bus::wait(&mut shutdown) => return Ok(()),
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn write(site: &Site, routing: &Db, known: Option<(i64, i64)>) -> anyhow::Result<(i64, i64)> {
    let mark = routing.peek(|tx| Box::pin(async move { store::register::mark(tx).await })).await?;
    if known != Some(mark) {
        let register = routing.peek(|tx| Box::pin(async move { store::register(tx).await })).await?;
        let listed: Vec<Agency> = register.all().cloned().collect();
        site.roll.keep(&listed)?;
    }
    Ok(mark)
}

/// Follows the file until asked to end: every process of an office does.
///
/// # Errors
/// As [`followed::follow`].
pub async fn follow(site: Arc<Site>, shutdown: Shutdown) -> anyhow::Result<()> {
    followed::follow(&site, (FILE, "known agencies"), shutdown, || {
        if site.roll.follow()? {
            site.trust_register();
        }
        Ok(())
    })
    .await
}

/// The codes of a list.
#[must_use]
pub fn codes(listed: &[Agency]) -> Vec<AgencyCode> {
    listed.iter().map(|a| a.code.clone()).collect()
}
