//! The hashes that tie outbox rows together: per subject, per agency, and through the whole service.
//!
//! SHA-256 over length-prefixed fields and the exact bytes of the body (`trust::chain`). A row carries
//! [`ALGORITHM`], so that another one can follow it.

use contracts::{DispatchSeal, Message, MessageKind};
/// Number of the algorithm in the row.
pub use trust::chain::ALGORITHM;
use trust::chain::ChainHasher;

/// What the first link is tied to.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn fields(tag: &str, prev: &str, message: &Message) -> ChainHasher {
    ChainHasher::v1()
        .field(tag)
        .field(prev)
        .field(message.id.to_string())
        .field(&message.event_type)
        .field(&message.source)
        .field(&message.subject_id)
        .number(message.at.0)
        .number(message.version)
        .optional(message.causation.map(|id| id.to_string()))
        .field(&message.body)
}

/// The hash of a dispatch, from what travels: the agency computes the same and compares it with
/// `seal.hash`, and `seal.prev_hash` with the hash of the one before.
#[must_use]
pub fn dispatch_hash(message: &Message, seal: &DispatchSeal) -> String {
    fields("dispatch", &seal.prev_hash, message)
        .field(seal.agency.as_str())
        .field(&seal.sender)
        .number(seal.seq)
        .finish()
        .to_hex()
}

/// The hash of an outbox row in the chain of its subject. Covers the dispatch's hash too.
pub(crate) fn row_hash(prev: &str, kind: MessageKind, message: &Message) -> String {
    let seal = message.dispatch.as_ref();
    let hasher = fields("outbox", prev, message)
        .field(kind.code())
        .optional(message.traceparent.as_deref())
        .optional(seal.map(|s| s.agency.as_str()))
        .optional(seal.map(|s| &s.hash));
    // Rows from before the column have the hash that they always had.
    match &message.by {
        Some(by) => hasher.field("by").field(by.to_string()),
        None => hasher,
    }
    .finish()
    .to_hex()
}

/// The hash of a line of the service-wide log, which the relay appends to.
pub(crate) fn log_hash(prev: &str, log_seq: i64, row_seq: i64, row_hash: &str) -> String {
    ChainHasher::v1()
        .field("log")
        .field(prev)
        .number(log_seq)
        .number(row_seq)
        .field(row_hash)
        .finish()
        .to_hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What strangers write their own consumer from gives the hash that ours computes.
    #[test]
    fn the_vector_of_the_asyncapi_document_has_its_true_hash() {
        let text = include_str!("../../contracts/asyncapi.json");
        let document: serde_json::Value = serde_json::from_str(text).expect("json");
        let vector = &document["x-hash-vector"];
        let header = |name: &str| vector["headers"][name].as_str().map(str::to_owned);
        let body = vector["body"].as_str().expect("a body");
        let subject = format!("dispatch.renshe.routing.{}", header("ce-subject").expect("a subject"));
        let message = Message::from_wire(&subject, &header, body.as_bytes()).expect("a message");
        let seal = message.dispatch.clone().expect("a dispatch");
        assert_eq!(dispatch_hash(&message, &seal), seal.hash);
    }
}
