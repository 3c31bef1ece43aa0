use chrono::NaiveDate;
use kernel::{AgencyCode, AgendaItemId, MatterId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind, codes::AgendaKind};

/// 议题提出 (Art. 24; domain.md 2.2, transitions 12 and 30): a matter came onto the list of the joint conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemProposedV1 {
    /// The agenda item.
    pub item_id: AgendaItemId,
    /// The matter.
    pub matter_id: MatterId,
    /// A dispute of competence, or something to coordinate.
    pub kind: AgendaKind,
    /// Whose positions are heard.
    pub parties: Vec<AgencyCode>,
    /// The day.
    pub proposed_on: NaiveDate,
}

impl Event for ItemProposedV1 {
    const TYPE: &'static str = "lianxi.meetings.item_proposed.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
