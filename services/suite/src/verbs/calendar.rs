//! `lianxi calendar …`: the calendar crate's own command line, with the place's profile when it has one; and `load`,
//! which gives a data folder the working days of one more year, while its processes run.

use std::io::{self, BufWriter, Read, Write};

use anyhow::Context;

use crate::{almanac, config::Config, place::Place, profile::Locality, say};

/// Runs the words after `calendar`.
///
/// # Errors
/// What the words or the input lack.
pub fn run(config: &Config, words: &[String]) -> anyhow::Result<()> {
    if let [verb, file] = words
        && verb == "load"
    {
        return load(config, file);
    }
    let (policy, calendar) = match Locality::read(&config.profile.dir) {
        Ok(locality) => {
            almanac::read(&config.data.dir, &locality.calendar)?;
            (locality.policy, locality.calendar)
        }
        // Outside an office the law alone counts.
        Err(_) => (calendar::Profile::national()?, calendar::Calendar::shipped()),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let alarms = calendar::cli::run(words, io::stdin().lock(), &mut out, &policy, &calendar)?;
    out.flush()?;
    drop(out);
    for alarm in alarms {
        say::progress(&alarm);
    }
    Ok(())
}

fn load(config: &Config, file: &str) -> anyhow::Result<()> {
    let mut text = String::new();
    if file == "-" {
        io::stdin().read_to_string(&mut text)?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
    }
    let place = Place::open(&config.data.dir)?;
    let years: Vec<_> = almanac::load(place.dir(), &text)?.iter().map(ToString::to_string).collect();
    say::line(&format!("{}: known here now, also to what runs; no restart", years.join(", ")));
    Ok(())
}
