use crate::{Event, MessageKind, routing::AgencyListedV1};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 单位名录变更: an entry of the register was changed. It is told whole, as it is now; the fact's own id is the
/// agency's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyChangedV1 {
    /// The entry as it is now.
    #[serde(flatten)]
    pub entry: AgencyListedV1,
}

impl Event for AgencyChangedV1 {
    const TYPE: &'static str = "lianxi.routing.agency_changed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
