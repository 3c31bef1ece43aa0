//! W3C trace context across seams: an outbox row, a NATS header, an HTTP header. Without an exporter
//! there is no trace, so the current context is `None` and setting a parent does nothing.

use opentelemetry::{
    Context,
    propagation::{Extractor, Injector, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";

/// The `traceparent` of the current span: what an outbox row or an outgoing call carries on.
#[must_use]
pub fn current_traceparent() -> Option<String> {
    // A span that the trace layer filtered out has no context of its own; its nearest traced
    // ancestor is then the activated one.
    traceparent_of(&Span::current()).or_else(|| written(&Context::current()))
}

/// The `traceparent` of a span, if it is traced.
#[must_use]
pub fn traceparent_of(span: &Span) -> Option<String> {
    if span.is_disabled() { None } else { written(&span.context()) }
}

/// Makes a span the child of a remote one. Must come before the span is first entered. Returns
/// whether a parent was set: not without a valid `traceparent`, nor without an exporter.
pub fn set_parent(span: &Span, traceparent: Option<&str>) -> bool {
    remote(traceparent).is_some_and(|parent| span.set_parent(parent).is_ok())
}

/// The span as a child of the remote one, for use where it is made.
#[must_use]
pub fn span_with_parent(span: Span, traceparent: Option<&str>) -> Span {
    set_parent(&span, traceparent);
    span
}

/// Ties a span to a remote one that caused it without being its parent: a batch that serves many
/// messages has one parent at most and a link for each.
pub fn link(span: &Span, traceparent: Option<&str>) {
    if let Some(cause) = remote(traceparent) {
        span.add_link(cause.span().span_context().clone());
    }
}

fn remote(traceparent: Option<&str>) -> Option<Context> {
    let carrier = One(Some(traceparent?.to_owned()));
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    context.span().span_context().is_valid().then(|| context.clone())
}

fn written(context: &Context) -> Option<String> {
    if !context.span().span_context().is_valid() {
        return None;
    }
    let mut carrier = One(None);
    TraceContextPropagator::new().inject_context(context, &mut carrier);
    carrier.0
}

/// A carrier of the one header that travels; `tracestate` is vendors' baggage and stays behind.
struct One(Option<String>);

impl Extractor for One {
    fn get(&self, key: &str) -> Option<&str> {
        if key == TRACEPARENT { self.0.as_deref() } else { None }
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

impl Injector for One {
    fn set(&mut self, key: &str, value: String) {
        if key == TRACEPARENT {
            self.0 = Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_exporter_nothing_is_traced_and_nothing_panics() {
        let span = tracing::info_span!("work");
        assert!(!set_parent(&span, Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));
        let _inside = span.enter();
        link(&span, Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        assert_eq!(current_traceparent(), None);
    }

    #[test]
    fn a_broken_traceparent_is_no_parent() {
        for text in ["", "00", "00-zz-1-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01"] {
            assert!(remote(Some(text)).is_none(), "{text}");
        }
    }
}
