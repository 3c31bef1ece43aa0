//! `lianxi suggest` without the suite: for measuring while one works on this crate.

use std::io::{self, BufWriter, Write};

fn main() -> Result<(), suggest::cli::CliError> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut out = BufWriter::new(io::stdout().lock());
    suggest::cli::run(&words, &mut out)?;
    Ok(out.flush()?)
}
