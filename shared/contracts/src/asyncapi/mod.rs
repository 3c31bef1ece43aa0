//! Renders `asyncapi.json`: AsyncAPI 3 of the whole bus, from the registry, so that a type or a command that is
//! added appears by itself. Its description is `guide.md`, which lets a stranger write an agency's consumer.

mod calls;
mod channels;
mod headers;
mod messages;
mod operations;

use std::{collections::BTreeMap, fs, io, path::Path};

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{MessageKind, registry, type_token};

/// Samples by event type: file name without its ending, and content.
pub type Samples = BTreeMap<String, Vec<(String, Value)>>;

/// Reads the samples below a folder, the crate's own.
///
/// # Errors
/// When a sample cannot be read, or is no JSON.
pub fn samples(root: &Path) -> io::Result<Samples> {
    let mut found = Samples::new();
    for folder in fs::read_dir(root.join("samples"))? {
        let folder = folder?;
        let mut of_type = Vec::new();
        for file in fs::read_dir(folder.path())? {
            let path = file?.path();
            let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            of_type.push((name, serde_json::from_str(&fs::read_to_string(&path)?)?));
        }
        of_type.sort_by(|a: &(String, Value), b| a.0.cmp(&b.0));
        found.insert(folder.file_name().to_string_lossy().into_owned(), of_type);
    }
    Ok(found)
}

/// The document, as text.
#[must_use]
pub fn document(samples: &Samples) -> String {
    // AsyncAPI's own schema dialect is draft 07 and a little more.
    let settings = SchemaSettings::draft07().with(|s| {
        s.definitions_path = "/components/schemas".into();
        s.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let messages = messages::all(&mut schemas, samples);
    let mut whole = json!({
        "asyncapi": "3.0.0",
        "id": "urn:lianxi:bus",
        "info": {
            "title": "联席 Lianxi: the bus of a petition joint-conference office",
            "version": "1.0.0",
            "description": include_str!("guide.md"),
            "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" },
            "tags": tags(),
        },
        "x-hash-vector": headers::hash_vector(),
        "defaultContentType": "application/json",
        "servers": servers(),
        "channels": channels::all(),
        "operations": operations::all(),
        "components": {
            "messages": messages,
            "securitySchemes": { "nkey": {
                "type": "asymmetricEncryption",
                "description": "A NATS nkey (Ed25519). The client signs the server's nonce with its seed (SU…), which never leaves it.",
            } },
        },
    });
    let defined = definitions(&mut schemas);
    if let Some(components) = whole.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("schemas".to_owned(), Value::Object(defined));
    }
    // Sorted here, not by a feature of a crate that another crate may switch on.
    serde_json::to_string_pretty(&sorted(whole)).unwrap_or_default() + "\n"
}

fn definitions(schemas: &mut SchemaGenerator) -> Map<String, Value> {
    let mut defined = schemas.take_definitions(true);
    headers::define(&mut defined);
    defined
}

fn tags() -> Value {
    json!([
        { "name": "agency", "description": "What an agency's own program does, in its own account." },
        { "name": "office", "description": "What the services of the office do, in the account CORE." },
    ])
}

fn servers() -> Value {
    let variables = json!({
        "host": { "description": "Told by the office with the key.", "default": "127.0.0.1" },
        "port": { "description": "The same.", "default": "4222" },
    });
    let server = |name: &str, about: &str| {
        json!({
            "host": "{host}:{port}", "protocol": "nats", "title": name, "description": about,
            "variables": variables, "security": [{ "$ref": "#/components/securitySchemes/nkey" }],
        })
    };
    json!({
        "agency": server("As one agency sees it", "The agency's own account: its pull, its returns, its two requests, nothing else exists."),
        "office": server("As the office sees it", "The account CORE, which owns the streams."),
    })
}

/// The types of a kind, in the registry's order.
fn of_kind(kind: MessageKind) -> impl Iterator<Item = &'static str> {
    registry::ALL.iter().filter(move |e| e.kind == kind).map(|e| e.event_type)
}

/// The contexts that have facts.
fn contexts() -> Vec<&'static str> {
    let mut found: Vec<&str> = of_kind(MessageKind::Fact).filter_map(|t| t.split('.').nth(1)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The types of a context's facts.
fn facts_of(context: &str) -> impl Iterator<Item = &'static str> + '_ {
    of_kind(MessageKind::Fact).filter(move |t| t.split('.').nth(1) == Some(context))
}

fn message_refs<'t>(types: impl IntoIterator<Item = &'t str>) -> Map<String, Value> {
    types
        .into_iter()
        .map(|t| (t.to_owned(), json!({ "$ref": format!("#/components/messages/{t}") })))
        .collect()
}

/// References from an operation to messages of a channel.
fn of_channel<'t>(channel: &str, types: impl IntoIterator<Item = &'t str>) -> Vec<Value> {
    types.into_iter().map(|t| json!({ "$ref": format!("#/channels/{channel}/messages/{t}") })).collect()
}

fn tokens<'t>(types: impl IntoIterator<Item = &'t str>) -> Vec<&'t str> {
    types.into_iter().map(type_token).collect()
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().collect();
            Value::Object(fields.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
