//! Every message: events with their samples, commands with their answers, and what the server itself says.

use kernel::Refusal;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::{Samples, calls, headers};
use crate::{
    MessageKind,
    agency::commands::PaperBody,
    intake::commands::{AttachmentChunk, Content, Identities},
    registry::{self, EventType},
};

/// All of them, by id.
pub fn all(schemas: &mut SchemaGenerator, samples: &Samples) -> Map<String, Value> {
    // What is sealed or stored as text is named in the guide and described here.
    for define in [define::<Content>, define::<Identities>, define::<AttachmentChunk>, define::<PaperBody>] {
        define(schemas);
    }
    let mut found = Map::new();
    for entry in registry::ALL {
        let of_type = samples.get(entry.event_type).map(Vec::as_slice).unwrap_or_default();
        found.insert(entry.event_type.to_owned(), event(entry, schemas, of_type));
    }
    for (service, commands) in registry::SERVICES {
        for command in *commands {
            found.insert(calls::request_id(service, command.name), calls::request(service, command, schemas));
            found.insert(calls::reply_id(service, command.name), calls::reply(service, command, schemas));
        }
    }
    found.insert("refusal".to_owned(), refusal(schemas));
    found.extend(of_the_server());
    found
}

fn define<T: JsonSchema>(schemas: &mut SchemaGenerator) {
    schemas.subschema_for::<T>();
}

fn event(entry: &EventType, schemas: &mut SchemaGenerator, samples: &[(String, Value)]) -> Value {
    let payload = (entry.payload)(schemas).to_value();
    let about = payload.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let dispatch = entry.kind == MessageKind::Dispatch;
    let examples: Vec<Value> =
        samples.iter().map(|(name, body)| json!({ "name": name, "payload": body })).collect();
    json!({
        "name": entry.event_type,
        "title": crate::type_token(entry.event_type),
        "summary": one_line(&about),
        "contentType": "application/json",
        "headers": headers::of_message(entry.event_type, dispatch),
        "payload": payload,
        "examples": examples,
    })
}

fn refusal(schemas: &mut SchemaGenerator) -> Value {
    json!({
        "name": "refusal",
        "title": "A refusal",
        "summary": "Why not: a stable code, both texts, who can mend it. Marked by the header Nats-Service-Error-Code.",
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": ["Nats-Service-Error-Code", "Nats-Service-Error"],
            "properties": {
                "Nats-Service-Error-Code": { "type": "string", "description": "As in HTTP: 404, 409, 422, 503…" },
                "Nats-Service-Error": { "type": "string", "description": "The stable code: shared/web/ERRORS.md lists all" },
            },
        },
        "payload": Refusal::json_schema(schemas).to_value(),
    })
}

fn of_the_server() -> Map<String, Value> {
    let message = |name: &str, summary: &str, payload: Value, example: Value| {
        json!({
            "name": name, "title": name, "summary": summary, "contentType": "application/json", "payload": payload,
            "examples": [{ "name": "one", "payload": example }],
        })
    };
    let mut found = Map::new();
    let mut add = |id: &str, value: Value| found.insert(id.to_owned(), value);
    add(
        "pull",
        message(
            "pull",
            "Asks for at most `batch` dispatches, and keeps asking for `expires` nanoseconds.",
            json!({ "type": "object", "required": ["batch"], "properties": {
            "batch": { "type": "integer", "minimum": 1, "maximum": 256 },
            "expires": { "type": "integer", "description": "Nanoseconds; 5 to 10 seconds are sensible" },
            "no_wait": { "type": "boolean", "description": "Answer at once, with 404 when there is nothing" },
        } }),
            json!({ "batch": 64, "expires": 5_000_000_000_i64 }),
        ),
    );
    add(
        "pull_status",
        json!({
            "name": "pull_status", "title": "Status of a pull", "contentType": "text/plain",
            "summary": "No dispatch, but how the pull ended: it has no body and a header `Status`.",
            "headers": { "type": "object", "required": ["Status"], "properties": {
                "Status": { "type": "string", "enum": ["100", "404", "408", "409", "503"],
                    "description": "100 heartbeat; 404 nothing there; 408 the pull's time is over; 409 ended by the server (its Description says why); 503 nobody serves this: the stream is away" },
                "Description": { "type": "string" },
            } },
            "payload": { "type": "string", "maxLength": 0 },
        }),
    );
    add(
        "ack",
        json!({
            "name": "ack", "title": "Acknowledgement", "contentType": "text/plain",
            "summary": "+ACK: committed here, do not deliver again. -NAK, or -NAK {\"delay\": nanoseconds}: later. +WPI: still at work.",
            "payload": { "type": "string", "enum": ["+ACK", "-NAK", "+WPI"] },
            "examples": [{ "name": "committed", "payload": "+ACK" }],
        }),
    );
    add(
        "stored",
        message(
            "stored",
            "The server's promise that a return is on its disk.",
            json!({ "type": "object", "required": ["stream", "seq"], "properties": {
            "stream": { "type": "string", "const": "RETURNS" },
            "seq": { "type": "integer" },
            "domain": { "type": "string" },
            "duplicate": { "type": "boolean", "description": "This Nats-Msg-Id was stored before: as good as stored" },
        } }),
            json!({ "stream": "RETURNS", "domain": "hub", "seq": 17 }),
        ),
    );
    add(
        "consumer_info_request",
        message("consumer_info_request", "Empty.", json!({ "type": "object" }), json!({})),
    );
    add(
        "consumer_info",
        message(
            "consumer_info",
            "How much is still to come.",
            json!({ "type": "object", "properties": {
            "num_pending": { "type": "integer", "description": "Dispatches never delivered yet" },
            "num_ack_pending": { "type": "integer", "description": "Delivered and not acknowledged" },
            "num_redelivered": { "type": "integer" },
        } }),
            json!({ "num_pending": 0, "num_ack_pending": 0, "num_redelivered": 0 }),
        ),
    );
    add(
        "dead_letter",
        message(
            "dead_letter",
            "A message that a consumer could not apply: by its ids and the reason alone.",
            json!({ "type": "object", "properties": {
            "consumer": { "type": "string" }, "number": { "type": "integer" },
            "message_id": { "type": "string" }, "reason": { "type": "string" },
        } }),
            json!({ "consumer": "routing-returns", "number": 1, "message_id": "ev_01k1q8s400000000000000000a", "reason": "body of `lianxi.agency.signed.v1` does not fit" }),
        ),
    );
    found
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
