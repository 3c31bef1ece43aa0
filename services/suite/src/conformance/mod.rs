//! `lianxi conformance --agency CODE -- COMMAND…`: plays an office to an agency's own program, on a bus of its own,
//! and says in words what the program does wrong. A true office is never used: forged dispatches would break its
//! chain of numbers.

mod checks;
mod co;
mod conference;
mod judge;
mod rehearsal;
mod report;

use std::{path::Path, time::Duration};

use anyhow::bail;
use kernel::AgencyCode;

use crate::{config::Config, say};
use rehearsal::Rehearsal;
pub use report::{Finding, Report, Verdict};

/// What is rehearsed with whom.
pub struct Wanted {
    /// Whose consumer.
    pub agency: AgencyCode,
    /// How it is started; `{url}`, `{agency}`, `{nkey}`, `{sealing_key}`, `{dir}` stand for what it is given. Empty:
    /// somebody starts it by hand.
    pub command: Vec<String>,
    /// How long one answer may take.
    pub within: Duration,
}

/// Rehearses and prints; wrong is an error.
///
/// # Errors
/// When the office of the rehearsal cannot be played, or the consumer fails a check.
pub async fn run(config: &Config, wanted: Wanted) -> anyhow::Result<()> {
    let dir = config.data.dir.join(format!("conformance-{}", wanted.agency));
    let report = rehearse(config, &dir, &wanted).await?;
    for finding in &report.findings {
        say::line(&finding.to_string());
    }
    match report.failed() {
        0 => Ok(()),
        n => bail!("{n} of {} checks failed", report.findings.len()),
    }
}

/// Plays the office in a folder of its own, which is made anew.
///
/// # Errors
/// When the office of the rehearsal cannot be played.
pub async fn rehearse(config: &Config, dir: &Path, wanted: &Wanted) -> anyhow::Result<Report> {
    let mut office = Rehearsal::open(config, dir, wanted).await?;
    if wanted.command.is_empty() {
        say::progress(&format!("waiting for the consumer; start it now with\n{}", office.given()));
    }
    let report = checks::all(&mut office).await;
    office.close().await?;
    report
}
