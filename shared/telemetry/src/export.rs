//! The exporter of spans: OTLP over HTTP in protobuf, batched in the background.

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    runtime::Tokio,
    trace::{
        BatchConfigBuilder, SdkTracer, SdkTracerProvider,
        span_processor_with_async_runtime::BatchSpanProcessor,
    },
};
use tokio::runtime::{Builder, Runtime};

use crate::setup::TelemetryError;

/// How long one export may take, in milliseconds; with it ends a flush at shutdown.
const EXPORT_TIMEOUT_MS: u64 = 3_000;
/// How long a finished span waits at most before it is sent, in milliseconds.
const BATCH_DELAY_MS: u64 = 500;
/// Finished spans kept when the collector is away; later ones are dropped.
const QUEUE_SPANS: usize = 8_192;
/// Spans in one export.
const BATCH_SPANS: usize = 512;

/// The provider of spans and the runtime that sends them. The runtime is its own, of one thread, so
/// that a flush works from any caller, also from a runtime of a single thread.
pub(crate) struct Export {
    provider: SdkTracerProvider,
    runtime: Option<Runtime>,
}

impl Export {
    /// An exporter to a collector's base URL.
    ///
    /// # Errors
    /// When the URL is not plain HTTP, or the thread cannot be started.
    pub(crate) fn try_new(service: &str, endpoint: &str) -> Result<Self, TelemetryError> {
        if !endpoint.starts_with("http://") {
            return Err(TelemetryError::Endpoint(endpoint.to_owned()));
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("otlp")
            .enable_all()
            .build()
            .map_err(TelemetryError::Runtime)?;
        let provider = {
            let _inside = runtime.enter();
            let exporter = SpanExporter::builder()
                .with_http()
                .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
                .with_timeout(Duration::from_millis(EXPORT_TIMEOUT_MS))
                .build()
                .map_err(|error| TelemetryError::Exporter(error.to_string()))?;
            let batch = BatchConfigBuilder::default()
                .with_max_queue_size(QUEUE_SPANS)
                .with_max_export_batch_size(BATCH_SPANS)
                .with_scheduled_delay(Duration::from_millis(BATCH_DELAY_MS))
                .with_max_export_timeout(Duration::from_millis(EXPORT_TIMEOUT_MS))
                .build();
            let processor = BatchSpanProcessor::builder(exporter, Tokio).with_batch_config(batch).build();
            SdkTracerProvider::builder()
                .with_span_processor(processor)
                .with_resource(Resource::builder().with_service_name(service.to_owned()).build())
                .build()
        };
        Ok(Self { provider, runtime: Some(runtime) })
    }

    pub(crate) fn tracer(&self) -> SdkTracer {
        self.provider.tracer("lianxi")
    }

    /// Sends what is waiting; blocks for at most the export's timeout.
    pub(crate) fn flush(&self) {
        if let Err(error) = self.provider.force_flush() {
            tracing::warn!(%error, "spans could not be sent to the collector");
        }
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        // Logged nowhere: the collector being away at the very end is not worth a line.
        let _ = self.provider.shutdown();
        // A runtime must not be dropped where blocking is forbidden, which a caller may be.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
