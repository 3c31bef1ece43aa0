//! What is wrong with a problem or a plan, by the name of its field.

/// A problem that cannot be read or makes no sense. Who wrote the file mends the field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct ProblemError {
    /// The field, as a path: `meetings[3].required[2]`.
    pub field: String,
    /// What is wrong with it, and what would be right.
    pub why: String,
}

impl ProblemError {
    /// An error at a field.
    pub fn at(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self { field: field.into(), why: why.into() }
    }
}

/// Reads JSON and names the field that does not fit.
///
/// # Errors
/// When the text is no JSON or a field is missing or of another type.
pub fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, ProblemError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|e| ProblemError::at(path(&e.path().to_string()), e.inner().to_string()))?;
    reader.end().map_err(|e| ProblemError::at("(file)", e.to_string()))?;
    Ok(value)
}

fn path(path: &str) -> String {
    if path == "." { "(file)".to_owned() } else { path.to_owned() }
}
