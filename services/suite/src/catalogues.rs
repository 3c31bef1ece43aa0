//! 内容分类目录 that came into force after the suite was set up: `catalogues.json` of the data folder, in the order in which
//! they were loaded by `lianxi catalogue load`, followed by the process that runs routing.

use std::{path::Path, sync::Arc};

use anyhow::{Context, anyhow, bail, ensure};
use bus::Shutdown;
use chrono::NaiveDate;
use routing::{
    Rules,
    domain::{
        catalogue::Catalogue,
        propose::Proposer,
        proposers::{Proposers, dropped},
    },
};

use crate::{followed, place::write_whole, site::Site};

/// The catalogues that were loaded here.
pub const FILE: &str = "catalogues.json";
/// Catalogues kept at most.
const MOST: usize = 100;

fn parse(text: &str) -> anyhow::Result<(NaiveDate, Catalogue)> {
    let catalogue: Catalogue = toml::from_str(text)?;
    let from = catalogue.valid_from.context("field `valid_from`: is missing")?;
    Ok((from, catalogue))
}

fn rules(catalogue: Catalogue) -> anyhow::Result<Proposer> {
    Proposer::try_new(catalogue).map_err(|e| anyhow!("field `keywords`: {}", e.0))
}

/// Takes the catalogues that are new in a folder's file; says whether there was one.
///
/// # Errors
/// When the file makes no sense; nothing changes from there on.
pub fn read(dir: &Path, proposers: &Proposers) -> anyhow::Result<bool> {
    let (texts, known) = (followed::texts(dir, FILE)?, proposers.loaded());
    for text in texts.iter().skip(known) {
        let (from, catalogue) = parse(text).context(FILE)?;
        proposers.learn(from, rules(catalogue).context(FILE)?);
    }
    Ok(texts.len() > known)
}

/// Adds a catalogue to a folder's file; gives its version and first day.
///
/// # Errors
/// What does not fit: a day before today, a version or a code that was used before; nothing changes then.
pub fn load(
    dir: &Path,
    first: &Catalogue,
    text: &str,
    today: NaiveDate,
) -> anyhow::Result<(String, NaiveDate)> {
    let text = text.trim_start_matches('\u{feff}');
    let (from, catalogue) = parse(text)?;
    ensure!(
        from >= today,
        "field `valid_from`: {from} lies before {today}; what was screened stays as it was"
    );
    ensure!(!catalogue.categories.is_empty(), "field `category`: there is none");
    let mut texts = followed::texts(dir, FILE)?;
    ensure!(texts.len() < MOST, "{MOST} catalogues were loaded: put the newest into the profile first");
    let mut before = vec![first.clone()];
    for text in &texts {
        before.push(parse(text).context(FILE)?.1);
    }
    for one in &before {
        ensure!(one.version != catalogue.version, "field `version`: `{}` was loaded before", one.version);
        if let Some(code) = dropped(one, &catalogue) {
            bail!("field `category`: `{code}` is missing; matters carry it, so it stays");
        }
    }
    let version = catalogue.version.clone();
    rules(catalogue)?;
    texts.push(text.to_owned());
    write_whole(&dir.join(FILE), serde_json::to_string(&texts)?.as_bytes())?;
    Ok((version, from))
}

/// Follows the file until asked to end.
///
/// # Errors
/// As [`followed::follow`].
pub async fn follow(site: Arc<Site>, rules: Arc<Rules>, shutdown: Shutdown) -> anyhow::Result<()> {
    followed::follow(&site, (FILE, "catalogues"), shutdown, || {
        if read(site.place.dir(), &rules.proposers)? {
            tracing::info!("a catalogue was loaded");
        }
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn text(version: &str, from: &str, codes: &[&str]) -> String {
        let one = |code: &&str| {
            format!("[[category]]\ncode = \"{code}\"\nname_zh = \"{code}\"\nname_en = \"{code}\"\n")
        };
        let categories: String = codes.iter().map(one).collect();
        format!("version = \"{version}\"\nvalid_from = \"{from}\"\n{categories}")
    }

    #[test]
    fn a_catalogue_that_is_loaded_counts_from_its_day_on_and_keeps_the_codes_in_use() {
        let dir = std::env::temp_dir().join(format!("lianxi-catalogues-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("folder");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let first: Catalogue = toml::from_str(&text("one", "2024-01-01", &["urban"])).expect("catalogue");
        let proposers = Proposers::new(rules(first.clone()).expect("rules"));
        let load = |text: &str| load(&dir, &first, text, day("2026-08-03"));
        for (wrong, field) in [
            (text("two", "2026-08-02", &["urban"]), "valid_from"),
            (text("one", "2026-10-01", &["urban"]), "version"),
            (text("two", "2026-10-01", &["school"]), "category"),
        ] {
            assert!(load(&wrong).expect_err(field).to_string().contains(field), "{wrong}");
        }
        assert!(!read(&dir, &proposers).expect("nothing was loaded"));
        load(&text("two", "2026-10-01", &["urban", "school"])).expect("loaded");
        assert!(read(&dir, &proposers).expect("read") && !read(&dir, &proposers).expect("again"));
        let known = |on: &str| proposers.on(day(on)).catalogue().get("school").is_some();
        assert_eq!((known("2026-09-30"), known("2026-10-01")), (false, true));
        fs::remove_dir_all(&dir).expect("cleared");
    }
}
