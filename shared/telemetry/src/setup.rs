//! The one subscriber of the process: log lines on stderr, spans to the collector when configured.

use std::{
    io::IsTerminal,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer, filter::filter_fn, fmt, layer::SubscriberExt, registry::LookupSpan,
    util::SubscriberInitExt,
};

use crate::{LogFormat, TelemetryConfig, export::Export, mask::MaskedStderr};

/// Why telemetry could not be set up; the operator acts.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `log_filter` does not parse.
    #[error("telemetry.log_filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The collector's URL is not `http://…`. The suite sends spans to a collector on its own host or
    /// network, which forwards them with TLS where it must.
    #[error("telemetry.otlp_endpoint must begin with http://, not `{0}`")]
    Endpoint(String),
    /// The exporter refused its settings.
    #[error("telemetry.otlp_endpoint: {0}")]
    Exporter(String),
    /// The exporter's thread could not be started.
    #[error("the thread that sends spans could not be started")]
    Runtime(#[source] std::io::Error),
    /// Another subscriber was installed before.
    #[error("another tracing subscriber is already installed")]
    Subscriber(#[source] tracing_subscriber::util::TryInitError),
}

enum Shared {
    NotYet,
    Done(Weak<Export>),
}

static SHARED: Mutex<Shared> = Mutex::new(Shared::NotYet);

/// Keeps the exporter alive. Dropping the last guard of the process sends what is waiting.
#[must_use = "spans are flushed when the guard is dropped"]
pub struct Guard {
    export: Option<Arc<Export>>,
}

impl Guard {
    /// Sends what is waiting; blocks for a few seconds at most.
    pub fn flush(&self) {
        if let Some(export) = &self.export {
            export.flush();
        }
    }

    /// Sends what is waiting and, if no other guard is left, stops the exporter.
    pub fn shutdown(self) {
        self.flush();
    }
}

/// Installs the process's subscriber and the W3C propagator. Only the first call does; a later one
/// (another service in the same process) returns a guard that shares the first one's exporter.
///
/// # Errors
/// When the filter or the endpoint is wrong, or a foreign subscriber is installed.
pub fn init(config: &TelemetryConfig) -> Result<Guard, TelemetryError> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Shared::Done(export) = &*shared {
        return Ok(Guard { export: export.upgrade() });
    }
    let filter = EnvFilter::try_new(&config.log_filter)?;
    let export = match config.otlp_endpoint.as_deref() {
        Some(endpoint) => Some(Arc::new(Export::try_new(&config.service, endpoint)?)),
        None => None,
    };
    let traces = export
        .as_ref()
        .map(|e| tracing_opentelemetry::layer().with_tracer(e.tracer()).with_filter(filter_fn(is_traced)));
    tracing_subscriber::registry()
        .with(log_layer(config.log_format).with_filter(filter))
        .with(traces)
        .try_init()
        .map_err(TelemetryError::Subscriber)?;
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    *shared = Shared::Done(export.as_ref().map_or_else(Weak::new, Arc::downgrade));
    Ok(Guard { export })
}

fn log_layer<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let layer = fmt::layer().with_writer(|| MaskedStderr);
    match format {
        LogFormat::Text => layer.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).with_span_list(true).boxed(),
    }
}

/// Spans and events at INFO and above are traced whatever the log filter says, except those of the
/// HTTP client below the exporter, which would trace its own exports for ever.
fn is_traced(metadata: &Metadata<'_>) -> bool {
    const BELOW_THE_EXPORTER: [&str; 5] = ["hyper", "h2", "reqwest", "opentelemetry", "tower"];
    let crate_name = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO && !BELOW_THE_EXPORTER.iter().any(|name| crate_name.starts_with(name))
}
