//! Waiting for a value, with a deadline: the stories' only way to wait.

use std::{future::Future, time::Duration};

/// How long anything may take; a story that needs more has lost something.
const AT_MOST: Duration = Duration::from_secs(30);
/// How often it looks.
const EVERY: Duration = Duration::from_millis(25);

/// Looks until there is a value; panics with `what` when time runs out.
pub async fn wait_for<T, F>(what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let looking = async {
        let mut every = tokio::time::interval(EVERY);
        loop {
            every.tick().await;
            if let Some(value) = look().await {
                return value;
            }
        }
    };
    match tokio::time::timeout(AT_MOST, looking).await {
        Ok(value) => value,
        Err(_) => panic!("waited {} s: {what}", AT_MOST.as_secs()),
    }
}
