//! 单位名录: commands and queries of the register of agencies, and of what ended agencies left.

use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, RegionCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    PageRequest,
    codes::{AssignmentRole, AssignmentState, Level},
    routing::{AgencyListedV1, Ending, commands::HandOver},
};

/// What an agency answers for, within a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Competence {
    /// Where.
    pub region: RegionCode,
    /// Codes of the catalogue; a first-level code stands for all below it.
    pub categories: Vec<String>,
}

/// What the office says of an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgencyEntry {
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English; the Chinese one when empty.
    #[serde(default)]
    pub name_en: String,
    /// City, county, township.
    pub level: Level,
    /// Where it sits.
    pub region: RegionCode,
    /// The unit above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superior: Option<AgencyCode>,
    /// 系统: `government`, `discipline`, `politics_law`, …
    pub line: String,
    /// 机关代字 of its documents.
    pub doc_prefix: String,
    /// The unit that reviews its opinions (Art. 35).
    pub review_unit: String,
    /// Whether it works at a screen; if not, the office records its steps.
    pub computer: bool,
    /// From when it exists.
    pub valid_from: NaiveDate,
    /// What it answers for.
    #[serde(default)]
    pub competence: Vec<Competence>,
    /// Telephone of its petition desk.
    #[serde(default)]
    pub telephone: String,
    /// Mail address of its petition desk (Art. 14).
    #[serde(default)]
    pub email: String,
}

/// 新增单位: enters an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddAgency {
    /// Its code: a short stable name, never a region's number, never used again.
    pub agency: AgencyCode,
    /// `hosted` by the office, or a site of its `own`.
    pub site: String,
    /// What is said of it.
    pub entry: AgencyEntry,
}

/// 变更单位: replaces what is said of an agency; its code and site stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAgency {
    /// Which.
    pub agency: AgencyCode,
    /// The version the person saw.
    pub expected_version: i64,
    /// What is said of it now.
    pub entry: AgencyEntry,
}

/// 撤并单位 (Art. 24): an agency ends. Its open cases stand in the queue of those to be handed to a successor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAgency {
    /// Which.
    pub agency: AgencyCode,
    /// The version the person saw.
    pub expected_version: i64,
    /// How, when, to whom, by which document.
    pub ending: Ending,
}

/// The register changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyKept {
    /// Which entry.
    pub agency: AgencyCode,
    /// Its version now.
    pub version: i64,
}

/// One entry of the register, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowAgency {
    /// Which.
    pub agency: AgencyCode,
}

/// One entry, as the office keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyView {
    /// Its code.
    pub agency: AgencyCode,
    /// Its version.
    pub version: i64,
    /// `hosted` or `own`.
    pub site: String,
    /// What is said of it.
    pub entry: AgencyEntry,
    /// Its end, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

/// 单位名录, page by page, by code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageAgencies {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One line of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgencyLine {
    /// What was published of it.
    #[serde(flatten)]
    pub listed: AgencyListedV1,
    /// Its version.
    pub version: i64,
    /// `hosted` or `own`.
    pub site: String,
}

/// 待改派: open cases of agencies that end or have ended, for a person to hand over (Art. 24). An accusation stands
/// in the list of its officer alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListOrphans {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

/// One case that an ending agency holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Orphan {
    /// The matter.
    pub matter_id: MatterId,
    /// Its version.
    pub version: i64,
    /// Fencing number of the assignment.
    pub assignment_no: i64,
    /// 主办 or 协办.
    pub role: AssignmentRole,
    /// Where the assignment stands.
    pub state: AssignmentState,
    /// Who holds it.
    pub agency: AgencyCode,
    /// Its last day.
    pub last_on: NaiveDate,
    /// Whether that day has passed.
    pub ended: bool,
    /// Who has the function now, proposed by category and place; a person decides. None: the committee or
    /// government of the same level names somebody.
    pub successors: Vec<AgencyCode>,
}

/// 改派承继单位 (Art. 24): takes a case from an agency that ends and hands it to another, in one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    /// The matter.
    pub matter_id: MatterId,
    /// The version the person saw.
    pub expected_version: i64,
    /// To whom, and how.
    pub hand_over: HandOver,
}
