//! The meeting solver against its references: sets of the public benchmark, and an office's month.
//!
//! Quick by default; `make bench ARGS='-- meetings 60'` gives each set 60 CPU-seconds, three seeds each, and
//! measures nothing else. The public sets are read from the folder that `LIANXI_MEETINGS` names.

use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use solver::{
    budget::{Budget, Stop, thread_cpu},
    office::{self, Level, Model, generate::Sizes},
    order,
    timetable::{self, Problem},
};
use suite::say;

use crate::report::{Bound, Row};

/// The folder of the public sets.
const FOLDER: &str = "LIANXI_MEETINGS";
/// CPU-seconds of a set, unless said otherwise.
const SECONDS: f64 = 2.0;
/// Seeds of a set; the median counts.
const SEEDS: u64 = 3;

/// CPU-seconds a set that the command line asks for, when it asks for these rows alone.
pub fn asked() -> anyhow::Result<Option<f64>> {
    let mut words = std::env::args().skip_while(|word| word != "meetings").skip(1);
    if !std::env::args().any(|word| word == "meetings") {
        return Ok(None);
    }
    let seconds = words.find(|word| !word.starts_with('-'));
    let seconds = seconds.map(|s| s.parse().context("meetings SECONDS: a number")).transpose()?;
    Ok(Some(seconds.unwrap_or(SECONDS)))
}

/// Every row.
pub fn rows(seconds: Option<f64>) -> anyhow::Result<Vec<Row>> {
    let seconds = seconds.unwrap_or(SECONDS);
    let mut rows = Vec::new();
    match std::env::var(FOLDER).map(PathBuf::from) {
        Ok(folder) => rows.extend(public(&folder, seconds)?),
        Err(_) => say::progress(&format!("the public meeting sets are left out: {FOLDER} names no folder")),
    }
    for (meetings, first) in [(200, Some(2.0)), (400, None), (800, Some(10.0))] {
        rows.push(set(
            &timetable::generate(meetings, 7),
            &format!("{meetings} meetings, generated"),
            seconds,
            first,
        ));
    }
    rows.push(month(seconds)?);
    Ok(rows)
}

fn public(folder: &std::path::Path, seconds: f64) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (name, what, reference) in [
        (
            "50meetings-160timegrains-5rooms.json",
            "50 meetings",
            "Timefold -2/-164/-9725, 0/-200/-9537; annealing 0/-142/-9269",
        ),
        (
            "100meetings-320timegrains-5rooms.json",
            "100 meetings",
            "Timefold 0/-103/-24427, 0/-82/-24670; annealing 0/-57/-22874",
        ),
    ] {
        let file = folder.join(name);
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        rows.push(set(&Problem::read(&text)?, &format!("{what}; {reference}"), seconds, None));
    }
    let agendas = std::fs::read_dir(folder.join("agenda")).context("agenda")?;
    let (mut slowest, mut found) = (0.0_f64, Vec::new());
    for file in agendas {
        let file = file?.path();
        let agenda = order::read_dzn(&std::fs::read_to_string(&file)?)?;
        let begun = thread_cpu();
        let ordered = order::order(&agenda)?;
        slowest = slowest.max((thread_cpu() - begun).as_secs_f64());
        found.push(format!(
            "{} {}",
            file.file_stem().unwrap_or_default().to_string_lossy(),
            ordered.presence
        ));
    }
    found.sort();
    rows.push(
        Row::new("m", "slowest exact agenda order, CPU", slowest, "s")
            .within(Bound::AtMost { must: 1.0, aim: 0.3 })
            .noting(found.join(", ")),
    );
    Ok(rows)
}

/// One set, three seeds: the row's value is the time to the first plan without a hard conflict.
fn set(problem: &Problem, what: &str, seconds: f64, first: Option<f64>) -> Row {
    say::progress(&format!("meetings: {what}"));
    let budget = Budget::Cpu(Duration::from_secs_f64(seconds));
    let mut found: Vec<timetable::Outcome> = (1..=SEEDS)
        .map(|seed| {
            let options = timetable::Options { budget, seed, threads: 1 };
            timetable::solve(problem, &options, &Stop::default(), &mut |_, _| {})
        })
        .collect();
    found.sort_by_key(|f| f.score);
    let scores: Vec<String> = found.iter().rev().map(|f| f.score.to_string()).collect();
    let slowest =
        found.iter().map(|f| f.feasible_after.map_or(f64::INFINITY, |d| d.as_secs_f64())).fold(0.0, f64::max);
    let row = Row::new("m", "first plan without hard conflict, CPU", slowest, "s")
        .noting(format!("{what}: {} in {seconds} CPU-s, best, median, worst", scores.join(", ")));
    match first {
        Some(must) => row.within(Bound::AtMost { must, aim: must / 4.0 }),
        None => row,
    }
}

/// Planted months: those of the bench, each with the seed of its number.
const MONTHS: u64 = 4;

/// An office's months: what two CPU-seconds give, as a share of what a further minute gives (a few seconds when
/// the bench is quick); all months together, so that no lucky one counts.
fn month(seconds: f64) -> anyhow::Result<Row> {
    let longer = if seconds >= 60.0 { 62.0 } else { 6.0 };
    let (mut short, mut long, mut notes) = (0, 0, Vec::new());
    for seed in 1..=MONTHS {
        say::progress(&format!("meetings: an office's month, {seed} of {MONTHS}"));
        let planted = office::generate::planted(Sizes::MONTH, seed);
        let model = Model::new(&planted.problem, &calendar::Calendar::shipped())?;
        let solve = |seconds: f64| {
            let budget = Budget::Cpu(Duration::from_secs_f64(seconds));
            let options = office::Options { budget, seed, threads: 1 };
            office::solve(&model, None, &options, &Stop::default(), &mut |_, _| {}).cost
        };
        let (two, more) = (solve(2.0), solve(longer));
        anyhow::ensure!(two.at(Level::Hard) == 0, "month {seed}: a planted plan was missed");
        short += two.at(Level::Comfort);
        long += more.at(Level::Comfort);
        notes.push(format!("{two} and {more}"));
    }
    #[expect(clippy::cast_precision_loss, reason = "a share; its last digits do not count")]
    let share = short as f64 / long.max(1) as f64;
    Ok(Row::new("m", "an office's months: cost after 2 CPU-s ÷ longer", share, "")
        .within(Bound::AtMost { must: 1.05, aim: 1.0 })
        .noting(format!("after 2 and {longer} s: {}", notes.join(", "))))
}
