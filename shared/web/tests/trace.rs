//! A request is one span, named by its route and a child of the caller's.

#![expect(clippy::expect_used, reason = "a test that cannot be set up should stop")]

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{Request, StatusCode},
    routing::{get, post},
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message;
use telemetry::{TelemetryConfig, init};
use tower::ServiceExt;
use web::{Shell, shell};

type Received = Arc<Mutex<Vec<Bytes>>>;

async fn collector() -> (String, Received) {
    let received = Received::default();
    let keep =
        |State(kept): State<Received>, body: Bytes| async move { kept.lock().expect("kept").push(body) };
    let router = Router::new().route("/v1/traces", post(keep)).with_state(received.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let url = format!("http://{}", listener.local_addr().expect("address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, received)
}

fn exported(received: &Received) -> Vec<Span> {
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
async fn a_request_is_a_span_under_the_callers_and_tells_no_path() {
    let (url, received) = collector().await;
    let guard =
        init(&TelemetryConfig { otlp_endpoint: Some(url), ..TelemetryConfig::default() }).expect("init");
    let carried = || async { telemetry::current_traceparent().expect("traced") };
    let app = shell(
        Router::new()
            .route("/matters/{id}", get(carried))
            .route("/away", get(|| async { StatusCode::SERVICE_UNAVAILABLE })),
        Shell { service: "console", ..Shell::default() },
    );
    let caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = Request::get("/matters/xf_1?who=13800138000").header("traceparent", caller);
    let response = app.clone().oneshot(request.body(Body::empty()).expect("request")).await.expect("answer");
    let body = axum::body::to_bytes(response.into_body(), 1 << 10).await.expect("body");
    assert!(body.starts_with(b"00-0af7651916cd43dd8448eb211c80319c-"), "the handler's calls carry it on");
    let request = Request::get("/away").body(Body::empty()).expect("request");
    assert_eq!(app.oneshot(request).await.expect("answer").status(), StatusCode::SERVICE_UNAVAILABLE);
    // The collector lives on this runtime's one thread: the flush must block another.
    tokio::task::spawn_blocking(move || guard.shutdown()).await.expect("flush");

    let spans = exported(&received);
    let named = |name: &str| spans.iter().find(|s| s.name == name).expect(name);
    let matter = named("GET /matters/{id}");
    assert_eq!(matter.trace_id, 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes());
    assert_eq!(matter.parent_span_id, 0xb7ad_6b71_6920_3331_u64.to_be_bytes());
    let away = named("GET /away");
    let refusal = away.attributes.iter().find(|a| a.key == "refusal").and_then(|a| a.value.clone()?.value);
    assert_eq!(refusal, Some(Value::StringValue("temporarily_unavailable".into())));
    assert_eq!(away.status.as_ref().map(|s| s.code), Some(2), "an error of ours is one in the trace");
    let all = format!("{spans:?}");
    assert!(!all.contains("xf_1") && !all.contains("13800138000"), "no path and no query: {all}");
}
