//! What each side does.

use serde_json::{Map, Value, json};

use super::{calls, contexts, facts_of, of_channel, of_kind};
use crate::{MessageKind, registry, type_token};

/// Every operation; `send` and `receive` are those of the one whose tag it carries.
pub fn all() -> Map<String, Value> {
    let mut found = of_agency();
    found.extend(of_office());
    found.extend(calls::operations());
    found
}

fn operation(action: &str, view: &str, channel: &str, messages: &[&str], about: &str) -> Value {
    json!({
        "action": action,
        "channel": { "$ref": format!("#/channels/{channel}") },
        "tags": [{ "name": view }],
        "summary": about,
        "messages": of_channel(channel, messages.iter().copied()),
    })
}

fn replied(mut operation: Value, channel: &str, messages: &[&str]) -> Value {
    if let Some(fields) = operation.as_object_mut() {
        fields.insert(
            "reply".to_owned(),
            json!({
                "channel": { "$ref": format!("#/channels/{channel}") },
                "messages": of_channel(channel, messages.iter().copied()),
            }),
        );
    }
    operation
}

fn of_agency() -> Map<String, Value> {
    let dispatches: Vec<&str> = of_kind(MessageKind::Dispatch).collect();
    let answers: Vec<&str> = dispatches.iter().copied().chain(["pull_status"]).collect();
    let mut found = Map::new();
    let mut add = |id: String, operation: Value| found.insert(id, operation);
    let pull = operation("send", "agency", "pull", &["pull"], "Asks for dispatches.");
    add("agency_pulls".to_owned(), replied(pull, "delivered", &answers));
    let take = operation(
        "receive",
        "agency",
        "delivered",
        &dispatches,
        "Takes a dispatch: checks number and hash, commits it with its effect and a receipt, then acknowledges.",
    );
    add("agency_takes_dispatch".to_owned(), take);
    add(
        "agency_acknowledges".to_owned(),
        operation("send", "agency", "ack", &["ack"], "After the commit, never before."),
    );
    let info = operation("send", "agency", "info", &["consumer_info_request"], "Looks how much is to come.");
    add("agency_looks".to_owned(), replied(info, "info_reply", &["consumer_info"]));
    for entry in registry::ALL.iter().filter(|e| e.kind == MessageKind::Return) {
        let about = (entry.schema)()
            .as_value()
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
        let answer = operation("send", "agency", "out", &[entry.event_type], &about);
        add(
            format!("agency_returns_{}", type_token(entry.event_type)),
            replied(answer, "stored", &["stored"]),
        );
    }
    found
}

fn of_office() -> Map<String, Value> {
    let mut found = Map::new();
    for context in contexts() {
        let (channel, types) = (format!("facts_{context}"), facts_of(context).collect::<Vec<_>>());
        let said = operation("send", "office", &channel, &types, "Said by the owner alone, from its outbox.");
        found.insert(format!("office_{context}_states_facts"), said);
        let heard = operation(
            "receive",
            "office",
            &channel,
            &types,
            "Heard by every other service, each with one durable consumer.",
        );
        found.insert(format!("office_hears_facts_of_{context}"), heard);
    }
    let dispatches: Vec<&str> = of_kind(MessageKind::Dispatch).collect();
    let sent = operation(
        "send",
        "office",
        "dispatches",
        &dispatches,
        "Numbered and chained by its sender; closed by a receipt, sent again without one.",
    );
    found.insert("office_dispatches".to_owned(), sent);
    let returns: Vec<&str> = of_kind(MessageKind::Return).collect();
    let taken = operation(
        "receive",
        "office",
        "returns",
        &returns,
        "Checked by the type's owner; a stale one is recorded and changes nothing.",
    );
    found.insert("office_takes_returns".to_owned(), taken);
    let buried = operation(
        "send",
        "office",
        "dead_letters",
        &["dead_letter"],
        "Tells that a message could not be applied.",
    );
    found.insert("office_buries".to_owned(), buried);
    found
}
