use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId, RegionCode};

use crate::{
    Event, MessageKind,
    codes::{AssignmentMode, AssignmentRole, Channel, CoTask, Purpose, Route},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The short structured summary: codes and dates alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DispatchSummary {
    /// The public number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Class as decided.
    pub purpose: Purpose,
    /// Category as decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Route of Art. 31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Route>,
    /// Where the problem is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_region: Option<RegionCode>,
    /// The day the office got it.
    pub received_on: NaiveDate,
    /// Number of people.
    pub heads: i64,
    /// 联名.
    pub joint: bool,
    /// Nobody gave a name.
    pub anonymous: bool,
}

/// 转送件 or 交办件 as it reaches the agency: no petition text, no identity (architecture.md section 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignmentDispatchV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// 转送 or 交办.
    pub mode: AssignmentMode,
    /// 信转 or 信交 number.
    pub document_number: String,
    /// `Art. 22(1)`, `Art. 22(2)`, `Art. 22(3)`.
    pub legal_ground: String,
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// The limit set under a 交办.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_on: Option<NaiveDate>,
    /// The claims it covers, by number.
    pub claims: Vec<i64>,
    /// 检举控告: opened by those on the case alone, without identity (Art. 30).
    pub restricted: bool,
    /// Whether the contact may be opened.
    pub identity_travels: bool,
    /// The short structured summary.
    pub summary: DispatchSummary,
    /// The sealed text, opened by `svc.intake.open.<agency>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_id: Option<ContentId>,
    /// SHA-256 of the plain text, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
    /// Desk and telephone of the office.
    pub office_contact: String,
    /// Follows a decision on competence: no objection any more (Art. 24).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub binding: bool,
    /// 主办 or 协办.
    #[serde(default = "crate::codes::lead", skip_serializing_if = "crate::codes::is_lead")]
    pub role: AssignmentRole,
    /// Of a 协办件: who leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<AgencyCode>,
    /// Of a 协办件: what is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<CoTask>,
    /// Of the lead's: who gives a part, and by when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co: Vec<CoAsked>,
}

/// 协办单位, as the lead is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoAsked {
    /// The agency.
    pub agency: AgencyCode,
    /// Number of its assignment.
    pub assignment_no: i64,
    /// Its internal limit.
    pub due_on: NaiveDate,
    /// The claims it is asked about, by number.
    pub claims: Vec<i64>,
    /// What it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<CoTask>,
}

impl Event for AssignmentDispatchV1 {
    const TYPE: &'static str = "lianxi.routing.assignment_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
