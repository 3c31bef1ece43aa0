use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Answers;
use crate::{Event, MessageKind};

/// 签收: somebody at the agency took the assignment in hand. Measured apart from delivery (domain.md 1.5 h).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignedV1 {
    /// Which assignment.
    #[serde(flatten)]
    pub answers: Answers,
    /// The day it was signed for.
    pub signed_on: NaiveDate,
}

impl Event for SignedV1 {
    const TYPE: &'static str = "lianxi.agency.signed.v1";
    const KIND: MessageKind = MessageKind::Return;
}
