//! Waiting for a value, bounded: how the command line and the demo wait. A rehearsal of `conformance` has a time of
//! its own.

use std::{future::Future, time::Duration};

/// How long anything may take before the command gives up.
const AT_MOST: Duration = Duration::from_secs(120);
/// How often it looks.
const EVERY: Duration = Duration::from_millis(40);

/// It did not come true.
#[derive(Debug, thiserror::Error)]
#[error("waited {secs} s and it did not come true: {0}", secs = AT_MOST.as_secs())]
pub struct TimeRanOut(String);

/// Looks until there is a value.
///
/// # Errors
/// The first error, or that time ran out: the message says for what.
pub async fn until<T, F>(what: &str, mut look: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let begun = tokio::time::Instant::now();
    loop {
        if let Some(value) = look().await? {
            return Ok(value);
        }
        if begun.elapsed() > AT_MOST {
            return Err(TimeRanOut(what.to_owned()).into());
        }
        tokio::time::sleep(EVERY).await;
    }
}
