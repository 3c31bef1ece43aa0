use kernel::MatterId;

use crate::{Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One proposed code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// A category's or an agency's code.
    pub code: String,
    /// Confidence in percent, 0 to 100.
    pub confidence: i64,
    /// Why, in terms of the rules and the catalogue, never of the petition's own words.
    pub reasons: Vec<Reason>,
}

/// One reason of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// `keyword`, `region`, `category_line`, `level`, `purpose`; `learned` from confirmed matters; `outside`,
    /// `off_line`: the register does not find the agency competent there, or for that.
    pub rule: String,
    /// The catalogue's keyword, the region's code, the competence line, the learned version's number.
    pub detail: String,
}

/// The rules propose category and agency, each with reasons; a person confirms or overrules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterProposedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// Best first; one alone when it is sure, empty when nothing speaks for any.
    pub categories: Vec<Proposal>,
    /// Best first; likewise.
    pub agencies: Vec<Proposal>,
    /// An open matter this may repeat; always confirmed by a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_of: Option<MatterId>,
}

impl Event for MatterProposedV1 {
    const TYPE: &'static str = "lianxi.routing.matter_proposed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
