//! In which order a consumer applies: by the versions of each subject, or by the numbers of each sender.

use contracts::Message;
use db::{
    chain,
    inbox::{Applied, SubjectKey},
};
use kernel::AgencyCode;

/// The order of a consumer.
pub(crate) enum Order {
    /// Facts and returns: `ce-version` per (`order_key`, `subject_id`).
    Versions,
    /// Dispatches at their agency: `ce-agencyseq` per sender, tied by hashes.
    Dispatches {
        /// Whose dispatches.
        agency: AgencyCode,
        /// Which installation answers.
        site: String,
    },
}

impl Order {
    /// Whose numbers a message counts in.
    pub fn key(&self, message: &Message) -> SubjectKey {
        match (self, &message.dispatch) {
            (Self::Dispatches { .. }, Some(seal)) => SubjectKey::new(seal.sender.clone(), ""),
            _ => SubjectKey::new(message.order_key(), message.subject_id.clone()),
        }
    }

    /// Its number there, from 1 without gaps.
    pub fn number(&self, message: &Message) -> i64 {
        match (self, &message.dispatch) {
            (Self::Dispatches { .. }, Some(seal)) => seal.seq,
            _ => message.version,
        }
    }

    /// What is noted once it is applied.
    pub fn mark(&self, message: &Message) -> Applied {
        let hash = match (self, &message.dispatch) {
            (Self::Dispatches { .. }, Some(seal)) => Some(seal.hash.clone()),
            _ => None,
        };
        Applied { version: self.number(message), hash }
    }

    /// Whether the message may be taken in at all; else why not.
    pub fn check(&self, message: &Message) -> Result<(), String> {
        let Self::Dispatches { agency, .. } = self else { return Ok(()) };
        let Some(seal) = &message.dispatch else { return Err("a dispatch without its number".to_owned()) };
        if seal.agency != *agency {
            return Err(format!("a dispatch to {}", seal.agency));
        }
        if chain::dispatch_hash(message, seal) != seal.hash {
            return Err(format!("dispatch {} of {} is not what its hash says", seal.seq, seal.sender));
        }
        Ok(())
    }

    /// Whether the message follows on the last one by its hash; else why not.
    pub fn follows(&self, message: &Message, last: Option<&Applied>) -> Result<(), String> {
        let (Self::Dispatches { .. }, Some(seal)) = (self, &message.dispatch) else { return Ok(()) };
        let before = last.and_then(|l| l.hash.as_deref()).unwrap_or(chain::GENESIS);
        if seal.prev_hash == before {
            Ok(())
        } else {
            Err(format!("dispatch {} of {} does not follow on the one before it", seal.seq, seal.sender))
        }
    }

    /// Whether the inbox keeps message ids. Numbered dispatches need none: a damaged copy must not bar the
    /// sound one that is sent again under the same id.
    pub fn keeps_ids(&self) -> bool {
        matches!(self, Self::Versions)
    }
}
