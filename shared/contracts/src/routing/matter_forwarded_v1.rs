use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind, codes::AssignmentMode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 转送 or 交办: the matter was handed to an agency (Art. 22); T01 ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MatterForwardedV1 {
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
    /// The claims it covers, by number.
    pub claims: Vec<i64>,
    /// The day it was sent.
    pub forwarded_on: NaiveDate,
    /// The limit set under a 交办 (T05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_on: Option<NaiveDate>,
    /// 信转 or 信交 number, without gaps per series and year.
    pub document_number: String,
    /// Whether the agency may open the contact: never for accusations or when withheld.
    pub identity_travels: bool,
}

impl Event for MatterForwardedV1 {
    const TYPE: &'static str = "lianxi.routing.matter_forwarded.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
