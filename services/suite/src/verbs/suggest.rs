//! `lianxi suggest …`: the suggestion engine's own command line.

use std::io::{self, BufWriter, Write};

/// Runs the words after `suggest`.
///
/// # Errors
/// What the words or the files lack.
pub fn run(words: &[String]) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    suggest::cli::run(words, &mut out)?;
    Ok(out.flush()?)
}
