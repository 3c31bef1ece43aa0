//! Taking a backup: `lianxi backup take --to FOLDER`.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use db::together::copy_together;
use kernel::Clock;

use super::{
    ALMANAC, BOOKS, CATALOGUES, CLOCK, FILES, ORDINANCES, REGISTER, manifest, manifest::Manifest, postgres,
};
use crate::{books, site::Site};

/// What was taken.
pub struct Taken {
    /// The backup's folder.
    pub folder: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
    /// How long writers had to wait.
    pub pause: Duration,
}

/// Takes a backup of the office at this data folder into a new folder below `to`, while it runs.
///
/// # Errors
/// When a book or the disk fails; what was begun is left without a manifest, and is no backup.
pub async fn take(site: &Site, to: &Path, keys_to: Option<&Path>) -> anyhow::Result<Taken> {
    let now = (site.place.clocks.technical.now(), site.place.clocks.business.now());
    let folder = private(&to.join(format!("lianxi-{}", stamp(now.0))))?;
    let (names, pause) = books_into(site, &private(&folder.join(BOOKS))?).await?;
    // After the books: a file that a row names was there before the row.
    copy_folder(&site.place.dir().join(FILES), &folder.join(FILES)).await?;
    for name in [CLOCK, REGISTER, ALMANAC, ORDINANCES, CATALOGUES] {
        let file = site.place.dir().join(name);
        if file.exists() {
            fs::copy(&file, folder.join(name)).with_context(|| file.display().to_string())?;
        }
    }
    let keys = site.place.dir().join("keys");
    if let Some(apart) = keys_to {
        fs::create_dir_all(apart)?;
        let apart = private(&apart.join(format!("lianxi-keys-{}", stamp(now.0))))?;
        copy_folder(&keys, &apart.join("keys")).await?;
    }
    let store = if site.config.database.url.is_empty() { "sqlite" } else { "postgres" };
    let manifest = Manifest::over(&folder, now, store, names, manifest::hashes(&keys)?)?;
    manifest.write(&folder)?;
    site.place.note_backup(now.0)?;
    Ok(Taken { folder, manifest, pause })
}

async fn books_into(site: &Site, to: &Path) -> anyhow::Result<(Vec<String>, Duration)> {
    let books = books::open(site).await?;
    let names: Vec<String> = books.iter().map(|book| book.name.clone()).collect();
    let taken = if site.config.database.url.is_empty() {
        let copies: Vec<_> =
            books.iter().map(|book| (book.db.clone(), to.join(format!("{}.db", book.name)))).collect();
        copy_together(&copies).await.context("copying the books")
    } else {
        // One snapshot of one database is one moment of every schema; nobody waits.
        postgres::dump(&site.config.database.url, &names, to).await.map(|()| Duration::ZERO)
    };
    books::close(books).await;
    Ok((names, taken?))
}

/// A new folder that its owner alone reads.
pub(super) fn private(path: &Path) -> anyhow::Result<PathBuf> {
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).with_context(|| format!("cannot make {}", above.display()))?;
    }
    fs::DirBuilder::new()
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    Ok(path.to_owned())
}

/// Copies a folder with its modes.
pub(super) async fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    let ended = tokio::process::Command::new("cp").args(["-a", "--"]).args([from, to]).output().await?;
    if !ended.status.success() {
        bail!("{}", String::from_utf8_lossy(&ended.stderr).trim());
    }
    Ok(())
}

/// `20261128T160532Z`
fn stamp(at: kernel::UnixMillis) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    at.format("%Y%m%dT%H%M%S%3fZ").to_string()
}
