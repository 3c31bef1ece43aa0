//! What can go wrong on the way to and from the bus.

use kernel::Refusal;

/// The bus did not do what was asked. Nothing is lost by it: what was to go out stays in the outbox,
/// what was to be acknowledged comes again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The server cannot be reached, or did not answer in time. Operator; try again later.
    #[error("the bus is away: {0}")]
    Away(String),
    /// A stream or a consumer is not there. Operator: `lianxi bus rebuild`, or the agency is not set up.
    #[error("the bus has no {0}")]
    Missing(String),
    /// This side of the bus may not do that. Developer.
    #[error("not allowed on this side of the bus: {0}")]
    Forbidden(String),
    /// The message is larger than the server takes. Developer.
    #[error("a message of {bytes} bytes on `{subject}`: the bus takes {limit}")]
    TooLarge {
        /// Where it was to go.
        subject: String,
        /// Body and headers.
        bytes: usize,
        /// What the server takes.
        limit: usize,
    },
    /// The server said no. Operator.
    #[error("the bus refused ({code}): {why}")]
    Refused {
        /// The server's own error code, 0 when it gave none.
        code: u64,
        /// Its words.
        why: String,
    },
    /// The configuration, a key or an address cannot be used. Operator.
    #[error("bus set-up: {0}")]
    Setup(String),
}

impl BusError {
    /// Whether waiting may mend it.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            Self::Away(_) | Self::Missing(_) | Self::Refused { .. } => true,
            Self::Forbidden(_) | Self::TooLarge { .. } | Self::Setup(_) => false,
        }
    }
}

/// A command did not give an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The owner said no, and says why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody answered in time; whether the command was carried out is not known. Callers repeat with
    /// the same idempotency key.
    #[error("nobody answered: {0}")]
    Away(String),
}
