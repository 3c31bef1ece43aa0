//! With a collector configured, a trace that crosses a seam arrives there in one piece.

#![expect(clippy::expect_used, reason = "a test that cannot be set up should stop")]

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, trace::v1::Span as ExportedSpan,
};
use prost::Message;
use telemetry::{LogFormat, TelemetryConfig, current_traceparent, init, spans};

type Received = Arc<Mutex<Vec<Bytes>>>;

async fn collector() -> (String, Received) {
    let received = Received::default();
    let router = Router::new()
        .route(
            "/v1/traces",
            post(|State(kept): State<Received>, body: Bytes| async move {
                kept.lock().expect("kept").push(body);
            }),
        )
        .with_state(received.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let url = format!("http://{}", listener.local_addr().expect("address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, received)
}

fn exported(received: &Received) -> Vec<ExportedSpan> {
    let bodies = received.lock().expect("received").clone();
    bodies
        .into_iter()
        .map(|body| ExportTraceServiceRequest::decode(body).expect("protobuf"))
        .flat_map(|request| request.resource_spans)
        .flat_map(|resource| resource.scope_spans)
        .flat_map(|scope| scope.spans)
        .collect()
}

#[tokio::test]
async fn one_trace_runs_from_a_command_over_the_outbox_to_the_consumer() {
    let (url, received) = collector().await;
    let config = TelemetryConfig {
        service: "telemetry_test".into(),
        log_format: LogFormat::Json,
        // Logs are off: spans are bound by their own level.
        log_filter: "off".into(),
        otlp_endpoint: Some(url),
    };
    let guard = init(&config).expect("init");
    let second = init(&config).expect("a second service in the same process");

    let stored = {
        let command = spans::command("intake", "register", None);
        let _inside = command.enter();
        let filtered = tracing::debug_span!("below the level of traces");
        let _deeper = filtered.enter();
        current_traceparent().expect("traced, also inside a span that is not")
    };
    {
        let consume = spans::consume("routing", "lianxi.intake.x.v1", "ev_1", Some(&stored));
        let _inside = consume.enter();
        let carried = current_traceparent().expect("traced");
        assert_eq!(carried.get(3..35), stored.get(3..35), "the same trace");
        assert_ne!(carried, stored);
    }
    // A flush blocks its thread while the exporter's own thread sends: this runtime has one thread
    // and the collector lives on it, so the flush must not run here.
    tokio::task::spawn_blocking(move || {
        guard.flush();
        drop(guard);
        second.shutdown();
    })
    .await
    .expect("flush");

    let spans = exported(&received);
    let by_name = |name: &str| spans.iter().find(|s| s.name == name).expect(name);
    let (command, consume) = (by_name("intake.register"), by_name("routing.apply"));
    assert_eq!(command.trace_id, consume.trace_id);
    assert_eq!(consume.parent_span_id, command.span_id);
    assert_eq!(spans.len(), 2, "the exporter's own calls are not traced: {spans:?}");
}
