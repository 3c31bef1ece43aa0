//! What the command line prints: the one place that writes to the terminal.

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Bad input or settings: `EX_USAGE`.
const USAGE: u8 = 64;

/// Prints a line for people or programs.
pub fn line(text: &str) {
    // A reader who has gone away has seen enough.
    drop(writeln!(io::stdout(), "{text}"));
}

/// Prints a line of progress.
pub fn progress(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}

/// Says what went wrong, the whole chain once.
#[must_use]
pub fn failed(error: &anyhow::Error) -> ExitCode {
    drop(writeln!(io::stderr(), "lianxi: {error:#}"));
    ExitCode::from(USAGE)
}
