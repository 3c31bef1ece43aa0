//! `lianxi suggest …`: the suggestion engine's own command line, and `learn`, which asks the office that runs.

use std::{
    io::{self, BufWriter, Write},
    time::Duration,
};

use anyhow::Context;
use clap::Parser;
use contracts::{
    codes::LearningEnd,
    routing::suggestions::{LearnNow, LearningAsked, SuggestionsView},
};

use super::door;
use crate::{cli::DoorArgs, config::Config, say, wait::within};

/// Learns anew at a running office from what people confirmed, and says how it ended.
#[derive(Parser)]
#[command(name = "lianxi suggest learn")]
struct Learn {
    /// The door.
    #[command(flatten)]
    door: DoorArgs,
    /// Seconds to wait for its end; it goes on without the waiting.
    #[arg(long, default_value_t = 600)]
    within: u64,
}

/// How often the end is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Runs the words after `suggest`.
///
/// # Errors
/// What the words or the files lack, or a refusal.
pub async fn run(config: &Config, words: &[String]) -> anyhow::Result<()> {
    if words.first().is_some_and(|verb| verb == "learn") {
        let args = Learn::try_parse_from(words)?;
        return learn(config, &args).await;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    suggest::cli::run(words, &mut out)?;
    Ok(out.flush()?)
}

async fn learn(config: &Config, args: &Learn) -> anyhow::Result<()> {
    let client = door::caller(config, &args.door).await?;
    let asked: LearningAsked = client.post("/api/v1/suggestions/learn", &LearnNow {}).await?;
    if asked.under_way {
        say::line("learning is under way already");
    }
    let what = "learning has ended (it goes on; GET /api/v1/suggestions tells how it ends)";
    let view = within(Duration::from_secs(args.within), LOOK_EVERY, what, || async {
        let view: SuggestionsView = client.get("/api/v1/suggestions").await?;
        Ok((!view.learning).then_some(view))
    });
    let view = view.await?;
    for kind in &view.kinds {
        let last = kind.last.as_ref().context("learning left no record")?;
        let in_use = kind.in_use.map_or_else(|| "none".to_owned(), |number| number.to_string());
        let end = match last.end {
            LearningEnd::Taken => "a new version is in use",
            LearningEnd::Kept => "the newcomer was no better, all stays as it was",
            LearningEnd::TooFew => "too few confirmed matters, or one outcome only",
            LearningEnd::Failed => "it did not finish; the log of routing says why",
        };
        say::line(&format!("{}: {} matters, {end}; version in use: {in_use}", kind.kind, last.texts));
    }
    Ok(())
}
