use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, MatterId};

use crate::{Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the office answered an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Agreed: the agency stops, the material is back.
    Upheld,
    /// Refused: the agency goes on, T03 never stopped.
    Rejected,
    /// Refused before and raised again: others decide who is competent; the agency stops.
    Disputed,
}

impl Ruling {
    /// The code word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Rejected => "rejected",
            Self::Disputed => "disputed",
        }
    }
}

/// 异议答复: the office's ruling on an objection, to the agency that raised it (Art. 23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RulingDispatchV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// The answer.
    pub ruling: Ruling,
    /// Code of the reason.
    pub reason: String,
    /// The day.
    pub decided_on: NaiveDate,
}

impl Event for RulingDispatchV1 {
    const TYPE: &'static str = "lianxi.routing.ruling_dispatched.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}
