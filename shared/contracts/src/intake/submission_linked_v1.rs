use kernel::{MatterId, SubmissionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 重复件并入: a person confirmed that a submission repeats an open matter (transition 2). The submission
/// keeps its own number and receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmissionLinkedV1 {
    /// The repeat.
    pub submission_id: SubmissionId,
    /// The matter it belongs to from now on.
    pub matter_id: MatterId,
}

impl Event for SubmissionLinkedV1 {
    const TYPE: &'static str = "lianxi.intake.submission_linked.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
