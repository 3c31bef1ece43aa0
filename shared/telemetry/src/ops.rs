//! The operator's door of a process, on loopback alone: `/metrics`, `/healthz`, `/readyz`.

use std::{
    fmt::Write as _,
    io,
    net::{Ipv4Addr, SocketAddr},
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinError, JoinHandle},
};

use crate::{Health, metrics, metrics::CONTENT_TYPE as OPENMETRICS};

/// The routes: `/metrics` (OpenMetrics), `/healthz` (the process answers), `/readyz` (200, or 503
/// with a line for each check that does not pass).
pub fn ops_router(health: Health) -> Router {
    Router::new()
        .route("/metrics", get(|| async { ([(CONTENT_TYPE, OPENMETRICS)], metrics().render()) }))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(health)
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let missing = health.not_passing();
    if missing.is_empty() {
        return (StatusCode::OK, "ready\n".to_owned());
    }
    let lines = missing.iter().fold(String::new(), |mut text, (name, state)| {
        let _ = writeln!(text, "{name}: {state}");
        text
    });
    (StatusCode::SERVICE_UNAVAILABLE, lines)
}

/// A running operator's door.
pub struct OpsServer {
    addr: SocketAddr,
    task: JoinHandle<()>,
}

impl OpsServer {
    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Waits until it has ended after the shutdown signal.
    ///
    /// # Errors
    /// When its task panicked.
    pub async fn ended(self) -> Result<(), JoinError> {
        self.task.await
    }
}

/// Serves [`ops_router`] on a loopback port until `shutdown` turns true. A port that is taken is
/// replaced by a free one: monitors read the address from `data/run.json`.
///
/// # Errors
/// When no port of the loopback can be bound.
pub async fn serve_ops(
    health: Health,
    port: u16,
    mut shutdown: watch::Receiver<bool>,
) -> io::Result<OpsServer> {
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?
        }
        bound => bound?,
    };
    let addr = listener.local_addr()?;
    let task = tokio::spawn(async move {
        // The sender being gone means that the process ends, too.
        let ended = async move { drop(shutdown.wait_for(|down| *down).await) };
        if let Err(error) = axum::serve(listener, ops_router(health)).with_graceful_shutdown(ended).await {
            tracing::error!(%error, "the operator's door ended");
        }
    });
    Ok(OpsServer { addr, task })
}

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, to_bytes},
        http::Request,
    };
    use tower::ServiceExt;

    use super::*;

    async fn get(health: &Health, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).body(Body::empty()).expect("request");
        let response = ops_router(health.clone()).oneshot(request).await.expect("answer");
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 20).await.expect("body");
        (status, String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn readiness_names_each_check_that_does_not_pass() {
        let health = Health::new();
        let (bus, db) = (health.check("bus"), health.check("intake.db"));
        bus.fail("connection refused");
        let (status, text) = get(&health, "/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(text, "bus: failing: connection refused\nintake.db: starting\n");
        bus.pass();
        db.pass();
        assert_eq!(get(&health, "/readyz").await, (StatusCode::OK, "ready\n".to_owned()));
    }

    #[tokio::test]
    async fn the_process_is_alive_and_shows_its_measures() {
        let health = Health::new();
        health.check("bus").fail("away");
        assert_eq!(get(&health, "/healthz").await.0, StatusCode::OK, "alive is not ready");
        metrics().outbox_pending("ops_test", 5);
        let (status, text) = get(&health, "/metrics").await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains(r#"lianxi_outbox_pending_rows{service="ops_test"} 5"#));
    }

    #[tokio::test]
    async fn a_taken_port_is_replaced_and_the_signal_ends_it() {
        let (signal, shutdown) = watch::channel(false);
        let first = serve_ops(Health::new(), 0, shutdown.clone()).await.expect("first");
        let second = serve_ops(Health::new(), first.addr().port(), shutdown).await.expect("second");
        assert_ne!(first.addr(), second.addr());
        assert!(first.addr().ip().is_loopback() && second.addr().ip().is_loopback());
        signal.send(true).expect("signal");
        first.ended().await.expect("ended");
        second.ended().await.expect("ended");
    }
}
