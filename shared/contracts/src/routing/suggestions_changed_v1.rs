use crate::{
    Event, MessageKind,
    codes::{SuggestionChange, SuggestionKind},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 建议版本变更: somebody switched what is proposed from a learned version, or a newcomer was learned. It is about no
/// matter; the fact's own id is `suggest-<kind>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SuggestionsChangedV1 {
    /// Of what.
    pub kind: SuggestionKind,
    /// What was done.
    pub change: SuggestionChange,
    /// The version in use afterwards; none where there is none, or it is switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_use: Option<i64>,
}

impl Event for SuggestionsChangedV1 {
    const TYPE: &'static str = "lianxi.routing.suggestions_changed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
