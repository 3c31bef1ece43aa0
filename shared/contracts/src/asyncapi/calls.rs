//! Commands and queries: request and reply.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::{CommandType, registry};

/// Commands that each agency has its own subject for.
const PER_AGENCY: &[(&str, &str)] = &[("intake", "open"), ("intake", "put"), ("routing", "site")];

pub fn channel_id(service: &str, command: &str) -> String {
    format!("svc_{service}_{command}")
}

pub fn request_id(service: &str, command: &str) -> String {
    format!("{service}.{command}.request")
}

pub fn reply_id(service: &str, command: &str) -> String {
    format!("{service}.{command}.reply")
}

/// Every command with its service.
pub fn each() -> impl Iterator<Item = (&'static str, &'static CommandType)> {
    registry::SERVICES.iter().flat_map(|(service, commands)| commands.iter().map(move |c| (*service, c)))
}

/// Whether an agency asks it of the office through its own account.
pub fn asked_by_agencies(service: &str, command: &str) -> bool {
    PER_AGENCY.contains(&(service, command))
}

/// Its subject.
pub fn address(service: &str, command: &str) -> String {
    if asked_by_agencies(service, command) {
        format!("svc.{service}.{command}.{{agency}}")
    } else if service == "agency" {
        format!("svc.agency.{{agency}}.{command}")
    } else {
        format!("svc.{service}.{command}")
    }
}

pub fn request(service: &str, command: &CommandType, schemas: &mut SchemaGenerator) -> Value {
    let asked = asked_by_agencies(service, command.name);
    let mut message = described(service, command.name, "request", &(command.request)(schemas).to_value());
    if let (false, Some(fields)) = (asked, message.as_object_mut()) {
        fields.insert("headers".to_owned(), json!({
            "type": "object",
            "required": ["Lianxi-Actor"],
            "properties": {
                "Lianxi-Actor": { "type": "string", "description": "Signed token of the person who asks; made by the console" },
                "Lianxi-Idempotency-Key": { "type": "string", "description": "The same key again gives the same answer" },
                "traceparent": { "type": "string" },
            },
        }));
    }
    message
}

pub fn reply(service: &str, command: &CommandType, schemas: &mut SchemaGenerator) -> Value {
    described(service, command.name, "reply", &(command.reply)(schemas).to_value())
}

fn described(service: &str, command: &str, what: &str, payload: &Value) -> Value {
    let about = payload.get("description").and_then(Value::as_str).unwrap_or_default();
    json!({
        "name": format!("{service}.{command}.{what}"),
        "title": format!("{command}, {what}"),
        "summary": about.split_whitespace().collect::<Vec<_>>().join(" "),
        "contentType": "application/json",
        "payload": payload,
    })
}

/// The two channels of each command.
pub fn channels() -> Map<String, Value> {
    let mut found = Map::new();
    for (service, command) in each() {
        let (id, name) = (channel_id(service, command.name), command.name);
        let agencies = asked_by_agencies(service, name) || service == "agency";
        let servers: Vec<Value> = if agencies { &["agency", "office"][..] } else { &["office"][..] }
            .iter()
            .map(|s| json!({ "$ref": format!("#/servers/{s}") }))
            .collect();
        let mut channel = json!({
            "address": address(service, name),
            "description": format!("`{name}` of {service}: request and reply, an endpoint of the NATS Services API."),
            "servers": servers,
            "messages": super::message_refs([request_id(service, name).as_str()]),
        });
        if let (true, Some(fields)) = (agencies, channel.as_object_mut()) {
            fields.insert("parameters".to_owned(), json!({ "agency": { "description": "The agency's code; the server lets each use its own alone" } }));
        }
        found.insert(id.clone(), channel);
        found.insert(
            format!("{id}_reply"),
            json!({
                "address": null,
                "description": "The reply subject of the request (an inbox of the one who asked).",
                "messages": super::message_refs([reply_id(service, name).as_str(), "refusal"]),
            }),
        );
    }
    found
}

/// Who asks and who answers.
pub fn operations() -> Map<String, Value> {
    let mut found = Map::new();
    for (service, command) in each() {
        let (id, name) = (channel_id(service, command.name), command.name);
        let operation = |action: &str, view: &str| {
            json!({
                "action": action,
                "channel": { "$ref": format!("#/channels/{id}") },
                "tags": [{ "name": view }],
                "messages": super::of_channel(&id, [request_id(service, name).as_str()]),
                "reply": {
                    "channel": { "$ref": format!("#/channels/{id}_reply") },
                    "messages": super::of_channel(&format!("{id}_reply"), [reply_id(service, name).as_str(), "refusal"]),
                },
            })
        };
        if service == "agency" {
            found.insert(format!("agency_answers_{name}"), operation("receive", "agency"));
            continue;
        }
        found.insert(format!("office_{service}_answers_{name}"), operation("receive", "office"));
        if asked_by_agencies(service, name) {
            found.insert(format!("agency_asks_{name}"), operation("send", "agency"));
        }
    }
    found
}
