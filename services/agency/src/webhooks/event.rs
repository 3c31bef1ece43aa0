//! A dispatch as a CloudEvent in structured mode, so that the signature covers all of it.

use contracts::Message;
use serde_json::{Map, Value};

/// The media type.
pub const MEDIA_TYPE: &str = "application/cloudevents+json";

/// The event: the attributes that the bus carries as headers, and the body's exact text as `data`.
#[must_use]
pub fn of(message: &Message) -> String {
    let mut attributes = Map::new();
    for (name, value) in message.headers() {
        let name = match name {
            "content-type" => "datacontenttype",
            other => other.strip_prefix("ce-").unwrap_or(other),
        };
        // Numbers are integers in the JSON format of CloudEvents.
        let value = match name {
            "version" => Value::from(message.version),
            "agencyseq" => message.dispatch.as_ref().map_or(Value::Null, |seal| Value::from(seal.seq)),
            _ => Value::String(value),
        };
        attributes.insert(name.to_owned(), value);
    }
    let head = Value::Object(attributes).to_string();
    // `data` is spliced in: read and written anew it might not be the text that the chain's hash is over.
    let open = head.strip_suffix('}').unwrap_or(&head);
    format!("{open},\"data\":{}}}", message.body)
}
