//! `manifest.json`: what a backup holds, and the hash of every file.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use kernel::UnixMillis;
use serde::{Deserialize, Serialize};
use trust::chain::Hash;

/// The name of the file.
const NAME: &str = "manifest.json";
/// The form of a backup that this program writes and reads.
const FORM: u32 = 1;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of this file's form.
    pub form: u32,
    /// The program that wrote it.
    pub program: String,
    /// When, by the technical clock.
    pub taken_at: UnixMillis,
    /// The business clock at that moment.
    pub business_at: UnixMillis,
    /// `sqlite` or `postgres`.
    pub store: String,
    /// The books, by name.
    pub books: Vec<String>,
    /// Every key file by its path below `keys/`, with its hash: the backup is read with these alone.
    pub keys: BTreeMap<PathBuf, Hash>,
    /// Every file below the backup, by its path, with its hash.
    pub files: BTreeMap<PathBuf, Hash>,
}

impl Manifest {
    /// One for the files that lie in a backup now.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn over(
        backup: &Path,
        (taken_at, business_at): (UnixMillis, UnixMillis),
        store: &str,
        books: Vec<String>,
        keys: BTreeMap<PathBuf, Hash>,
    ) -> anyhow::Result<Self> {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let store = store.to_owned();
        let files = hashes(backup)?;
        Ok(Self { form: FORM, program, taken_at, business_at, store, books, keys, files })
    }

    /// Writes it: the last step; a folder without it is no backup.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, backup: &Path) -> anyhow::Result<()> {
        let (beside, path) = (backup.join("manifest.new"), backup.join(NAME));
        fs::write(&beside, serde_json::to_vec_pretty(self)?)?;
        fs::File::open(&beside)?.sync_all()?;
        fs::rename(&beside, &path).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads it and compares every file with it.
    ///
    /// # Errors
    /// When the folder is no backup, or a file is missing, changed or not named.
    pub fn verified(backup: &Path) -> anyhow::Result<Self> {
        let path = backup.join(NAME);
        let text = fs::read(&path)
            .with_context(|| format!("{} is no whole backup: it has no {NAME}", backup.display()))?;
        let manifest: Self = serde_json::from_slice(&text).with_context(|| path.display().to_string())?;
        if manifest.form != FORM {
            bail!("{}: form {}, this program reads form {FORM}", path.display(), manifest.form);
        }
        let found = hashes(backup)?;
        for (name, hash) in &manifest.files {
            match found.get(name) {
                Some(there) if there == hash => {}
                Some(_) => bail!("{}: damaged or changed since it was taken", backup.join(name).display()),
                None => bail!("{}: missing", backup.join(name).display()),
            }
        }
        if let Some(strange) = found.keys().find(|name| !manifest.files.contains_key(*name)) {
            bail!("{}: the backup does not name this file", backup.join(strange).display());
        }
        Ok(manifest)
    }
}

/// The hash of every file below a folder, the manifest left out.
///
/// # Errors
/// When a file cannot be read.
pub fn hashes(folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, Hash>> {
    let mut found = BTreeMap::new();
    for path in files_below(folder)? {
        let name = path.strip_prefix(folder)?.to_owned();
        if name != Path::new(NAME) {
            let hash = fs::File::open(&path).and_then(Hash::of_reader);
            found.insert(name, hash.with_context(|| format!("cannot read {}", path.display()))?);
        }
    }
    Ok(found)
}

/// Every file below a folder, in order.
fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { folders.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_that_is_not_whole_is_named_by_its_file() {
        let dir = std::env::temp_dir().join(format!("lianxi-manifest-{}", std::process::id()));
        fs::create_dir_all(dir.join(super::super::BOOKS)).expect("folder");
        let book = dir.join("books/intake.db");
        fs::write(&book, "rows").expect("book");
        assert!(Manifest::verified(&dir).is_err(), "no manifest yet");
        let at = (UnixMillis(1), UnixMillis(2));
        let books = vec!["intake".to_owned()];
        Manifest::over(&dir, at, "sqlite", books, BTreeMap::new())
            .and_then(|m| m.write(&dir))
            .expect("written");
        assert_eq!(Manifest::verified(&dir).expect("whole").books, ["intake"]);
        fs::write(&book, "rowz").expect("changed");
        let why = Manifest::verified(&dir).expect_err("changed").to_string();
        assert!(why.contains("intake.db"), "{why}");
        fs::write(&book, "rows").expect("mended");
        fs::write(dir.join("more"), "").expect("a stranger");
        assert!(Manifest::verified(&dir).expect_err("a stranger").to_string().contains("more"));
        fs::remove_dir_all(&dir).expect("cleared");
    }
}
