//! Subjects, as either side sees them.

use serde_json::{Map, Value, json};

use super::{calls, contexts, facts_of, message_refs, of_kind, tokens};
use crate::MessageKind;

fn seen_by(server: &str) -> Value {
    json!([{ "$ref": format!("#/servers/{server}") }])
}

/// Every channel.
pub fn all() -> Map<String, Value> {
    let mut found = of_agency();
    found.extend(of_office());
    found.extend(calls::channels());
    found
}

/// What exists in an agency's own account.
fn of_agency() -> Map<String, Value> {
    let agency = json!({ "description": "The agency's own code" });
    let dispatches: Vec<&str> = of_kind(MessageKind::Dispatch).chain(["pull_status"]).collect();
    let returns: Vec<&str> = of_kind(MessageKind::Return).collect();
    let mut found = Map::new();
    let mut add = |id: &str, channel: Value| found.insert(id.to_owned(), channel);
    add(
        "pull",
        json!({
            "address": "JS.core.API.CONSUMER.MSG.NEXT.DISPATCH_{agency}.worker",
            "description": "Asks for the next dispatches of this agency's one durable consumer. Answers come to the reply subject of the request.",
            "servers": seen_by("agency"), "parameters": { "agency": agency }, "messages": message_refs(["pull"]),
        }),
    );
    add(
        "delivered",
        json!({
            "address": null,
            "description": "The reply subject of a pull (`_INBOX.…`). Each dispatch arrives with its own subject `dispatch.<agency>.<sender>.<matter>`; its reply subject is where it is acknowledged.",
            "servers": seen_by("agency"), "messages": message_refs(dispatches),
        }),
    );
    add(
        "ack",
        json!({
            "address": "$JS.ACK.hub.{account}.DISPATCH_{agency}.worker.{delivery}",
            "description": "The reply subject of a delivered dispatch, taken as it came; the account may publish there and nowhere else below `$JS`.",
            "servers": seen_by("agency"),
            "parameters": { "agency": agency, "account": { "description": "Hash of the account, as it came" }, "delivery": { "description": "Several tokens, as they came" } },
            "messages": message_refs(["ack"]),
        }),
    );
    add(
        "info",
        json!({
            "address": "JS.core.API.CONSUMER.INFO.DISPATCH_{agency}.worker",
            "description": "How much is still to come.",
            "servers": seen_by("agency"), "parameters": { "agency": agency }, "messages": message_refs(["consumer_info_request"]),
        }),
    );
    add(
        "info_reply",
        json!({
            "address": null, "description": "The reply subject of the request.", "messages": message_refs(["consumer_info"]),
        }),
    );
    add(
        "out",
        json!({
            "address": "out.{type}.{subject}",
            "description": "The way out. The office's server makes it `returns.<agency>.<type>.<subject>`, so that nobody can answer in another's name.",
            "servers": seen_by("agency"),
            "parameters": {
                "type": { "enum": tokens(returns.iter().copied()), "description": "The type in one token" },
                "subject": { "description": "ce-subject: the matter; of a receipt the sender" },
            },
            "messages": message_refs(returns),
        }),
    );
    add(
        "stored",
        json!({
            "address": null, "description": "The reply subject of a return: no answer means not stored, send it again.",
            "messages": message_refs(["stored"]),
        }),
    );
    found
}

/// What exists in the office's account.
fn of_office() -> Map<String, Value> {
    let mut found = Map::new();
    for context in contexts() {
        let types: Vec<&str> = facts_of(context).collect();
        found.insert(format!("facts_{context}"), json!({
            "address": format!("evt.{context}.{{type}}.{{id}}"),
            "description": format!("Facts of {context}, past tense. Stream EVT; consumers filter by whole contexts (`evt.{context}.>`), so that a gap in ce-version is a gap."),
            "servers": seen_by("office"),
            "parameters": {
                "type": { "enum": tokens(types.iter().copied()) },
                "id": { "description": "ce-subject: the matter, or the fact's own id" },
            },
            "messages": message_refs(types),
        }));
    }
    found.insert("dispatches".to_owned(), json!({
        "address": "dispatch.{agency}.{sender}.{matter}",
        "description": "What one agency must act on. Stream DISPATCH_<agency>, one durable consumer `worker`.",
        "servers": seen_by("office"),
        "parameters": { "agency": {}, "sender": { "description": "The service that numbers it" }, "matter": {} },
        "messages": message_refs(of_kind(MessageKind::Dispatch)),
    }));
    found.insert("returns".to_owned(), json!({
        "address": "returns.{agency}.{type}.{subject}",
        "description": "What agencies answer. Stream RETURNS; the second token is stamped by the server. Each type has one owner that checks it; everyone else acts on the owner's fact.",
        "servers": seen_by("office"),
        "parameters": { "agency": {}, "type": { "enum": tokens(of_kind(MessageKind::Return)) }, "subject": {} },
        "messages": message_refs(of_kind(MessageKind::Return)),
    }));
    found.insert(
        "dead_letters".to_owned(),
        json!({
            "address": "dlq.{consumer}.{subject}",
            "description": "What could not be applied. Stream DLQ.",
            "servers": seen_by("office"),
            "parameters": { "consumer": {}, "subject": {} },
            "messages": message_refs(["dead_letter"]),
        }),
    );
    found
}
