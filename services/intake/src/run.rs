//! Intake as a running service, and its parts for a simulation that drives each by hand.

use std::{sync::Arc, time::Duration};

use bus::{BusError, ConsumerLoop, ConsumerSpec, Relay, Service, Serving, Shutdown};
use kernel::Refusal;

use crate::{
    Deps, Intake, KeysLost, Sweeps, check_keys,
    consumers::{NAME, RoutingFacts},
    svc,
};

/// How often uploads are looked through for expired ones, and what was not sketched yet.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// How long to wait before the bus is asked again to take the endpoints.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The moving parts.
pub struct Parts {
    /// Empties the outbox.
    pub relay: Relay,
    /// Apply routing's facts.
    pub consumers: Vec<ConsumerLoop>,
    /// What is done now and then.
    pub sweeps: Sweeps,
}

/// Intake did not start, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A key is lost.
    #[error(transparent)]
    Keys(#[from] KeysLost),
    /// The bus refuses the endpoints.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// The moving parts of intake.
#[must_use]
pub fn parts(deps: &Deps) -> Parts {
    parts_of(deps, &Intake::new(deps))
}

fn parts_of(deps: &Deps, intake: &Arc<Intake>) -> Parts {
    let relay = Relay::new(deps.db.clone(), deps.bus.clone(), "intake");
    let spec = ConsumerSpec::facts(NAME, &["routing"]);
    let facts = ConsumerLoop::new(deps.db.clone(), deps.bus.clone(), spec, Arc::new(RoutingFacts));
    Parts {
        relay: relay.reporting(deps.health.check("intake.relay")),
        consumers: vec![facts.reporting(deps.health.check("intake.consumer"))],
        sweeps: Sweeps::new(intake.clone()),
    }
}

/// The endpoints of intake.
#[must_use]
pub fn service(deps: &Deps) -> Service {
    svc::service(&deps.door, &Intake::new(deps))
}

/// Runs intake until it is asked to end.
///
/// # Errors
/// A lost key-encryption key, or a bus that refuses for good.
pub async fn run(deps: Deps, shutdown: Shutdown) -> Result<(), RunError> {
    check_keys(&deps.db, &deps.keys.ring, &deps.mint).await?;
    let intake = Intake::new(&deps);
    let Parts { relay, consumers, sweeps } = parts_of(&deps, &intake);
    let Some(serving) = serve(&deps, &intake, shutdown.clone()).await? else { return Ok(()) };
    let draining = consumers.iter().map(|consumer| consumer.run(shutdown.clone()));
    let end = shutdown.clone();
    futures::join!(
        relay.run(shutdown.clone()),
        futures::future::join_all(draining),
        sweep(&intake, &sweeps, shutdown),
        // No more commands at the end; what the last ones wrote lies in the outbox.
        async move {
            let mut end = end;
            bus::wait(&mut end).await;
            serving.stop().await;
        },
    );
    tracing::info!("intake has ended");
    Ok(())
}

/// Offers the endpoints; waits for a bus that is away.
async fn serve(
    deps: &Deps,
    intake: &Arc<Intake>,
    mut shutdown: Shutdown,
) -> Result<Option<Serving>, BusError> {
    loop {
        match deps.bus.serve(svc::service(&deps.door, intake)).await {
            Ok(serving) => return Ok(Some(serving)),
            Err(error) if error.passes() => tracing::warn!(%error, "the bus does not take the endpoints yet"),
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = bus::wait(&mut shutdown) => return Ok(None),
            () = tokio::time::sleep(RETRY_AFTER) => {}
        }
    }
}

/// Drops expired uploads and keeps the sketches in memory up to date, now and then.
async fn sweep(intake: &Intake, sweeps: &Sweeps, mut shutdown: Shutdown) {
    let mut told = false;
    loop {
        match sweeps.expire_uploads().await {
            Ok(0) => {}
            Ok(dropped) => tracing::info!(dropped, "expired uploads dropped"),
            Err(error) => tracing::warn!(%error, "expired uploads were not looked through"),
        }
        tokio::select! {
            () = bus::wait(&mut shutdown) => return,
            known = remember(intake, sweeps) => match known {
                Ok(known) if !told => {
                    tracing::info!(known, "sketches of submissions are in memory");
                    told = true;
                }
                Ok(_) => {}
                Err(refusal) => tracing::warn!(%refusal, "sketches were not taken in; tried again"),
            }
        }
        tokio::select! {
            () = bus::wait(&mut shutdown) => return,
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}

/// Sketches what was there before sketches were, and takes all of them in, so that the first look finds them.
async fn remember(intake: &Intake, sweeps: &Sweeps) -> Result<usize, Refusal> {
    while sweeps.sketch_earlier().await? > 0 {
        tokio::task::yield_now().await;
    }
    intake.repeats.catch_up().await.map_err(|e| crate::error::store(&e))
}
