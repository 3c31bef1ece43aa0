//! The node at work: relay, consumer and endpoints until asked to end.

use std::time::Duration;

use bus::{BusError, Serving, Shutdown};
use db::StoreError;
use telemetry::Check;

use crate::{Deps, parts, service, store::sealed};

/// Shortest and longest wait before the endpoints are offered again, in milliseconds.
const BACKOFF_MS: (u64, u64) = (100, 5_000);

/// The node did not start, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The bus can never serve these endpoints: wrong side, wrong name. Operator.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// The store is away, or holds what the key ring cannot open: a key file is lost. Operator; nothing is
    /// sealed under another key before it is found.
    #[error("the agency's store: {0}")]
    Store(#[from] StoreError),
}

/// Runs the node until asked to end, and ends cleanly. A bus that is away is waited for.
///
/// # Errors
/// [`RunError`].
pub async fn run(deps: Deps, shutdown: Shutdown) -> Result<(), RunError> {
    sealed::check_ring(&deps.db, &deps.key_ring).await?;
    let parts = parts(&deps);
    let serving = serve(&deps, shutdown.clone());
    let relaying = async {
        parts.relay.run(shutdown.clone()).await;
        Ok(())
    };
    let consuming = async {
        parts.consumer.run(shutdown.clone()).await;
        Ok(())
    };
    let check = deps.health.check(&format!("agency_{}.announcements", deps.code));
    // On the heap: a call over HTTP is large beside the rest.
    let announcing = Box::pin(async {
        let step = || parts.announcer.step(deps.clocks.technical.now());
        bus::keep_sweeping(&check, &parts.heard, shutdown.clone(), step).await;
        Ok(())
    });
    futures::future::try_join4(serving, relaying, consuming, announcing).await?;
    tracing::info!(agency = %deps.code, "the agency's node has ended");
    Ok(())
}

/// Offers the endpoints until asked to end.
async fn serve(deps: &Deps, mut shutdown: Shutdown) -> Result<(), BusError> {
    let check = deps.health.check(&format!("agency_{}.endpoints", deps.code));
    let Some(serving) = offer(deps, &check, shutdown.clone()).await? else { return Ok(()) };
    check.pass();
    bus::wait(&mut shutdown).await;
    serving.stop().await;
    Ok(())
}

/// Waits for a bus that is away.
async fn offer(deps: &Deps, check: &Check, mut shutdown: Shutdown) -> Result<Option<Serving>, BusError> {
    let mut pause_ms = BACKOFF_MS.0;
    loop {
        match deps.bus.serve(service(deps)).await {
            Ok(serving) => return Ok(Some(serving)),
            Err(error) if error.passes() => check.fail(&error.to_string()),
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = bus::wait(&mut shutdown) => return Ok(None),
            () = tokio::time::sleep(Duration::from_millis(pause_ms)) => {}
        }
        pause_ms = (pause_ms * 2).min(BACKOFF_MS.1);
    }
}
