//! A collector: takes OTLP over HTTP, keeps the spans.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;

/// One span.
#[derive(Clone, Debug)]
pub struct Span {
    /// Its name.
    pub name: String,
    /// Its id, hex.
    pub id: String,
    /// Its parent's, hex; empty at the root.
    pub parent: String,
    trace: String,
}

/// An address that takes spans.
pub struct Collector {
    /// Where processes send them.
    pub url: String,
    kept: Arc<Mutex<Vec<Span>>>,
    missing: Mutex<String>,
}

impl Collector {
    /// Opens one on a free port.
    pub async fn open() -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().route("/v1/traces", post(take)).with_state(kept.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, kept, missing: Mutex::new(String::new()) }
    }

    /// The spans of one trace so far.
    pub fn trace(&self, trace: &str) -> Vec<Span> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().filter(|span| span.trace == trace).cloned().collect()
    }

    /// Says what is still missing, once for each change: a test that waits in vain has told why.
    pub fn still_missing(&self, missing: &[&&str], seen: &BTreeSet<&str>) {
        let text = format!("missing {missing:?} of {seen:?}");
        let mut last = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != text {
            eprintln!("{text}");
            *last = text;
        }
    }
}

async fn take(State(kept): State<Arc<Mutex<Vec<Span>>>>, body: Bytes) {
    let request = ExportTraceServiceRequest::decode(body).expect("protobuf");
    let spans = request.resource_spans.into_iter().flat_map(|r| r.scope_spans).flat_map(|s| s.spans);
    let spans = spans.map(|span| Span {
        name: span.name,
        id: hex(&span.span_id),
        parent: hex(&span.parent_span_id),
        trace: hex(&span.trace_id),
    });
    kept.lock().unwrap_or_else(PoisonError::into_inner).extend(spans);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
