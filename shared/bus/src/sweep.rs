//! What calls a sweep: a service has no timers of its own, a sweep is a function of `now`.

use std::{fmt::Display, future::Future, time::Duration};

use telemetry::Check;
use tokio::sync::Notify;

use crate::{Shutdown, asked, wait};

/// The net under the wake-up, and the pause after a failure.
const EVERY: Duration = Duration::from_secs(1);

/// Calls a sweep until asked to end: at once again while it found something, else when woken, or after a second.
pub async fn keep_sweeping<F, E>(check: &Check, woken: &Notify, mut shutdown: Shutdown, sweep: impl Fn() -> F)
where
    F: Future<Output = Result<usize, E>>,
    E: Display,
{
    while !asked(&shutdown) {
        match sweep().await {
            Ok(0) => check.pass(),
            // There may be more.
            Ok(_) => {
                check.pass();
                continue;
            }
            Err(error) => check.fail(&error.to_string()),
        }
        tokio::select! {
            () = wait(&mut shutdown) => {}
            () = woken.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
