//! `lianxi`: reads the command line, does it, says in one line what went wrong.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = suite::cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return suite::say::failed(&anyhow::Error::from(error)),
    };
    match runtime.block_on(suite::verbs::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => suite::say::failed(&error),
    }
}
