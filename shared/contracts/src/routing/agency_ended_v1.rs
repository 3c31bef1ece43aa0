use chrono::NaiveDate;
use kernel::{AgencyCode, RegionCode};

use crate::{Event, MessageKind, codes::AgencyEndKind, routing::AgencyListedV1};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 单位撤并: an agency ends with a day, and who has its functions after it (Art. 24). The fact's own id is the
/// agency's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyEndedV1 {
    /// The entry as it is now.
    #[serde(flatten)]
    pub entry: AgencyListedV1,
    /// How it ends.
    pub ending: Ending,
}

/// The end of an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// Abolished, merged or split.
    pub kind: AgencyEndKind,
    /// Its last day, included.
    pub last_on: NaiveDate,
    /// Who has its functions afterwards. None: the committee or government of the same level names somebody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<Succession>,
    /// The document it rests on, by its number.
    pub ground: String,
}

/// One successor and its share of the functions; what is left empty stands for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    /// Who.
    pub agency: AgencyCode,
    /// Codes of the catalogue that go to it; a first-level code stands for all below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Regions that go to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<RegionCode>,
}

impl Event for AgencyEndedV1 {
    const TYPE: &'static str = "lianxi.routing.agency_ended.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
