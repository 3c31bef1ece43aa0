//! Logs, traces, metrics and health, the same in every process of the suite.
//!
//! Owns: the one subscriber of the process, the propagation of W3C trace context, the Prometheus
//! registry, the health checks and the loopback server that shows them. Never: business data. No
//! personal data reaches a log, a span, a label or a reason; names are bound by a grammar
//! ([`names`]), label values are filtered and bounded, and log lines pass through a mask as the last
//! net ([`mask`]).

pub mod health;
pub mod mask;
pub mod metrics;
pub mod names;
pub mod ops;
pub mod propagation;
pub mod spans;

mod config;
mod export;
mod setup;

pub use config::{LogFormat, TelemetryConfig};
pub use health::{Check, CheckState, Health};
pub use metrics::{CommandOutcome, ConsumerOutcome, Metrics, RelayOutcome, metrics};
pub use ops::{OpsServer, ops_router, serve_ops};
pub use propagation::{current_traceparent, link, set_parent, span_with_parent, traceparent_of};
pub use setup::{Guard, TelemetryError, init};
