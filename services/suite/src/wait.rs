//! Waiting for a value, bounded: the command line's and the demo's only way to wait.

use std::{future::Future, time::Duration};

use anyhow::bail;

/// How long anything may take before the command gives up.
const AT_MOST: Duration = Duration::from_secs(120);
/// How often it looks.
const EVERY: Duration = Duration::from_millis(40);

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
            bail!("waited {} s and it did not come true: {what}", AT_MOST.as_secs());
        }
        tokio::time::sleep(EVERY).await;
    }
}
