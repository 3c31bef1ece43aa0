//! A durable pull consumer. One pull stays open at the server, so that a message arrives without a
//! trip; what has arrived is taken at once, up to a batch.

use std::time::{Duration, Instant};

use async_nats::{Client, StatusCode, Subscriber, jetstream::Context};
use contracts::Message;
use futures::{FutureExt, StreamExt};
use serde_json::json;

use super::{NatsBus, link::Link};
use crate::{
    BusError, Delivery,
    delivery::{Acker, Raw},
    spec::{AGENCY_API, ConsumerSpec, ConsumerState, FETCH_MAX, Side, duration},
};

/// How long a pull stays open at the server. A pull that was lost without a word is noticed after it.
const PULL_OPEN: Duration = Duration::from_secs(10);
/// How much later than that this side gives it up.
const PULL_SLACK: Duration = Duration::from_secs(1);

/// A durable consumer of a stream.
pub struct NatsConsumer {
    client: Client,
    js: Context,
    link: std::sync::Arc<Link>,
    stream: String,
    durable: String,
    next: String,
    inbox: String,
    arrivals: Subscriber,
    pull: Option<Pull>,
}

/// A request for messages that the server has not used up.
struct Pull {
    left: usize,
    until: Instant,
    made: u64,
}

/// What a message on the inbox is.
enum Arrival {
    Delivery(Box<Delivery>),
    /// The pull is over: used up, timed out, nothing there.
    PullEnded,
    /// A heartbeat or the like.
    Nothing,
}

impl NatsConsumer {
    pub(super) async fn open(bus: &NatsBus, spec: &ConsumerSpec) -> Result<Self, BusError> {
        let inbox = bus.0.client.new_inbox();
        let arrivals =
            bus.0.client.subscribe(inbox.clone()).await.map_err(|e| BusError::Away(e.to_string()))?;
        let prefix = match bus.0.side {
            Side::Core { .. } => "$JS.API",
            Side::Agency(_) => AGENCY_API,
        };
        Ok(Self {
            client: bus.0.client.clone(),
            js: bus.0.js.clone(),
            link: bus.0.link.clone(),
            stream: spec.stream.clone(),
            durable: spec.durable.clone(),
            next: format!("{prefix}.CONSUMER.MSG.NEXT.{}.{}", spec.stream, spec.durable),
            inbox,
            arrivals,
            pull: None,
        })
    }

    /// With no wait: what is there now. Else: waits for the first message, then takes what has come.
    pub(crate) async fn fetch(&mut self, max: usize, wait_ms: i64) -> Result<Vec<Delivery>, BusError> {
        let max = max.clamp(1, FETCH_MAX);
        let mut taken = self.arrived(max)?;
        if !taken.is_empty() {
            return Ok(taken);
        }
        let now_only = wait_ms <= 0;
        let give_up = Instant::now() + if now_only { PULL_SLACK } else { duration(wait_ms) };
        loop {
            self.ask(max, now_only).await?;
            let Some(arrival) = self.next_arrival(give_up).await? else { return Ok(taken) };
            match arrival {
                Arrival::Delivery(delivery) => {
                    taken.push(*delivery);
                    if !now_only || taken.len() >= max {
                        let room = max.saturating_sub(taken.len());
                        taken.append(&mut self.arrived(room)?);
                        return Ok(taken);
                    }
                }
                Arrival::PullEnded if now_only => return Ok(taken),
                Arrival::PullEnded | Arrival::Nothing => {}
            }
        }
    }

    /// What lies in the subscription already.
    fn arrived(&mut self, max: usize) -> Result<Vec<Delivery>, BusError> {
        let mut taken = Vec::new();
        while taken.len() < max {
            let Some(Some(message)) = self.arrivals.next().now_or_never() else { break };
            if let Arrival::Delivery(delivery) = self.receive(message)? {
                taken.push(*delivery);
            }
        }
        Ok(taken)
    }

    async fn next_arrival(&mut self, give_up: Instant) -> Result<Option<Arrival>, BusError> {
        let Some(pull) = &self.pull else { return Ok(Some(Arrival::PullEnded)) };
        let until = give_up.min(pull.until + PULL_SLACK);
        let link = self.link.clone();
        let made = pull.made;
        tokio::select! {
            message = self.arrivals.next() => match message {
                Some(message) => self.receive(message).map(Some),
                None => Err(BusError::Away("the subscription ended".to_owned())),
            },
            () = link.made_anew(made) => {
                self.pull = None;
                Ok(Some(Arrival::Nothing))
            }
            () = tokio::time::sleep_until(until.into()) => {
                if until < give_up {
                    self.pull = None;
                    return Ok(Some(Arrival::Nothing));
                }
                Ok(None)
            }
        }
    }

    /// Opens a pull unless one is open.
    async fn ask(&mut self, max: usize, now_only: bool) -> Result<(), BusError> {
        if self.pull.is_some() {
            return Ok(());
        }
        if !self.link.is_up() {
            return Err(BusError::Away("not connected".to_owned()));
        }
        let made = self.link.made();
        let request = if now_only {
            json!({ "batch": max, "no_wait": true })
        } else {
            json!({ "batch": max, "expires": u64::try_from(PULL_OPEN.as_nanos()).unwrap_or(u64::MAX) })
        };
        self.client
            .publish_with_reply(self.next.clone(), self.inbox.clone(), request.to_string().into())
            .await
            .map_err(|e| BusError::Away(e.to_string()))?;
        self.pull = Some(Pull { left: max, until: Instant::now() + PULL_OPEN, made });
        Ok(())
    }

    fn receive(&mut self, message: async_nats::Message) -> Result<Arrival, BusError> {
        match message.status {
            None => {
                if let Some(pull) = &mut self.pull {
                    pull.left = pull.left.saturating_sub(1);
                    if pull.left == 0 {
                        self.pull = None;
                    }
                }
                Ok(Arrival::Delivery(Box::new(self.delivery(message))))
            }
            Some(StatusCode::IDLE_HEARTBEAT) => Ok(Arrival::Nothing),
            Some(StatusCode::NO_RESPONDERS) => {
                self.pull = None;
                Err(BusError::Missing(format!("consumer `{}/{}`", self.stream, self.durable)))
            }
            Some(status) => {
                self.pull = None;
                let words = message.description.unwrap_or_default();
                // 404 no messages, 408 timed out, 409 used up or the leader moved; a deleted consumer
                // says so in a 409 as well.
                if words.contains("Deleted") {
                    return Err(BusError::Missing(format!("consumer `{}/{}`", self.stream, self.durable)));
                }
                tracing::debug!(stream = self.stream, durable = self.durable, "pull ended: {status} {words}");
                Ok(Arrival::PullEnded)
            }
        }
    }

    fn delivery(&self, message: async_nats::Message) -> Delivery {
        let reply = message.reply.as_ref().map(ToString::to_string).unwrap_or_default();
        let (attempt, stream_seq) = place(&reply);
        let headers = message.headers.unwrap_or_default();
        let header = |name: &str| headers.get(name).map(|v| v.as_str().to_owned());
        let decoded = Message::from_wire(&message.subject, &header, &message.payload);
        let raw = decoded.is_err().then(|| Raw {
            id: header("Nats-Msg-Id").unwrap_or_else(|| format!("{}.{stream_seq}", self.stream)),
            headers: headers
                .iter()
                .flat_map(|(name, values)| {
                    values.iter().map(move |v| (name.to_string(), v.as_str().to_owned()))
                })
                .collect(),
            body: String::from_utf8_lossy(&message.payload).into_owned(),
        });
        Delivery {
            message: decoded,
            raw,
            subject: message.subject.to_string(),
            attempt,
            stream_seq,
            acker: Acker::Nats(NatsAcker { client: self.client.clone(), reply }),
        }
    }

    /// What the consumer has still to do.
    pub(crate) async fn state(&self) -> Result<ConsumerState, BusError> {
        state(&self.js, &self.stream, &self.durable).await
    }
}

/// What a consumer has still to do.
pub(super) async fn state(js: &Context, stream: &str, durable: &str) -> Result<ConsumerState, BusError> {
    let subject = format!("CONSUMER.INFO.{stream}.{durable}");
    let answer: serde_json::Value =
        js.request(subject, &json!({})).await.map_err(|e| BusError::Away(e.to_string()))?;
    if let Some(error) = answer.get("error") {
        let number = |name: &str| error.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
        return Err(match number("code") {
            404 => BusError::Missing(format!("consumer `{stream}/{durable}`")),
            _ => BusError::Refused { code: number("err_code"), why: error.to_string() },
        });
    }
    let number = |name: &str| answer.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
    Ok(ConsumerState {
        pending: number("num_pending"),
        unacked: number("num_ack_pending"),
        redelivered: number("num_redelivered"),
    })
}

/// The count of deliveries and the place in the stream, from the subject of the answer:
/// `$JS.ACK.<domain>.<account hash>.<stream>.<consumer>.<delivered>.<stream seq>.…`, or the older form
/// without domain and hash.
fn place(reply: &str) -> (i64, u64) {
    let tokens: Vec<&str> = reply.split('.').collect();
    let skip = if tokens.len() == 9 { 4 } else { 6 };
    let number = |at: usize| tokens.get(at).and_then(|t| t.parse::<u64>().ok()).unwrap_or(0);
    (i64::try_from(number(skip)).unwrap_or(i64::MAX), number(skip + 1))
}

/// The way back for one delivery.
#[derive(Debug)]
pub(crate) struct NatsAcker {
    client: Client,
    reply: String,
}

impl NatsAcker {
    #[expect(clippy::disallowed_methods, reason = "this is shared/bus")]
    async fn answer(&self, words: String) -> Result<(), BusError> {
        self.client.publish(self.reply.clone(), words.into()).await.map_err(|e| BusError::Away(e.to_string()))
    }

    pub(crate) async fn ack(&self) -> Result<(), BusError> {
        self.answer(String::new()).await
    }

    pub(crate) async fn nak(&self, delay_ms: i64) -> Result<(), BusError> {
        if delay_ms <= 0 {
            return self.answer("-NAK".to_owned()).await;
        }
        self.answer(format!("-NAK {{\"delay\": {}}}", delay_ms.saturating_mul(1_000_000))).await
    }

    pub(crate) async fn term(&self) -> Result<(), BusError> {
        self.answer("+TERM".to_owned()).await
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn both_forms_of_the_acknowledgement_are_read() {
        assert_eq!(place("$JS.ACK.hub.h4sh.EVT.routing.3.17.20.1700000000.5"), (3, 17));
        assert_eq!(place("$JS.ACK.hub.h4sh.EVT.routing.3.17.20.1700000000.5.rnd"), (3, 17));
        assert_eq!(place("$JS.ACK.EVT.routing.2.9.9.1700000000.0"), (2, 9));
    }
}
