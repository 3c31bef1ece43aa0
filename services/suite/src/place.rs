//! Where a process works: its data folder, keys, clocks and the files by which processes find each other.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use console::config::ClockHand;
use kernel::{AgencyCode, BusinessClock, Clocks, IdMint, UnixMillis};
use serde::{Deserialize, Serialize};
use trust::KeyFolder;

/// A data folder, opened.
pub struct Place {
    dir: PathBuf,
    /// Keys, mode 0600.
    pub keys: KeyFolder,
    /// Both clocks; the business clock with the folder's offset.
    pub clocks: Clocks,
    /// Ids and chance.
    pub mint: IdMint,
}

/// What a process tells the others: `data/run/<pid>.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Running {
    /// The process.
    pub pid: u32,
    /// What it runs: `intake`, `agency renshe`.
    pub parts: Vec<String>,
    /// Address of `/metrics`, `/healthz`, `/readyz`.
    pub ops: String,
    /// The console's address, where this process has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
}

/// The file of the business clock's offset.
const CLOCK: &str = "clock.json";

/// Marks a folder whose books came back from a backup; it holds when that was taken.
const RESTORED: &str = "restored.json";
/// When the last backup was taken.
const BACKED_UP: &str = "backed-up.json";

/// The business clock's offset: one owner writes it, every process follows it.
#[derive(Serialize, Deserialize)]
struct ClockFile {
    offset_ms: i64,
}

fn read_offset(dir: &Path) -> anyhow::Result<Option<i64>> {
    let Ok(text) = fs::read_to_string(dir.join(CLOCK)) else { return Ok(None) };
    let file: ClockFile = serde_json::from_str(&text).context(CLOCK)?;
    Ok(Some(file.offset_ms))
}

/// Moves the business clock of a folder: the demo's.
pub struct FolderClock {
    dir: PathBuf,
    business: BusinessClock,
}

impl ClockHand for FolderClock {
    fn move_on_ms(&self, ms: i64) -> std::io::Result<()> {
        let offset_ms = self.business.offset_ms().saturating_add(ms.max(0));
        let text = serde_json::to_vec(&ClockFile { offset_ms })?;
        write_whole(&self.dir.join(CLOCK), &text).map_err(std::io::Error::other)?;
        self.business.set_offset_ms(offset_ms);
        Ok(())
    }
}

impl Place {
    /// Opens a data folder, making what is missing.
    ///
    /// # Errors
    /// When the folder cannot be made, or a key file is open to others.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        for part in ["", "keys", "db", "run", "nats", "files"] {
            let path = dir.join(part);
            fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        }
        let dir = dir.canonicalize().with_context(|| format!("cannot open {}", dir.display()))?;
        let keys = KeyFolder::open(dir.join("keys"))?;
        let clocks = Clocks::system();
        let place = Self { dir, keys, clocks, mint: IdMint::system() };
        place.follow_clock()?;
        Ok(place)
    }

    /// Takes the business clock's offset as its owner keeps it now: a process that runs follows a clock that is
    /// moved.
    ///
    /// # Errors
    /// When the file makes no sense.
    pub fn follow_clock(&self) -> anyhow::Result<()> {
        if let Some(offset_ms) = read_offset(&self.dir)? {
            self.clocks.business.set_offset_ms(offset_ms);
        }
        Ok(())
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Keeps the business clock's offset for every process of this folder.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_offset_ms(&self, offset_ms: i64) -> anyhow::Result<()> {
        self.clocks.business.set_offset_ms(offset_ms);
        write_whole(&self.dir.join(CLOCK), &serde_json::to_vec(&ClockFile { offset_ms })?)
    }

    /// Remembers that a backup was taken, for `lianxi ops`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn note_backup(&self, at: UnixMillis) -> anyhow::Result<()> {
        write_whole(&self.dir.join(BACKED_UP), &serde_json::to_vec(&at)?)
    }

    /// When the last backup was taken.
    #[must_use]
    pub fn last_backup(&self) -> Option<UnixMillis> {
        serde_json::from_slice(&fs::read(self.dir.join(BACKED_UP)).ok()?).ok()
    }

    /// Whether the books came back from a backup and the streams have not been made anew since.
    #[must_use]
    pub fn is_restored(&self) -> bool {
        self.dir.join(RESTORED).exists()
    }

    /// The streams are made anew.
    ///
    /// # Errors
    /// When the mark cannot be taken away.
    pub fn forget_restored(&self) -> anyhow::Result<()> {
        fs::remove_file(self.dir.join(RESTORED)).context(RESTORED)
    }

    /// What moves the business clock of every process of this folder.
    #[must_use]
    pub fn clock_hand(&self) -> FolderClock {
        FolderClock { dir: self.dir.clone(), business: self.clocks.business.clone() }
    }

    /// The database of a service: a PostgreSQL schema, or one SQLite file.
    #[must_use]
    pub fn database_url(&self, postgres: &str, service: &str) -> String {
        if postgres.is_empty() {
            return format!("sqlite:{}", self.dir.join("db").join(format!("{service}.db")).display());
        }
        let separator = if postgres.contains('?') { '&' } else { '?' };
        format!("{postgres}{separator}schema={}", service.replace('-', "_"))
    }

    /// Tells the others what runs here.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn announce(&self, running: &Running) -> anyhow::Result<Announced> {
        self.tell(running)?;
        Ok(Announced(self.announcement(running.pid)))
    }

    /// Tells the others anew, after more was started here.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn tell(&self, running: &Running) -> anyhow::Result<()> {
        write_whole(&self.announcement(running.pid), &serde_json::to_vec_pretty(running)?)
    }

    fn announcement(&self, pid: u32) -> PathBuf {
        self.dir.join("run").join(format!("{pid}.json"))
    }

    /// Processes of this folder that still live.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn running(&self) -> anyhow::Result<Vec<Running>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.dir.join("run"))? {
            let path = entry?.path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let Ok(running) = serde_json::from_str::<Running>(&text) else { continue };
            if Path::new("/proc").join(running.pid.to_string()).exists() {
                found.push(running);
            } else {
                // Left by a process that was killed.
                drop(fs::remove_file(&path));
            }
        }
        found.sort_by(|a, b| a.parts.cmp(&b.parts));
        Ok(found)
    }
}

/// The announcement; dropped, it is taken back.
pub struct Announced(PathBuf);

impl Drop for Announced {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// Marks a data folder as restored from a backup of that moment: its streams are older or newer than its books.
///
/// # Errors
/// When the mark cannot be written.
pub fn mark_restored(dir: &Path, taken_at: UnixMillis) -> anyhow::Result<()> {
    write_whole(&dir.join(RESTORED), &serde_json::to_vec(&taken_at)?)
}

/// Writes a file so that a reader sees the old or the new one, never half; of several writers the last one's.
///
/// # Errors
/// When the file cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    fs::write(&beside, bytes).with_context(|| format!("cannot write {}", beside.display()))?;
    fs::rename(&beside, path).with_context(|| format!("cannot write {}", path.display()))
}

/// The name of an agency's own database.
#[must_use]
pub fn agency_database(code: &AgencyCode) -> String {
    format!("agency-{code}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_follows_the_folder_has_the_clock_that_another_moved() {
        let dir = std::env::temp_dir().join(format!("lianxi-clock-{}", std::process::id()));
        let (one, other) = (Place::open(&dir).expect("folder"), Place::open(&dir).expect("folder"));
        let technical = other.clocks.technical.now();
        one.clock_hand().move_on_ms(7 * 86_400_000).expect("moved");
        one.clock_hand().move_on_ms(-86_400_000).expect("never back");
        assert_eq!(one.clocks.business.offset_ms(), 7 * 86_400_000);
        other.follow_clock().expect("followed");
        assert_eq!(other.clocks.business.offset_ms(), 7 * 86_400_000);
        assert!(other.clocks.technical.now().0 - technical.0 < 60_000, "technical time stays");
        let after_a_restart = Place::open(&dir).expect("folder");
        assert_eq!(after_a_restart.clocks.business.offset_ms(), 7 * 86_400_000);
        fs::remove_dir_all(&dir).expect("cleared");
    }
}
