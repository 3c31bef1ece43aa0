//! Dead letters: kept in the consumer's database, and told on the bus by the office's services.

use std::collections::HashMap;

use contracts::{Message, MessageKind, subject::DEAD_LETTER_TYPE};
use db::{
    Draft, StoreError, Tx,
    dead_letter::{self, Burial, DeadLetter},
};
use kernel::{Clock, EventId};
use serde_json::json;

use crate::Raw;

/// What stands for the matter of a message that cannot be read.
const UNREADABLE: &str = "unreadable";

/// A message to be buried.
pub(super) struct Letter {
    burial: Burial,
    subject_id: String,
    cause: Option<EventId>,
}

impl Letter {
    pub fn of(message: &Message, subject: &str, why: &str) -> Self {
        let headers = message.headers().into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        Self {
            burial: burial(message.id.to_string(), subject, headers, message.body.as_bytes(), why),
            subject_id: message.subject_id.clone(),
            cause: Some(message.id),
        }
    }

    pub fn of_raw(raw: &Raw, subject: &str, why: &str) -> Self {
        let headers = raw.headers.iter().cloned().collect();
        Self {
            burial: burial(raw.id.clone(), subject, headers, raw.body.as_bytes(), why),
            subject_id: UNREADABLE.to_owned(),
            cause: None,
        }
    }

    /// A letter whose other try went wrong.
    pub fn again(letter: &DeadLetter, why: &str) -> Self {
        let (id, subject) = (letter.message_id.clone(), &letter.subject);
        Self {
            burial: burial(id, subject, letter.headers.clone(), &letter.body, why),
            subject_id: letter.headers.get("ce-subject").cloned().unwrap_or_else(|| UNREADABLE.to_owned()),
            cause: letter.message_id.parse().ok(),
        }
    }

    /// Buries it; `tell`: and says so on the bus, by ids and reason alone.
    pub async fn bury(mut self, tx: &mut Tx<'_>, consumer: &str, tell: bool) -> Result<(), StoreError> {
        consumer.clone_into(&mut self.burial.consumer);
        let number = dead_letter::bury(tx, &self.burial).await?;
        tracing::warn!(
            consumer,
            number,
            message.id = self.burial.message_id,
            "dead letter: {}",
            self.burial.reason
        );
        if !tell {
            return Ok(());
        }
        let body = json!({
            "consumer": consumer,
            "number": number,
            "message_id": self.burial.message_id,
            "reason": self.burial.reason,
        });
        let draft = Draft {
            event_type: DEAD_LETTER_TYPE,
            kind: MessageKind::DeadLetter,
            // A chain of its own: the versions of the service's facts must show no gap.
            source: format!("{DEAD_LETTER_SOURCE}{consumer}"),
            subject_id: token(&self.subject_id),
            at: tx.clocks().business.now(),
            causation: self.cause,
            body: body.to_string(),
            genesis: false,
        };
        tx.publish(draft).await.map(drop)
    }
}

/// What the source of a dead letter begins with; the consumer's name follows.
pub(crate) const DEAD_LETTER_SOURCE: &str = "lianxi/dlq/";

fn burial(
    message_id: String,
    subject: &str,
    headers: HashMap<String, String>,
    body: &[u8],
    why: &str,
) -> Burial {
    Burial {
        consumer: String::new(),
        message_id,
        subject: subject.to_owned(),
        headers,
        body: body.to_vec(),
        reason: why.to_owned(),
    }
}

/// One token of a subject, whatever came in.
fn token(text: &str) -> String {
    let fits = !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if fits { text.to_owned() } else { UNREADABLE.to_owned() }
}
