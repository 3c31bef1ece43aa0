//! One delivery of one message: what came, how often, and the ways to answer the server.

use contracts::{BadMessage, Message};

use crate::{BusError, memory, nats};

/// What came in, byte by byte, when it is not one of our messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// `Nats-Msg-Id`, else `<stream>.<sequence>`.
    pub id: String,
    /// Headers as they came.
    pub headers: Vec<(String, String)>,
    /// The body, unreadable bytes replaced.
    pub body: String,
}

/// A message handed to a consumer. Dropping it without an answer lets it come again.
#[derive(Debug)]
pub struct Delivery {
    /// The message, or why it is none.
    pub message: Result<Message, BadMessage>,
    /// What came, kept for the dead letters; only beside an unreadable message.
    pub raw: Option<Raw>,
    /// The subject it came on.
    pub subject: String,
    /// How often it was delivered, from 1.
    pub attempt: i64,
    /// Its place in the stream.
    pub stream_seq: u64,
    pub(crate) acker: Acker,
}

/// The way back to the server.
#[derive(Debug)]
pub(crate) enum Acker {
    Nats(nats::NatsAcker),
    Memory(memory::MemoryAcker),
}

impl Delivery {
    /// Done: it does not come again. Not durable across a crash of the server (bus.md F2), so it may
    /// come again all the same.
    ///
    /// # Errors
    /// When the bus is away.
    pub async fn ack(&self) -> Result<(), BusError> {
        match &self.acker {
            Acker::Nats(acker) => acker.ack().await,
            Acker::Memory(acker) => acker.ack(),
        }
    }

    /// Not now: it comes again after `delay_ms`.
    ///
    /// # Errors
    /// When the bus is away.
    pub async fn nak(&self, delay_ms: i64) -> Result<(), BusError> {
        match &self.acker {
            Acker::Nats(acker) => acker.nak(delay_ms).await,
            Acker::Memory(acker) => acker.nak(delay_ms),
        }
    }

    /// Never again: it was put among the dead letters.
    ///
    /// # Errors
    /// When the bus is away.
    pub async fn term(&self) -> Result<(), BusError> {
        match &self.acker {
            Acker::Nats(acker) => acker.term().await,
            Acker::Memory(acker) => acker.ack(),
        }
    }
}
