//! The spans that every service opens alike, so that their names and fields follow the grammar.

use tracing::{Span, info_span};

use crate::propagation::span_with_parent;

/// The span of one command at its owner, named `<service>.<command>`.
#[must_use]
pub fn command(service: &str, command: &str, traceparent: Option<&str>) -> Span {
    let span = info_span!(
        "command",
        otel.name = format!("{service}.{command}"),
        otel.kind = "server",
        service,
        command,
        outcome = tracing::field::Empty,
        matter.id = tracing::field::Empty,
    );
    span_with_parent(span, traceparent)
}

/// The span of a call to a command's owner, at the caller; its `traceparent` goes with the call.
#[must_use]
pub fn call(subject: &str) -> Span {
    info_span!("call", otel.name = format!("call {subject}"), otel.kind = "client", subject)
}

/// The span of one message at its consumer, a child of the span that published it.
#[must_use]
pub fn consume(consumer: &str, event_type: &str, event_id: &str, traceparent: Option<&str>) -> Span {
    let span = info_span!(
        "consume",
        otel.name = format!("{consumer}.apply"),
        otel.kind = "consumer",
        consumer,
        "event.type" = event_type,
        event.id = event_id,
        outcome = tracing::field::Empty,
    );
    span_with_parent(span, traceparent)
}

/// The span of one publish by the relay, a child of the command that wrote the row.
#[must_use]
pub fn publish(service: &str, event_type: &str, event_id: &str, traceparent: Option<&str>) -> Span {
    let span = info_span!(
        "publish",
        otel.name = format!("{service}.publish"),
        otel.kind = "producer",
        service,
        "event.type" = event_type,
        event.id = event_id,
    );
    span_with_parent(span, traceparent)
}
