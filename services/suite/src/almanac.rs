//! Working days that became known after the suite was built: `calendar.csv` of the data folder, loaded by
//! `lianxi calendar load` and followed by every process while it runs.

use std::{fs, path::Path, sync::Arc};

use anyhow::{Context, ensure};
use bus::Shutdown;
use calendar::Calendar;

use crate::{followed, place::write_whole, site::Site};

/// The years that were loaded here.
pub const FILE: &str = "calendar.csv";
/// First line of the file.
const HEADER: &str = "year,date,kind,name,notice";

/// Takes the years of a folder's file; says whether that changed anything.
///
/// # Errors
/// When the file makes no sense; nothing changes then.
pub fn read(dir: &Path, calendar: &Calendar) -> anyhow::Result<bool> {
    match fs::read_to_string(dir.join(FILE)) {
        Ok(text) => calendar.learn(&text).context(FILE),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).context(FILE),
    }
}

/// Adds years to a folder's file, each in place of what the file said of it. Returns them. All or nothing.
///
/// # Errors
/// When a line is wrong or a year is not a whole arrangement.
pub fn load(dir: &Path, text: &str) -> anyhow::Result<Vec<i32>> {
    let text = text.trim_start_matches('\u{feff}');
    let years = Calendar::shipped().load_csv(text).context("the working days")?;
    ensure!(!years.is_empty(), "no year in it: lines are {HEADER}");
    let file = dir.join(FILE);
    let known = fs::read_to_string(&file).unwrap_or_default();
    let replaced = |line: &&str| {
        let year = line.split(',').next().and_then(|year| year.trim().parse().ok());
        year.is_some_and(|year: i32| !years.contains(&year))
    };
    let rows = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let mut lines = vec![HEADER.to_owned()];
    lines.extend(rows(&known).iter().map(String::as_str).filter(replaced).map(str::to_owned));
    lines.extend(rows(text));
    let whole = lines.join("\n") + "\n";
    Calendar::shipped().load_csv(&whole).context("together with the years loaded before")?;
    write_whole(&file, whole.as_bytes())?;
    Ok(years)
}

/// Follows the file until asked to end. Every part of the process computes with the years from then on.
///
/// # Errors
/// As [`followed::follow`].
pub async fn follow(site: Arc<Site>, shutdown: Shutdown) -> anyhow::Result<()> {
    followed::follow(&site, (FILE, "working days"), shutdown, || {
        if read(site.place.dir(), &site.locality.calendar)? {
            tracing::info!(years = ?site.locality.calendar.years().last(), "working days were loaded");
        }
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up arrangement, whole enough to be read: thirteen days off.
    fn year(year: i32, lunar_feb: u32) -> String {
        let off = [
            (1, 1, "元旦"),
            (4, 5, "清明节"),
            (5, 1, "劳动节"),
            (5, 2, "劳动节"),
            (6, 9, "端午节"),
            (9, 15, "中秋节"),
        ];
        let more = [(10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节")];
        let spring = (0..4).map(|n| (2, lunar_feb + n, "春节"));
        let days = off.into_iter().chain(more).chain(spring);
        let rows: String = days
            .map(|(m, d, name)| format!("{year},{year}-{m:02}-{d:02},off,{name},虚构〔{year}〕1号\n"))
            .collect();
        format!("{HEADER}\n{rows}")
    }

    #[test]
    fn a_year_that_is_loaded_is_known_to_every_clone_and_a_torn_one_changes_nothing() {
        let dir = std::env::temp_dir().join(format!("lianxi-almanac-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("folder");
        let (calendar, other) = (Calendar::shipped(), Calendar::shipped());
        let clone = calendar.clone();
        assert!(!read(&dir, &calendar).expect("no file") && clone.year(2027).is_none());
        assert!(load(&dir, "year,date,kind,name,notice\n2027,2027-01-01,off,元旦,x\n").is_err(), "torn");
        assert_eq!(load(&dir, &year(2027, 6)).expect("loaded"), [2027]);
        assert!(read(&dir, &calendar).expect("read"));
        assert!(clone.year(2027).is_some() && other.year(2027).is_none());
        assert!(!read(&dir, &calendar).expect("again"), "nothing new");
        assert_eq!(load(&dir, &year(2028, 1)).expect("one more"), [2028]);
        assert_eq!(load(&dir, &year(2027, 7)).expect("corrected"), [2027]);
        assert!(read(&dir, &calendar).expect("read"));
        assert!(clone.year(2028).is_some());
        let spring = "2027-02-10".parse().expect("a day");
        assert_eq!(clone.is_working(spring).map_err(|e| e.year), Ok(false), "the correction counts");
        assert_eq!(clone.generation(), 2);
        fs::remove_dir_all(&dir).expect("cleared");
    }
}
