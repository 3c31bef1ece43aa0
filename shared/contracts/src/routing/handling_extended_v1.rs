use chrono::NaiveDate;
use kernel::{AgencyCode, AssignmentId, ContentId, MatterId};

use crate::{Due, Event, MessageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 延期办理: T06 was lengthened, once, before its end, by the head of the unit (Art. 34).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandlingExtendedV1 {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Fencing number, from 1 within the matter.
    pub assignment_no: i64,
    /// The agency that holds it.
    pub agency: AgencyCode,
    /// Days added.
    pub days: u32,
    /// The day as used: the stated one, clamped.
    pub granted_on: NaiveDate,
    /// T06 as it runs now.
    pub due: Due,
    /// 延期告知书
    pub content_id: ContentId,
    /// Recorded by the office from a paper.
    pub on_behalf: bool,
}

impl Event for HandlingExtendedV1 {
    const TYPE: &'static str = "lianxi.routing.handling_extended.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
