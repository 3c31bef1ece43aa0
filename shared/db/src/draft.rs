//! What a job wants to say to the world, before the store gives it an id, a version and a hash.

use std::fmt::Display;

use contracts::{Event, MessageKind};
use kernel::{AgencyCode, EventId, UnixMillis};

use crate::StoreError;

/// Longest body, in bytes: well below the bus's `max_payload` of 1 MiB.
pub const MAX_BODY_BYTES: usize = 512 * 1024;

/// A message in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Full CloudEvents type: `lianxi.routing.matter_forwarded.v1`.
    pub event_type: &'static str,
    /// Fact, dispatch, return or dead letter.
    pub kind: MessageKind,
    /// `lianxi/routing`, `lianxi/agency/renshe`.
    pub source: String,
    /// The matter, or the fact's own id.
    pub subject_id: String,
    /// When it happened, business clock.
    pub at: UnixMillis,
    /// The message that caused it.
    pub causation: Option<EventId>,
    /// Exact JSON text.
    pub body: String,
    /// The subject's id was minted in this very transaction, so there is no earlier version to look for.
    /// A wrong claim fails the transaction with [`StoreError::AlreadyThere`].
    pub genesis: bool,
}

impl Draft {
    /// A draft of a typed event. Its source is the context that its type names.
    ///
    /// # Errors
    /// When the event does not serialise.
    pub fn of<E: Event>(subject_id: impl Display, at: UnixMillis, event: &E) -> Result<Self, StoreError> {
        let body = serde_json::to_string(event)
            .map_err(|e| StoreError::other(format!("{} does not serialise: {e}", E::TYPE)))?;
        let context = E::TYPE.split('.').nth(1).unwrap_or_default();
        Ok(Self {
            event_type: E::TYPE,
            kind: E::KIND,
            source: format!("lianxi/{context}"),
            subject_id: subject_id.to_string(),
            at,
            causation: None,
            body,
            genesis: false,
        })
    }

    /// Names the message that caused this one.
    #[must_use]
    pub fn caused_by(mut self, cause: EventId) -> Self {
        self.causation = Some(cause);
        self
    }

    /// Says that the subject's id was minted in this transaction.
    #[must_use]
    pub fn genesis(mut self) -> Self {
        self.genesis = true;
        self
    }

    /// Makes it the answer of an agency.
    #[must_use]
    pub fn returned_by(mut self, agency: &AgencyCode) -> Self {
        self.source = format!("lianxi/agency/{agency}");
        self
    }

    /// Refuses what no consumer could take.
    pub(crate) fn check(&self, agency: Option<&AgencyCode>) -> Result<(), StoreError> {
        let wrong = |why: &str| Err(StoreError::other(format!("draft of {}: {why}", self.event_type)));
        if self.body.len() > MAX_BODY_BYTES {
            return wrong("body above 512 KiB; put the content into intake's store and send its id");
        }
        if self.subject_id.is_empty() || self.subject_id.contains(['.', '*', '>', ' ', '\0']) {
            return wrong("the subject's id is not one token");
        }
        if !self.source.starts_with("lianxi/") {
            return wrong("the source does not begin with `lianxi/`");
        }
        if (self.kind == MessageKind::Dispatch) != agency.is_some() {
            return wrong("dispatches go through `dispatch`, everything else through `publish`");
        }
        Ok(())
    }
}

/// What the store gave a draft. It is on its way once the job has committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// `ce-id`.
    pub id: EventId,
    /// `ce-version`.
    pub version: i64,
    /// Dispatches: the number at the agency.
    pub agency_seq: Option<i64>,
}
