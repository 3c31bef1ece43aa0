//! What a process is told about its telemetry.

use serde::{Deserialize, Serialize};

/// How log lines look on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One line for a person.
    #[default]
    Text,
    /// One JSON object a line, for a collector.
    Json,
}

/// The `[telemetry]` section of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// `service.name` of the exported spans: `lianxi` for the whole suite, else the services' names.
    pub service: String,
    /// Text or JSON.
    pub log_format: LogFormat,
    /// Directives of `tracing_subscriber::EnvFilter`, as `info,sqlx=warn`. Bounds logs, not spans.
    pub log_filter: String,
    /// Base URL of an OpenTelemetry collector that speaks OTLP over plain HTTP (`http://host:4318`);
    /// spans go to `<base>/v1/traces`. Nothing is exported when absent.
    pub otlp_endpoint: Option<String>,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            service: "lianxi".to_owned(),
            log_format: LogFormat::Text,
            log_filter: "info".to_owned(),
            otlp_endpoint: None,
        }
    }
}
