//! Without a collector the suite runs as before; set up twice it stays one.

use telemetry::{TelemetryConfig, TelemetryError, current_traceparent, init, spans};

#[test]
fn telemetry_without_a_collector_logs_and_traces_nothing() {
    let wrong = TelemetryConfig { otlp_endpoint: Some("https://collector".into()), ..Default::default() };
    assert!(matches!(init(&wrong), Err(TelemetryError::Endpoint(_))));
    let wrong = TelemetryConfig { log_filter: "intake=loud".into(), ..Default::default() };
    assert!(matches!(init(&wrong), Err(TelemetryError::Filter(_))));

    let guard = init(&TelemetryConfig::default()).expect("init");
    let again = init(&TelemetryConfig::default()).expect("second call");
    let span =
        spans::command("intake", "register", Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    let _inside = span.enter();
    tracing::info!(matter.id = "xf_1", "registered");
    assert_eq!(current_traceparent(), None);
    guard.shutdown();
    again.shutdown();
}
