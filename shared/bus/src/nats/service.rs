//! Serving commands as endpoints of the NATS Services API, so that stock NATS tools find and measure them.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_nats::{
    Client, HeaderMap,
    service::{self, ServiceExt, endpoint},
};
use futures::{FutureExt, StreamExt};
use kernel::Refusal;
use tokio::{sync::Semaphore, task::JoinHandle};
use tracing::Instrument;

use crate::{
    BusError,
    call::{
        ACTOR, Call, ERROR, ERROR_CODE, EndpointHandler, HANDLER_FAILED, IDEMPOTENCY_KEY, Reply, Service,
        TRACEPARENT,
    },
};

/// How long a service that ends waits for the commands it has begun.
const DRAIN: Duration = Duration::from_secs(5);

/// Refusals by endpoint; shown in `$SRV.STATS`.
type Refusals = Arc<HashMap<String, AtomicU64>>;

/// A service at work. Dropping it ends it without waiting.
pub struct NatsServing {
    service: Option<service::Service>,
    loops: Vec<JoinHandle<()>>,
    permits: Arc<Semaphore>,
    concurrency: u32,
}

impl NatsServing {
    pub(super) async fn start(client: &Client, spec: Service) -> Result<Self, BusError> {
        let refusals: Refusals =
            Arc::new(spec.endpoints.iter().map(|e| (e.command.clone(), AtomicU64::new(0))).collect());
        let counted = refusals.clone();
        let running = client
            .service_builder()
            .description(spec.description.clone())
            .stats_handler(move |command, _| stats(&counted, &command))
            .start(spec.name.clone(), spec.version.clone())
            .await
            .map_err(|e| BusError::Setup(format!("service `{}`: {e}", spec.name)))?;
        let permits = Arc::new(Semaphore::new(spec.concurrency));
        let mut serving = Self {
            service: Some(running),
            loops: Vec::new(),
            permits: permits.clone(),
            concurrency: u32::try_from(spec.concurrency).unwrap_or(u32::MAX),
        };
        for endpoint in spec.endpoints {
            let Some(running) = &serving.service else { continue };
            let requests = running
                .endpoint_builder()
                .name(endpoint.command.clone())
                .add(endpoint.subject.clone())
                .await
                .map_err(|e| BusError::Setup(format!("endpoint `{}`: {e}", endpoint.subject)))?;
            let one = OneEndpoint {
                service: spec.name.clone(),
                command: endpoint.command,
                handler: endpoint.handler,
                refusals: refusals.clone(),
            };
            serving.loops.push(tokio::spawn(Arc::new(one).run(requests, permits.clone())));
        }
        Ok(serving)
    }

    /// Takes no more commands and waits, for a bounded time, for those at work.
    pub async fn stop(mut self) {
        if let Some(service) = self.service.take() {
            // Stopping only unsubscribes; it has nothing to fail at.
            drop(service.stop().await);
        }
        drop(tokio::time::timeout(DRAIN, self.permits.acquire_many(self.concurrency)).await);
    }
}

impl Drop for NatsServing {
    fn drop(&mut self) {
        self.loops.iter().for_each(JoinHandle::abort);
    }
}

fn stats(refusals: &Refusals, command: &str) -> serde_json::Value {
    let refused = refusals.get(command).map_or(0, |n| n.load(Ordering::Relaxed));
    serde_json::json!({ "refused": refused })
}

struct OneEndpoint {
    service: String,
    command: String,
    handler: EndpointHandler,
    refusals: Refusals,
}

impl OneEndpoint {
    /// Takes requests one after the other; each is worked on in its own task once there is room.
    async fn run(self: Arc<Self>, mut requests: endpoint::Endpoint, permits: Arc<Semaphore>) {
        while let Ok(permit) = permits.clone().acquire_owned().await {
            let Some(request) = requests.next().await else { break };
            let this = self.clone();
            tokio::spawn(async move {
                this.answer(request).await;
                drop(permit);
            });
        }
    }

    async fn answer(&self, request: service::Request) {
        let call = call_of(&request.message);
        let span = telemetry::spans::command(
            &self.service.replace('-', "_"),
            &self.command,
            call.traceparent.as_deref(),
        );
        let subject = request.message.subject.to_string();
        let work = std::panic::AssertUnwindSafe(self.handler.answer(&subject, call));
        let reply =
            work.catch_unwind().instrument(span).await.unwrap_or_else(|_| Err(HANDLER_FAILED.refuse()));
        if reply.is_err()
            && let Some(count) = self.refusals.get(&self.command)
        {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let (body, headers) = wire(reply);
        if let Err(e) = request.respond_with_headers(Ok(body.into()), headers).await {
            // The caller repeats with its idempotency key.
            tracing::warn!(service = self.service, command = self.command, "answer not sent: {e}");
        }
    }
}

fn call_of(message: &async_nats::Message) -> Call {
    let header =
        |name: &str| message.headers.as_ref().and_then(|h| h.get(name)).map(|v| v.as_str().to_owned());
    Call {
        actor: header(ACTOR),
        idempotency_key: header(IDEMPOTENCY_KEY),
        traceparent: header(TRACEPARENT),
        body: message.payload.to_vec(),
    }
}

/// A refusal travels whole as the body, and in short in the headers that stock tools read.
fn wire(reply: Reply) -> (Vec<u8>, HeaderMap) {
    let mut headers = HeaderMap::new();
    match reply {
        Ok(body) => (body, headers),
        Err(refusal) => {
            headers.insert(ERROR_CODE, refusal.kind.status().to_string());
            headers.insert(ERROR, refusal.code.as_ref());
            (refusal_body(&refusal), headers)
        }
    }
}

fn refusal_body(refusal: &Refusal) -> Vec<u8> {
    // A refusal is made of texts; it always serialises. An empty body is read as an unreadable one.
    serde_json::to_vec(refusal).unwrap_or_default()
}
