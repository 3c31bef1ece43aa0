//! The bus over NATS JetStream. The only code of the suite that speaks async-nats.

mod admin;
mod batch;
mod consumer;
mod link;
mod service;

use std::sync::Arc;

use async_nats::{
    Client, ConnectOptions, HeaderMap,
    client::RequestErrorKind,
    jetstream::{
        self,
        context::{PublishError, PublishErrorKind},
        message::PublishMessage,
    },
};
use bytes::Bytes;
use contracts::Message;

use crate::{
    BusError,
    access::{may_publish, may_read, may_request, may_serve},
    call::{ACTOR, Call, ERROR, ERROR_CODE, IDEMPOTENCY_KEY, Service, TRACEPARENT, UNREADABLE_REFUSAL},
    error::CallError,
    spec::{AGENCY_API, Connect, ConsumerSpec, ConsumerState, PubAck, Side, WORKER, duration, message_id},
};
use link::Link;

pub(crate) use consumer::NatsAcker;
pub use consumer::NatsConsumer;
pub use service::NatsServing;

/// How long a publish or a request to the server may take, in milliseconds.
const ANSWER_MS: i64 = 5_000;
/// How often an idle connection is tried, in milliseconds; the server's own setting is the same.
const PING_MS: i64 = 10_000;
/// How long `connect` waits for the first connection before it lets it come later, in milliseconds.
const FIRST_CONNECT_MS: i64 = 2_000;
/// Longest wait between two attempts to connect, in milliseconds.
const RECONNECT_MAX_MS: i64 = 2_000;
/// Messages that may wait in one subscription.
const SUBSCRIPTION_CAPACITY: usize = 8_192;

/// One user's connection. Clones share it.
#[derive(Clone)]
pub struct NatsBus(Arc<Hand>);

struct Hand {
    client: Client,
    js: jetstream::Context,
    link: Arc<Link>,
    side: Side,
}

impl NatsBus {
    /// Connects, trusting the system's certificate authorities.
    ///
    /// # Errors
    /// When the address or the seed cannot be used.
    pub async fn connect(connect: &Connect) -> Result<Self, BusError> {
        Self::connect_trusting(connect, None).await
    }

    /// Connects, trusting one certificate authority besides the system's. A server that is away is
    /// no error: the connection is made when it comes.
    ///
    /// # Errors
    /// When the address or the seed cannot be used.
    pub async fn connect_trusting(
        connect: &Connect,
        authority: Option<std::path::PathBuf>,
    ) -> Result<Self, BusError> {
        nkeys::KeyPair::from_seed(&connect.seed)
            .map_err(|e| BusError::Setup(format!("seed of {}: {e}", connect.side.name())))?;
        let link = Link::new();
        let events = link.clone();
        let name = connect.side.name();
        let shown = name.clone();
        let mut options = ConnectOptions::with_nkey(connect.seed.clone())
            .name(name)
            .custom_inbox_prefix(connect.side.inbox())
            .ping_interval(duration(PING_MS))
            .connection_timeout(duration(ANSWER_MS))
            .request_timeout(Some(duration(ANSWER_MS)))
            .subscription_capacity(SUBSCRIPTION_CAPACITY)
            .max_reconnects(None)
            .retry_on_initial_connect()
            .ignore_discovered_servers()
            .reconnect_delay_callback(|attempts| {
                let shift = u32::try_from(attempts.min(6)).unwrap_or(6);
                duration((25_i64 << shift).min(RECONNECT_MAX_MS))
            })
            .event_callback(move |event| {
                events.note(&shown, &event);
                std::future::ready(())
            });
        if let Some(file) = authority {
            options = options.add_root_certificates(file).require_tls(true);
        }
        let client = options
            .connect(connect.url.as_str())
            .await
            .map_err(|e| BusError::Setup(format!("connect to {}: {e}", connect.url)))?;
        link.wait_up(FIRST_CONNECT_MS).await;
        let builder = jetstream::ContextBuilder::new().timeout(duration(ANSWER_MS));
        let js = match connect.side {
            Side::Core { .. } => builder.build(client.clone()),
            Side::Agency(_) => jetstream::ContextBuilder::new()
                .api_prefix(AGENCY_API)
                .timeout(duration(ANSWER_MS))
                .build(client.clone()),
        };
        Ok(Self(Arc::new(Hand { client, js, link, side: connect.side.clone() })))
    }

    /// Whose hand it is.
    #[must_use]
    pub fn side(&self) -> &Side {
        &self.0.side
    }

    /// Whether the connection stands at this moment.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.0.link.is_up()
    }

    /// Waits until the connection stands; says whether it does.
    pub async fn wait_up(&self, wait_ms: i64) -> bool {
        self.0.link.wait_up(wait_ms).await
    }

    /// The subject under which this side may send: an agency's returns go out as `out.…`, and the
    /// office's server stamps their provenance.
    fn outward(&self, subject: &str) -> String {
        match &self.0.side {
            Side::Agency(code) => subject
                .strip_prefix(&format!("returns.{code}."))
                .map_or_else(|| subject.to_owned(), |rest| format!("out.{rest}")),
            Side::Core { .. } => subject.to_owned(),
        }
    }

    pub(crate) async fn publish(
        &self,
        subject: &str,
        message: &Message,
        attempt: i64,
    ) -> Result<PubAck, BusError> {
        may_publish(&self.0.side, subject)?;
        if !self.0.link.is_up() {
            return Err(BusError::Away("not connected".to_owned()));
        }
        let publish = PublishMessage::build()
            .headers(header_map(message))
            .message_id(message_id(message, attempt))
            .payload(Bytes::copy_from_slice(message.body.as_bytes()));
        let bad = |e: PublishError| publish_error(subject, message, self.0.client.max_payload(), &e);
        let ack =
            self.0.js.send_publish(self.outward(subject), publish).await.map_err(bad)?.await.map_err(bad)?;
        Ok(PubAck { stream: ack.stream, seq: ack.sequence, duplicate: ack.duplicate })
    }

    pub(crate) async fn consumer(&self, spec: &ConsumerSpec) -> Result<NatsConsumer, BusError> {
        may_read(&self.0.side, spec)?;
        if let Side::Core { .. } = self.0.side {
            self.ensure_consumer(spec).await?;
        }
        NatsConsumer::open(self, spec).await
    }

    pub(crate) async fn consumer_state(&self, spec: &ConsumerSpec) -> Result<ConsumerState, BusError> {
        consumer::state(&self.0.js, &spec.stream, &spec.durable).await
    }

    pub(crate) async fn serve(&self, service: Service) -> Result<NatsServing, BusError> {
        may_serve(&self.0.side, &service)?;
        let serving = NatsServing::start(&self.0.client, service).await?;
        self.round_trip().await;
        Ok(serving)
    }

    /// Waits until the server has seen everything sent before: subscriptions stand before anybody is told
    /// that a service is there. A flush only empties this side's buffer. Any answer will do.
    async fn round_trip(&self) {
        let subject = match self.side() {
            Side::Core { .. } => "$JS.API.INFO".to_owned(),
            Side::Agency(code) => {
                format!("{AGENCY_API}.CONSUMER.INFO.{}.{WORKER}", contracts::subject::dispatch_stream(code))
            }
        };
        let request = async_nats::Request::new().timeout(Some(duration(FIRST_CONNECT_MS)));
        if let Err(error) = self.0.client.send_request(subject, request).await {
            tracing::debug!("round trip: {error}");
        }
    }

    pub(crate) async fn request(
        &self,
        subject: &str,
        call: &Call,
        timeout_ms: i64,
    ) -> Result<Vec<u8>, CallError> {
        may_request(&self.0.side, subject).map_err(|e| CallError::Away(e.to_string()))?;
        let mut headers = HeaderMap::new();
        let fields = [
            (ACTOR, &call.actor),
            (IDEMPOTENCY_KEY, &call.idempotency_key),
            (TRACEPARENT, &call.traceparent),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                headers.insert(name, value.as_str());
            }
        }
        let request = async_nats::Request::new()
            .headers(headers)
            .payload(Bytes::copy_from_slice(&call.body))
            .timeout(Some(duration(timeout_ms)));
        let answer = self.0.client.send_request(subject.to_owned(), request).await.map_err(|e| {
            CallError::Away(match e.kind() {
                RequestErrorKind::NoResponders => format!("nobody serves `{subject}`"),
                RequestErrorKind::TimedOut => format!("no answer on `{subject}` within {timeout_ms} ms"),
                _ => format!("`{subject}`: {e}"),
            })
        })?;
        let code = answer.headers.as_ref().and_then(|h| h.get(ERROR_CODE));
        let Some(code) = code else { return Ok(answer.payload.to_vec()) };
        let named = answer.headers.as_ref().and_then(|h| h.get(ERROR)).map_or(code.as_str(), |v| v.as_str());
        let refusal = serde_json::from_slice(&answer.payload)
            .unwrap_or_else(|_| UNREADABLE_REFUSAL.refuse().with("code", named));
        Err(CallError::Refused(refusal))
    }
}

fn header_map(message: &Message) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in message.headers() {
        map.insert(name, value.as_str());
    }
    map
}

fn publish_error(subject: &str, message: &Message, limit: usize, error: &PublishError) -> BusError {
    match error.kind() {
        // No responders: JetStream is not ready yet, or the stream is gone; the relay tries again.
        PublishErrorKind::StreamNotFound => BusError::Missing(format!("stream for `{subject}`")),
        PublishErrorKind::MaxPayloadExceeded => {
            let headers: usize = message.headers().iter().map(|(n, v)| n.len() + v.len() + 4).sum();
            BusError::TooLarge { subject: subject.to_owned(), bytes: message.body.len() + headers, limit }
        }
        PublishErrorKind::TimedOut | PublishErrorKind::BrokenPipe | PublishErrorKind::MaxAckPending => {
            BusError::Away(error.to_string())
        }
        PublishErrorKind::WrongLastMessageId
        | PublishErrorKind::WrongLastSequence
        | PublishErrorKind::Other => {
            match std::error::Error::source(error).and_then(|s| s.downcast_ref::<jetstream::Error>()) {
                Some(refused) => BusError::Refused { code: refused.error_code().0, why: refused.to_string() },
                None => BusError::Away(error.to_string()),
            }
        }
    }
}
