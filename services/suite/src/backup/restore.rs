//! Bringing an office back: `lianxi backup restore --from FOLDER`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use chrono::{Datelike, NaiveDate};
use db::series;
use kernel::{Clock, civil_date};

use super::{
    ALMANAC, BOOKS, CATALOGUES, CLOCK, FILES, ORDINANCES, REGISTER,
    manifest::{self, Manifest},
    postgres,
    take::copy_folder,
};
use crate::{
    books::{self, Book},
    config::Config,
    place,
    site::Site,
};

/// The most days between a backup and its return for which numbers are left out.
const DAYS_AT_MOST: usize = 400;

/// What to bring back.
pub struct Wanted {
    /// The backup.
    pub from: PathBuf,
    /// The folder of its keys; those of the data folder when absent.
    pub keys_from: Option<PathBuf>,
    /// Numbers of each series that may have been given out after the backup.
    pub skip: i64,
}

/// What came back.
pub struct Restored {
    /// What the backup said.
    pub manifest: Manifest,
    /// Each series with its next number, by book.
    pub next: Vec<(String, String, i64)>,
}

/// Brings a backup back into an empty data folder. The next start of the part `bus` makes the streams anew from the
/// books; nothing else starts before.
///
/// # Errors
/// When the data folder is in use, the backup is not whole, the keys are others, or a log does not verify.
pub async fn restore(config: Config, wanted: &Wanted) -> anyhow::Result<Restored> {
    let data = config.data.dir.clone();
    if holds_anything(&data.join("db"))? || holds_anything(&data.join(FILES))? {
        bail!(
            "{} holds an office: stop it, move the folder away (do not delete it), and restore into an empty one",
            data.display()
        );
    }
    let manifest = Manifest::verified(&wanted.from)?;
    let store = if config.database.url.is_empty() { "sqlite" } else { "postgres" };
    if manifest.store != store {
        bail!("the backup is of {}, the settings say {store}: see database.url", manifest.store);
    }
    fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
    bring_keys(&data, wanted, &manifest).await?;
    place::mark_restored(&data, manifest.taken_at)?;
    bring_books(&config, &data, wanted).await?;
    let (_stop, shutdown) = bus::shutdown();
    let site = Site::open(config, shutdown)?;
    let books = books::open(&site).await?;
    let checked = check(&site, &books, &manifest, wanted.skip).await;
    books::close(books).await;
    Ok(Restored { manifest, next: checked? })
}

async fn bring_keys(data: &Path, wanted: &Wanted, manifest: &Manifest) -> anyhow::Result<()> {
    let keys = data.join("keys");
    if let Some(from) = &wanted.keys_from {
        if holds_anything(&keys)? {
            bail!("{} holds keys already: leave --keys-from out, or move them away", keys.display());
        }
        drop(fs::remove_dir(&keys));
        copy_folder(&from.join("keys"), &keys).await?;
    }
    let here = if keys.is_dir() { manifest::hashes(&keys)? } else { BTreeMap::new() };
    // Keys that were made since the backup do no harm.
    if manifest.keys.iter().any(|(name, hash)| here.get(name) != Some(hash)) {
        bail!(
            "these are not the keys of this backup: give the folder that `backup take --keys-to` wrote by --keys-from"
        );
    }
    Ok(())
}

async fn bring_books(config: &Config, data: &Path, wanted: &Wanted) -> anyhow::Result<()> {
    if config.database.url.is_empty() {
        drop(fs::remove_dir(data.join("db")));
        copy_folder(&wanted.from.join(BOOKS), &data.join("db")).await?;
    } else {
        postgres::restore(&config.database.url, &wanted.from.join(BOOKS)).await?;
    }
    drop(fs::remove_dir(data.join(FILES)));
    copy_folder(&wanted.from.join(FILES), &data.join(FILES)).await?;
    for name in [CLOCK, REGISTER, ALMANAC, ORDINANCES, CATALOGUES] {
        let file = wanted.from.join(name);
        if file.exists() {
            fs::copy(&file, data.join(name))?;
        }
    }
    Ok(())
}

/// Verifies every log, and leaves out the numbers that people may hold.
async fn check(
    site: &Site,
    books: &[Book],
    manifest: &Manifest,
    skip: i64,
) -> anyhow::Result<Vec<(String, String, i64)>> {
    let mut next = Vec::new();
    let (from, to) = (civil_date(manifest.business_at), civil_date(site.place.clocks.business.now()));
    for book in books {
        let report = db::audit::verify(&book.db).await?;
        if !report.is_sound() {
            bail!("the log of {} does not verify: {:?}", book.name, report.faults);
        }
        if skip > 0 {
            let begun = begun_since(&series::names(&book.db).await?, &book.name, (from, to));
            for (series, number) in series::skip(&book.db, skip, begun).await? {
                next.push((book.name.clone(), series, number));
            }
        }
    }
    Ok(next)
}

/// Series that may have been begun since the backup: registrations are counted by the day, documents by the year.
fn begun_since(known: &[String], book: &str, (from, to): (NaiveDate, NaiveDate)) -> Vec<String> {
    let mut begun: Vec<String> = Vec::new();
    if book == "intake" {
        let days = from.iter_days().take_while(|day| *day <= to).take(DAYS_AT_MOST);
        begun.extend(days.map(intake::number_series));
    }
    if to.year() > from.year() {
        let of_year = |name: &String| {
            let series = name.strip_suffix(&from.year().to_string())?.strip_suffix('-')?;
            Some(format!("{series}-{}", to.year()))
        };
        begun.extend(known.iter().filter_map(of_year));
    }
    begun
}

fn holds_anything(folder: &Path) -> anyhow::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| folder.display().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_days_and_of_a_year_that_began_since_are_left_out_too() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let span = (day("2026-12-30"), day("2027-01-01"));
        let known = ["信转-2026".to_owned(), "信转-2025".to_owned(), "other".to_owned()];
        assert_eq!(begun_since(&known, "routing", span), ["信转-2027"]);
        let days = begun_since(&[], "intake", span);
        assert_eq!(days, ["number-261230", "number-261231", "number-270101"]);
        assert!(begun_since(&known, "routing", (day("2026-08-03"), day("2026-08-04"))).is_empty());
    }
}
