//! The headers of every message: CloudEvents 1.0 in NATS binary mode.

use kernel::BY_PATTERN;
use serde_json::{Map, Value, json};

use crate::envelope::AUTH_TYPE;

/// Adds the schemas of headers to the document's own.
pub fn define(schemas: &mut Map<String, Value>) {
    schemas.insert("CloudEventHeaders".to_owned(), cloud_event());
    schemas.insert("DispatchHeaders".to_owned(), dispatch());
}

fn cloud_event() -> Value {
    json!({
        "type": "object",
        "description": "CloudEvents 1.0 attributes, one NATS header each. No header ever holds personal data.",
        "required": ["ce-specversion", "ce-id", "ce-type", "ce-source", "ce-subject", "ce-time", "ce-version"],
        "properties": {
            "ce-specversion": { "type": "string", "const": "1.0" },
            "ce-id": { "type": "string", "pattern": "^ev_[0-7][0-9a-hjkmnp-tv-z]{25}$",
                "description": "Names the message for ever; a message that comes again has the same id." },
            "ce-type": { "type": "string", "description": "Type and version: lianxi.<context>.<type>.v1" },
            "ce-source": { "type": "string", "description": "lianxi/<service>, or lianxi/agency/<code>" },
            "ce-subject": { "type": "string",
                "description": "The matter, or the fact's own id; the last token of the NATS subject. Of a receipt: the sender whose dispatches it is about." },
            "ce-time": { "type": "string", "format": "date-time", "description": "RFC 3339 with milliseconds, business clock" },
            "ce-version": { "type": "string", "pattern": "^[1-9][0-9]*$",
                "description": "Counts per (ce-source, ce-subject) from 1 without gaps; of a dispatch per (ce-source, ce-agency, ce-subject)." },
            "ce-causationid": { "type": "string", "description": "ce-id of the message that caused this one" },
            "ce-authtype": { "type": "string", "const": AUTH_TYPE,
                "description": "CloudEvents extension Auth Context; with ce-authid" },
            "ce-authid": { "type": "string", "pattern": BY_PATTERN,
                "description": "In whose name it was recorded: an account of the office or of an agency, never a petitioner. Absent where a rule or a timer acted. An agency names its own accounts, agency/<code>/us_…; never on a dispatch." },
            "content-type": { "type": "string", "const": "application/json" },
            "traceparent": { "type": "string", "description": "W3C trace context" },
            "Nats-Msg-Id": { "type": "string", "description": "ce-id; of a repeated dispatch ce-id.<attempt>. The server drops one that it has seen." },
        },
    })
}

fn dispatch() -> Value {
    json!({
        "type": "object",
        "description": "What numbers and ties dispatches together, per (ce-sender, ce-agency).",
        "required": ["ce-agency", "ce-sender", "ce-agencyseq", "ce-prevhash", "ce-hash"],
        "properties": {
            "ce-agency": { "type": "string", "description": "Whom it is for" },
            "ce-sender": { "type": "string", "description": "The service that numbers it" },
            "ce-agencyseq": { "type": "string", "pattern": "^[1-9][0-9]*$",
                "description": "From 1 without gaps per sender" },
            "ce-prevhash": { "type": "string", "pattern": "^[0-9a-f]{64}$",
                "description": "ce-hash of the sender's dispatch before it; 64 zeros for the first" },
            "ce-hash": { "type": "string", "pattern": "^[0-9a-f]{64}$",
                "description": "Hash of this dispatch; the guide says over what" },
        },
    })
}

/// The schema of a message's headers.
pub fn of_message(event_type: &str, dispatch: bool) -> Value {
    let mut all = vec![json!({ "$ref": "#/components/schemas/CloudEventHeaders" })];
    if dispatch {
        all.push(json!({ "$ref": "#/components/schemas/DispatchHeaders" }));
    }
    json!({ "type": "object", "allOf": all, "properties": { "ce-type": { "type": "string", "const": event_type } } })
}

/// A dispatch with its true hash, for whoever writes the hash anew. A test of `db` checks it.
pub fn hash_vector() -> Value {
    json!({
        "headers": {
            "ce-id": "ev_01k1q8s400000000000000000a",
            "ce-type": "lianxi.routing.assignment_dispatched.v1",
            "ce-source": "lianxi/routing",
            "ce-subject": "xf_01k1q8s4000000000000000001",
            "ce-time": "2026-08-04T09:00:00.125+08:00",
            "ce-version": "1",
            "ce-agency": "renshe",
            "ce-sender": "routing",
            "ce-agencyseq": "1",
            "ce-prevhash": "0".repeat(64),
            "ce-hash": "ddca8977b2601ad71234718fb28e42ff6d070c0566b705ddd170d4ff8b152dfa",
        },
        "body": "{\"matter_id\":\"xf_01k1q8s4000000000000000001\",\"note\":\"联席\"}",
    })
}
