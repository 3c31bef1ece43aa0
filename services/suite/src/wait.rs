//! Waiting for a value, bounded: how the command line and the demo wait. A rehearsal of `conformance` has a time of
//! its own.

use std::{future::Future, time::Duration};

/// How long anything may take before the command gives up.
const AT_MOST: Duration = Duration::from_secs(120);
/// How often it looks.
const EVERY: Duration = Duration::from_millis(40);

/// It did not come true.
#[derive(Debug, thiserror::Error)]
#[error("waited {} s and it did not come true: {what}", at_most.as_secs())]
pub struct TimeRanOut {
    at_most: Duration,
    what: String,
}

/// Looks until there is a value.
///
/// # Errors
/// The first error, or that time ran out: the message says for what.
pub async fn until<T, F>(what: &str, look: impl FnMut() -> F) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    within(AT_MOST, EVERY, what, look).await
}

/// The same, for so long at most and so often.
///
/// # Errors
/// As [`until`].
pub async fn within<T, F>(
    at_most: Duration,
    every: Duration,
    what: &str,
    mut look: impl FnMut() -> F,
) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let begun = tokio::time::Instant::now();
    loop {
        if let Some(value) = look().await? {
            return Ok(value);
        }
        if begun.elapsed() > at_most {
            return Err(TimeRanOut { at_most, what: what.to_owned() }.into());
        }
        tokio::time::sleep(every).await;
    }
}
