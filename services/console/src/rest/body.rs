//! Bodies of commands: the contracts' own, with the id from the path.

use contracts::Command;
use kernel::{MatterId, Refusal};
use serde_json::Value;

use crate::error;

/// The id in a path.
///
/// # Errors
/// `bad_id`.
pub fn id<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| error::BAD_ID.refuse())
}

/// A matter's id in a path.
///
/// # Errors
/// `bad_id`.
pub fn matter_id(text: &str) -> Result<MatterId, Refusal> {
    id(text)
}

/// A command from its body; the path alone says which thing it is about.
///
/// # Errors
/// `malformed_input` with the field.
pub fn command<C: Command>(mut body: Value, field: &str, id: &impl std::fmt::Display) -> Result<C, Refusal> {
    let Some(fields) = body.as_object_mut() else { return Err(web::errors::MALFORMED_INPUT.refuse()) };
    fields.insert(field.to_owned(), Value::String(id.to_string()));
    serde_path_to_error::deserialize(body).map_err(|error| {
        let refusal = web::errors::MALFORMED_INPUT.refuse();
        let path = error.path().to_string();
        // A parser's own message may quote what was typed; the path and a missing name are ours.
        let message = error.inner().to_string();
        let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        match (path.as_str(), missing) {
            ("." | "?", None) => refusal,
            ("." | "?", Some(missing)) => refusal.at(missing),
            (path, None) => refusal.at(path.chars().take(120).collect::<String>()),
            (path, Some(missing)) => refusal.at(format!("{path}.{missing}")),
        }
    })
}
