//! Commands of an agency's node about a co-agency's part (协办, Art. 24).

use kernel::AssignmentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::commands::{ClaimAnswer, Step};

/// 起草协办意见: the handler's draft, kept sealed at the agency until the head sends it or it is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftPart {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
    /// The draft.
    pub part: PartText,
}

/// 协办意见送主办: the head sends the part to the lead, through the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerCo {
    /// Which task.
    #[serde(flatten)]
    pub step: Step,
    /// The part.
    pub part: PartText,
    /// The signer's name and post.
    pub signer: String,
}

/// What a part says. No identity of the petitioner belongs in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartText {
    /// Facts found.
    pub facts: String,
    /// Law and policy relied on.
    pub basis: String,
    /// One answer per claim that was asked about.
    pub answers: Vec<ClaimAnswer>,
}

/// The draft of a part, for those who work on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShowDraft {
    /// Which task.
    pub assignment_id: AssignmentId,
}

/// 查阅协办意见: the lead opens a part that is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenPart {
    /// The lead's own task.
    pub assignment_id: AssignmentId,
    /// Number of the co-agency's assignment.
    pub co_no: i64,
}
