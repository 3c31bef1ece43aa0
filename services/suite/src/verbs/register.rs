//! `lianxi register`: a submission through the REST face.

use std::io::Read;

use anyhow::Context;
use contracts::intake::commands::{Register, Registration};

use super::door;
use crate::{cli::RegisterArgs, config::Config, say};

/// Registers it and prints the receipt.
///
/// # Errors
/// A refusal, told with its field.
pub async fn run(config: &Config, args: &RegisterArgs) -> anyhow::Result<()> {
    let text = if args.file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        std::fs::read_to_string(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?
    };
    let command: Register = serde_json::from_str(&text).context("the submission")?;
    let client = door::caller(config, &args.door).await?;
    match client.post_once("/api/v1/submissions", &args.key, &command).await? {
        Registration::Registered(receipt) => say::line(&serde_json::to_string_pretty(&receipt)?),
        Registration::Unconfirmed { warnings } => {
            say::line(&serde_json::to_string_pretty(&warnings)?);
            anyhow::bail!(
                "nothing was registered: check these fields, then send again with \"warnings_confirmed\": true"
            );
        }
    }
    Ok(())
}
