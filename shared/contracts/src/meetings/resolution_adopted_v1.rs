use chrono::NaiveDate;
use kernel::{AgencyCode, AgendaItemId, MatterId, MeetingId, ResolutionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CoUnit;
use crate::{
    Event, MessageKind,
    codes::{AgendaKind, TaskChecker},
};

/// 议定 (Art. 24; domain.md 2.2, transition 13): the decision of a meeting, published with its minutes. Of a dispute it binds: routing makes the assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolutionAdoptedV1 {
    /// The resolution.
    pub resolution_id: ResolutionId,
    /// 信议 number.
    pub document_number: String,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The agenda item.
    pub item_id: AgendaItemId,
    /// The matter.
    pub matter_id: MatterId,
    /// A dispute of competence, or something to coordinate.
    pub kind: AgendaKind,
    /// 责任单位 (主办)
    pub lead: AgencyCode,
    /// 协办, each with its own date.
    pub co: Vec<CoUnit>,
    /// By when the lead is done.
    pub due_on: NaiveDate,
    /// Who checks.
    pub checker: TaskChecker,
    /// A member's dissent is on record.
    pub dissent: bool,
    /// The day the minutes were fixed.
    pub adopted_on: NaiveDate,
}

impl Event for ResolutionAdoptedV1 {
    const TYPE: &'static str = "lianxi.meetings.resolution_adopted.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
