//! `lianxi calendar …`: the calendar crate's own command line, with the place's profile when it has one.

use std::io::{self, BufWriter, Write};

use crate::{config::Config, profile::Locality, say};

/// Runs the words after `calendar`.
///
/// # Errors
/// What the words or the input lack.
pub fn run(config: &Config, words: &[String]) -> anyhow::Result<()> {
    let (policy, calendar) = match Locality::read(&config.profile.dir) {
        Ok(locality) => (locality.policy, locality.calendar),
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
