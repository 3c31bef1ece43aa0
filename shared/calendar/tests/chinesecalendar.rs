//! 20,000 random limits, reckoned here and by PyPI `chinesecalendar` (another team's table, counted day by
//! day in Python): not one may differ. The package lies in the virtual environment that `make setup`
//! makes; `LIANXI_VENV` names another.
#![cfg(test)]

use std::{
    env,
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use calendar::{Calendar, batch};
use chrono::{Days, NaiveDate};
use rand::{RngExt, SeedableRng, rngs::StdRng};

const LIMITS: usize = 20_000;
/// Changing it changes the limits tried, nothing else.
const SEED: u64 = 20_260_803;

fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let venv = env::var_os("LIANXI_VENV").map_or_else(|| root.join(".tools/venv"), PathBuf::from);
    let python = venv.join("bin/python");
    assert!(
        python.exists(),
        "no Python at {}: run `make setup` (it installs chinesecalendar), or set LIANXI_VENV",
        python.display()
    );
    let ready = Command::new(&python).args(["-c", "import chinese_calendar"]).output().expect("python runs");
    assert!(
        ready.status.success(),
        "chinesecalendar is not installed in {}: run `make setup`",
        venv.display()
    );
    python
}

/// Limits of both units, spread over the table, that end inside it.
fn limits() -> String {
    let mut rng = StdRng::seed_from_u64(SEED);
    let first: NaiveDate = "2016-01-01".parse().expect("a date");
    let last: NaiveDate = "2026-12-31".parse().expect("a date");
    let span = (last - first).num_days().unsigned_abs();
    let mut text = String::from("unit,start,days\n");
    for n in 0..LIMITS {
        let start = rng.random_range(0..span - 40);
        let room = span - start;
        // Of twenty days at least seven are worked, of many about two in three.
        let (unit, most) = if n % 2 == 0 { ('N', room) } else { ('W', (room - 20) * 6 / 10) };
        let days = rng.random_range(0..=most.min(if n % 10 < 8 { 120 } else { 4000 }));
        let _ = writeln!(text, "{unit},{},{days}", first + Days::new(start));
    }
    text
}

fn ask(python: &Path, limits: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chinesecalendar.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = limits.to_owned();
    // Written from another thread: the script answers while it reads, and both pipes are finite.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("python ends");
    writer.join().expect("the writer ends").expect("the limits are written");
    assert!(output.status.success(), "the script failed");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn twenty_thousand_random_limits_agree_with_chinesecalendar() {
    let python = python();
    let limits = limits();
    let mut ours = Vec::new();
    let report = batch(limits.as_bytes(), &mut ours, &Calendar::shipped()).expect("a batch");
    assert_eq!((report.limits, report.provisional), (20_000, 0));
    let ours = String::from_utf8(ours).expect("text");
    let theirs = ask(&python, &limits);
    let differing: Vec<_> = ours.lines().zip(theirs.lines()).filter(|(a, b)| a != b).take(10).collect();
    assert!(differing.is_empty(), "ours and theirs: {differing:#?}");
    assert_eq!(ours.lines().count(), theirs.lines().count());
}
