//! `lianxi import`: rows of a file through the REST face.

use anyhow::{Context, ensure};

use super::door;
use crate::{
    cli::ImportArgs,
    config::Config,
    import::{self, mapping::Mapping},
    say,
};

/// Imports, prints the sums and where the report lies.
///
/// # Errors
/// A file or mapping that does not fit, nobody answers, or counts that differ.
pub async fn run(config: &Config, args: ImportArgs) -> anyhow::Result<()> {
    let mapping = Mapping::read(&args.mapping)?;
    let desk = door::caller(config, &args.door).await?;
    let confirmer = match &args.confirm_as {
        None => None,
        Some(login) => {
            let password = std::env::var("LIANXI_CONFIRM_PASSWORD")
                .context("set LIANXI_CONFIRM_PASSWORD to the password of --confirm-as")?;
            Some(door::open(config, &args.door)?.sign_in(login, &password).await?)
        }
    };
    let report = args.report.unwrap_or_else(|| format!("import-{}.csv", mapping.source.name).into());
    let wanted = import::Wanted { file: args.file, mapping, dry_run: args.dry_run, report, desk, confirmer };
    let summary = import::run(&wanted).await?;
    say::line(&summary.to_string());
    say::line(&format!("逐行结果 report: {}", wanted.report.display()));
    ensure!(wanted.dry_run || summary.is_whole(), "the counts differ; run the same again and compare");
    Ok(())
}
