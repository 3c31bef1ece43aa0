//! The two makings behind one face.

use contracts::Message;

use crate::{
    BusError, Call, CallError, Delivery, MemoryBus, NatsBus,
    call::Service,
    memory::{MemoryConsumer, MemoryServing},
    nats::{NatsConsumer, NatsServing},
    spec::{Connect, ConsumerSpec, ConsumerState, Epoch, PubAck, Side, StreamSpec, StreamState},
};

/// One user's hand on the bus. Clones share the connection.
#[derive(Clone)]
pub enum Bus {
    /// NATS JetStream.
    Nats(NatsBus),
    /// The same in memory, for simulations and tests.
    Memory(MemoryBus),
}

impl Bus {
    /// Connects to a server. One that is away is no error: the connection is made when it comes.
    ///
    /// # Errors
    /// When the address or the seed cannot be used.
    pub async fn connect(connect: &Connect) -> Result<Self, BusError> {
        NatsBus::connect(connect).await.map(Self::Nats)
    }

    /// Whose hand it is.
    #[must_use]
    pub fn side(&self) -> &Side {
        match self {
            Self::Nats(bus) => bus.side(),
            Self::Memory(bus) => bus.side(),
        }
    }

    /// Whether the bus can be reached at this moment: for health.
    #[must_use]
    pub fn is_up(&self) -> bool {
        match self {
            Self::Nats(bus) => bus.is_up(),
            Self::Memory(bus) => bus.is_up(),
        }
    }

    /// Stores a message and waits for the server's promise. Only the relay calls this: what was not in
    /// an outbox did not happen.
    ///
    /// # Errors
    /// When the bus is away or refuses; the message may be stored all the same.
    pub async fn publish(&self, subject: &str, message: &Message, attempt: i64) -> Result<PubAck, BusError> {
        match self {
            Self::Nats(bus) => bus.publish(subject, message, attempt).await,
            Self::Memory(bus) => bus.publish(subject, message, attempt),
        }
    }

    /// Stores messages of one stream all or none, in order. Only the relay calls this.
    ///
    /// # Errors
    /// When the bus is away or refuses the whole; [`BusError::Refused`] when one id is stored already.
    pub async fn publish_batch(&self, items: &[Outgoing<'_>]) -> Result<Vec<PubAck>, BusError> {
        match self {
            Self::Nats(bus) => bus.publish_batch(items).await,
            Self::Memory(bus) => bus.publish_batch(items),
        }
    }

    /// Opens a durable consumer; the office's side makes it when it is missing.
    ///
    /// # Errors
    /// When the bus is away, the stream is missing or this side may not read it.
    pub async fn consumer(&self, spec: &ConsumerSpec) -> Result<Consumer, BusError> {
        Ok(Consumer(match self {
            Self::Nats(bus) => Inner::Nats(Box::new(bus.consumer(spec).await?)),
            Self::Memory(bus) => Inner::Memory(bus.consumer(spec)?),
        }))
    }

    /// What a consumer has still to do, without opening it.
    ///
    /// # Errors
    /// When the bus is away or the consumer is missing.
    pub async fn consumer_state(&self, spec: &ConsumerSpec) -> Result<ConsumerState, BusError> {
        match self {
            Self::Nats(bus) => bus.consumer_state(spec).await,
            Self::Memory(bus) => bus.consumer_state(spec),
        }
    }

    /// Asks the owner of a command. The trace context of the current span goes with the call unless the
    /// call has one.
    ///
    /// # Errors
    /// [`CallError::Refused`] with the owner's words, [`CallError::Away`] when nobody answered.
    pub async fn request(&self, subject: &str, call: &Call, timeout_ms: i64) -> Result<Vec<u8>, CallError> {
        let span = telemetry::spans::call(subject);
        let traced;
        let call = match telemetry::traceparent_of(&span) {
            Some(own) if call.traceparent.is_none() => {
                traced = Call { traceparent: Some(own), ..call.clone() };
                &traced
            }
            _ => call,
        };
        tracing::Instrument::instrument(
            async {
                match self {
                    Self::Nats(bus) => bus.request(subject, call, timeout_ms).await,
                    Self::Memory(bus) => bus.request(subject, call).await,
                }
            },
            span,
        )
        .await
    }

    /// Serves commands until the returned value is stopped or dropped. Several processes that serve the
    /// same name share the calls.
    ///
    /// # Errors
    /// When the bus is away, a name breaks the rules, or this side may not serve it.
    pub async fn serve(&self, service: Service) -> Result<Serving, BusError> {
        Ok(Serving(match self {
            Self::Nats(bus) => InnerServing::Nats(Box::new(bus.serve(service).await?)),
            Self::Memory(bus) => InnerServing::Memory(bus.serve(service)?),
        }))
    }

    pub(crate) async fn ensure_stream(&self, spec: &StreamSpec, epoch: Epoch) -> Result<(), BusError> {
        match self {
            Self::Nats(bus) => bus.ensure_stream(spec, epoch).await,
            Self::Memory(bus) => bus.ensure_stream(spec, epoch),
        }
    }

    pub(crate) async fn ensure_consumer(&self, spec: &ConsumerSpec) -> Result<(), BusError> {
        match self {
            Self::Nats(bus) => bus.ensure_consumer(spec).await,
            Self::Memory(bus) => bus.ensure_consumer(spec),
        }
    }

    pub(crate) async fn delete_stream(&self, name: &str) -> Result<bool, BusError> {
        match self {
            Self::Nats(bus) => bus.delete_stream(name).await,
            Self::Memory(bus) => bus.delete_stream(name),
        }
    }

    /// What each stream holds.
    ///
    /// # Errors
    /// When the bus is away or this side may not ask.
    pub async fn stream_states(&self) -> Result<Vec<StreamState>, BusError> {
        match self {
            Self::Nats(bus) => bus.stream_states().await,
            Self::Memory(bus) => bus.stream_states(),
        }
    }
}

/// One message of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// Where it goes.
    pub subject: &'a str,
    /// What.
    pub message: &'a Message,
    /// 0, or the number of the re-send.
    pub attempt: i64,
}

/// A durable consumer, read by one task at a time.
pub struct Consumer(Inner);

enum Inner {
    Nats(Box<NatsConsumer>),
    Memory(MemoryConsumer),
}

impl Consumer {
    /// Up to `max` messages (at most [`crate::FETCH_MAX`]). With `wait_ms` 0 what is there now; else the
    /// call waits for the first one and takes what has come with it. Empty when nothing came.
    ///
    /// # Errors
    /// When the bus is away or the consumer is gone: open it anew.
    pub async fn fetch(&mut self, max: usize, wait_ms: i64) -> Result<Vec<Delivery>, BusError> {
        match &mut self.0 {
            Inner::Nats(consumer) => consumer.fetch(max, wait_ms).await,
            Inner::Memory(consumer) => consumer.fetch(max, wait_ms).await,
        }
    }

    /// What is still to be done: for health and alarms.
    ///
    /// # Errors
    /// When the bus is away or the consumer is gone.
    pub async fn state(&self) -> Result<ConsumerState, BusError> {
        match &self.0 {
            Inner::Nats(consumer) => consumer.state().await,
            Inner::Memory(consumer) => consumer.state(),
        }
    }
}

/// A service at work; ends when dropped.
pub struct Serving(InnerServing);

enum InnerServing {
    Nats(Box<NatsServing>),
    Memory(MemoryServing),
}

impl Serving {
    /// Takes no more commands and waits, for a bounded time, for those at work.
    pub async fn stop(self) {
        match self.0 {
            InnerServing::Nats(serving) => serving.stop().await,
            InnerServing::Memory(serving) => drop(serving),
        }
    }
}
