//! 政策规则 that came into force after the suite was set up: `ordinances.json` of the data folder, a list of overlays in
//! the order in which they were loaded by `lianxi policy load`, followed by every process while it runs.

use std::{path::Path, sync::Arc};

use anyhow::{Context, ensure};
use bus::Shutdown;
use calendar::Profile;
use chrono::NaiveDate;

use crate::{followed, place::write_whole, site::Site};

/// The overlays that were loaded here.
pub const FILE: &str = "ordinances.json";
/// Overlays kept at most: each is a change of law or locality.
const MOST: usize = 200;

/// Takes the overlays that are new in a folder's file; says whether there was one.
///
/// # Errors
/// When the file makes no sense; nothing changes from there on.
pub fn read(dir: &Path, profile: &Profile) -> anyhow::Result<bool> {
    let texts = followed::texts(dir, FILE)?;
    let known = profile.generation();
    for text in texts.iter().skip(known) {
        profile.learn(text).context(FILE)?;
    }
    Ok(texts.len() > known)
}

/// Adds an overlay to a folder's file, over the place's profile and what was loaded before; gives the version of all
/// together. Its rules may hold from `today` on: a matter keeps the rules of its time.
///
/// # Errors
/// Which line or rule does not fit; nothing changes then.
pub fn load(dir: &Path, profile: &Profile, text: &str, today: NaiveDate) -> anyhow::Result<String> {
    let text = text.trim_start_matches('\u{feff}');
    if let Some(rule) = Profile::reaches_back(text, today)? {
        anyhow::bail!(
            "{rule}, field `valid_from`: lies before {today}; a matter keeps the rules of its time, so rules \
             that are loaded hold from today on at the earliest"
        );
    }
    let mut texts = followed::texts(dir, FILE)?;
    ensure!(texts.len() < MOST, "{MOST} overlays were loaded: put them into the profile's policy.toml first");
    let whole =
        texts.iter().try_fold(profile.clone(), |profile, text| profile.overlay(text)).context(FILE)?;
    let whole = whole.overlay(text)?;
    texts.push(text.to_owned());
    write_whole(&dir.join(FILE), serde_json::to_string(&texts)?.as_bytes())?;
    Ok(whole.version().to_owned())
}

/// Follows the file until asked to end. Every part of the process computes by the rules from then on.
///
/// # Errors
/// As [`followed::follow`].
pub async fn follow(site: Arc<Site>, shutdown: Shutdown) -> anyhow::Result<()> {
    followed::follow(&site, (FILE, "policy rules"), shutdown, || {
        if read(site.place.dir(), &site.locality.policy)? {
            tracing::info!(version = site.locality.policy.version(), "policy rules were loaded");
        }
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::fs;

    use calendar::RuleId;

    use super::*;

    fn rules(version: &str, days: u32, from: &str) -> String {
        format!(
            "version = \"{version}\"\ntitle = {{ zh = \"虚构\", en = \"Fictional\" }}\n\
             [laws.local]\nzh = \"《虚构办法》\"\nen = \"Fictional Rules\"\n\
             [[rules]]\nid = \"T20\"\nlaw = \"local\"\narticle = \"Art. 2\"\nstanding = \"local\"\n\
             days = {days}\nunit = \"natural\"\nvalid_from = \"{from}\"\n"
        )
    }

    #[test]
    fn rules_that_are_loaded_hold_from_their_day_on_for_every_clone_and_never_before_today() {
        let dir = std::env::temp_dir().join(format!("lianxi-ordinances-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("folder");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let profile = Profile::national().expect("national");
        let clone = profile.clone();
        let days = |on: &str| clone.terms(RuleId::T20, day(on)).ok().and_then(|terms| terms.days);
        let before = days("2026-09-30");
        let base = Profile::national().expect("national");
        let loaded = |text: &str| load(&dir, &base, text, day("2026-08-03"));

        let late = loaded(&rules("late", 9, "2026-08-02")).expect_err("yesterday");
        assert!(late.to_string().contains("T20") && late.to_string().contains("2026-08-03"), "{late}");
        assert!(loaded("version = 1").is_err());
        assert!(!read(&dir, &profile).expect("nothing was loaded"));

        assert_eq!(loaded(&rules("one", 20, "2026-10-01")).expect("loaded"), "national-1+one");
        assert_eq!(loaded(&rules("two", 25, "2026-12-01")).expect("loaded"), "national-1+one+two");
        assert!(read(&dir, &profile).expect("read") && !read(&dir, &profile).expect("again"));
        assert_eq!(
            (days("2026-09-30"), days("2026-10-01"), days("2026-12-01")),
            (before, Some(20), Some(25))
        );
        assert_eq!(clone.version(), "national-1+one+two");
        fs::remove_dir_all(&dir).expect("cleared");
    }
}
