//! What every command shares: the reply that names the new version, and pages of lists.

use kernel::MatterId;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A command or query of one service, with the type of its answer.
pub trait Command: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Last token of the subject: `register` of `svc.intake.register`.
    const NAME: &'static str;
    /// What comes back.
    type Reply: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static;
}

/// One command as the documents describe it.
#[derive(Clone, Copy)]
pub struct CommandType {
    /// Last token of its subject.
    pub name: &'static str,
    /// Schema of what is asked.
    pub request: fn(&mut SchemaGenerator) -> Schema,
    /// Schema of the answer.
    pub reply: fn(&mut SchemaGenerator) -> Schema,
}

/// A matter changed; the page waits until the board has this version of this context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    /// The matter.
    pub matter_id: MatterId,
    /// `ce-version` of the last fact that the command made, within its order key.
    pub version: i64,
}

/// One page of a list: at most `limit` (1–200), after a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageRequest {
    /// Where the last page ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// How many at most; 50 when absent, 200 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

impl PageRequest {
    /// The number of rows to read: 1 to 200.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, 200)
    }
}

/// One page of answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Cursor of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

macro_rules! commands {
    ($($name:ident = $code:literal -> $reply:ty;)*) => {$(
        impl $crate::Command for $name {
            const NAME: &'static str = $code;
            type Reply = $reply;
        }
    )*
        /// Every command of this service, for the documents.
        pub const COMMANDS: &[$crate::CommandType] = &[$($crate::CommandType {
            name: $code,
            request: <$name as ::schemars::JsonSchema>::json_schema,
            reply: <$reply as ::schemars::JsonSchema>::json_schema,
        }),*];
    };
}
pub(crate) use commands;
