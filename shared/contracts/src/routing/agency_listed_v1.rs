use chrono::NaiveDate;
use kernel::{AgencyCode, RegionCode};

use crate::{Event, MessageKind, codes::Level};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 单位名录: an agency was entered into the register. The fact's own id is the agency's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyListedV1 {
    /// Its code.
    pub agency: AgencyCode,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// City, county, township.
    pub level: Level,
    /// Where it is competent.
    pub region: RegionCode,
    /// The unit above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superior: Option<AgencyCode>,
    /// Whether it works at a screen; if not, the office records its steps.
    pub computer: bool,
    /// Mail address of its petition desk (Art. 14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// From when.
    pub valid_from: NaiveDate,
    /// Until when, the day included; absent while no end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// Who has its functions after that day (Art. 24).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<AgencyCode>,
}

impl AgencyListedV1 {
    /// Whether it exists on a day.
    #[must_use]
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

impl Event for AgencyListedV1 {
    const TYPE: &'static str = "lianxi.routing.agency_listed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
