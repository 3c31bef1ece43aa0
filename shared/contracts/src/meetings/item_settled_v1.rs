use chrono::NaiveDate;
use kernel::{AgendaItemId, MatterId, MeetingId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Event, MessageKind,
    codes::{AgendaState, WithdrawalReason},
};

/// 议题了结 without a resolution: deferred, returned, reported up, or withdrawn because it was settled elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ItemSettledV1 {
    /// The agenda item.
    pub item_id: AgendaItemId,
    /// The matter.
    pub matter_id: MatterId,
    /// `deferred`, `returned`, `reported_up` or `withdrawn`.
    pub state: AgendaState,
    /// The meeting that said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting_id: Option<MeetingId>,
    /// Why it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<WithdrawalReason>,
    /// Until when it is deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_on: Option<NaiveDate>,
    /// The day.
    pub settled_on: NaiveDate,
}

impl Event for ItemSettledV1 {
    const TYPE: &'static str = "lianxi.meetings.item_settled.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
