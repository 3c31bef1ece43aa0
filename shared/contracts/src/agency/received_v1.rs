use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 收悉: a cumulative receipt, sent after the agency's own commit. It closes every dispatch up to
/// `to_seq`; an ack does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceivedV1 {
    /// Whose numbering it is: `routing`, `supervision`.
    pub sender: String,
    /// First number this receipt speaks of.
    pub from_seq: i64,
    /// Every number up to here is stored.
    pub to_seq: i64,
    /// Hash of dispatch `to_seq`, hex.
    pub head: String,
    /// First number that is missing below one already parked: asks the sender to send it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_from: Option<i64>,
    /// Which installation answers; the office refuses a second site for one agency.
    pub site: String,
}

impl Event for ReceivedV1 {
    const TYPE: &'static str = "lianxi.agency.received.v1";
    const KIND: MessageKind = MessageKind::Return;
}
