use kernel::MatterId;

use crate::{
    Event, MessageKind,
    codes::{Level, Purpose, Route},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the person did with the proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalUse {
    /// There was none.
    None,
    /// The one proposed first was taken.
    Taken,
    /// Decided otherwise, also when another one of those shown was taken.
    Overruled,
}

/// 甄别: a person decided class, route and category (Art. 22, 29–31).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterScreenedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// Class as decided.
    pub purpose: Purpose,
    /// Code of the catalogue; absent for an accusation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Route of Art. 31, for claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// Level of the competent agency.
    pub level: Level,
    /// 检举控告: content leaves every list and index (Art. 30).
    pub restricted: bool,
    /// Whether the proposed category was taken.
    pub proposal: ProposalUse,
    /// Whether the proposed agency was taken, where the matter was handed over in the same step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_proposal: Option<ProposalUse>,
}

impl Event for MatterScreenedV1 {
    const TYPE: &'static str = "lianxi.routing.matter_screened.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
