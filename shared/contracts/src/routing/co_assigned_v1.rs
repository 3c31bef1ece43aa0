use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind, codes::CoTask};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 协办: another agency is asked for its part of the case, which the lead answers (Art. 24).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CoAssignedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The co-agency's assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The co-agency.
    pub agency: AgencyCode,
    /// 主办
    pub lead: AgencyCode,
    /// Number of the lead's assignment.
    pub lead_no: i64,
    /// The claims it is asked about, by number.
    pub claims: Vec<i64>,
    /// What it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<CoTask>,
    /// The day it was sent.
    pub assigned_on: NaiveDate,
    /// 内部时限: by when its part is owed to the lead [D].
    pub due_on: NaiveDate,
    /// 信协 number.
    pub document_number: String,
    /// Whether the co-agency may open the contact.
    pub identity_travels: bool,
}

impl Event for CoAssignedV1 {
    const TYPE: &'static str = "lianxi.routing.co_assigned.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
