use chrono::NaiveDate;
use kernel::{AgencyCode, MatterId, ResolutionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 议定事项未能执行: a resolution on competence could not be carried out, and a person must decide again. The matter stands where it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResolutionSetAsideV1 {
    /// The resolution.
    pub resolution_id: ResolutionId,
    /// The matter.
    pub matter_id: MatterId,
    /// 信议 number.
    pub document_number: String,
    /// Whom it named.
    pub lead: AgencyCode,
    /// Code of the refusal (ERRORS.md).
    pub reason: String,
    /// The day.
    pub set_aside_on: NaiveDate,
}

impl Event for ResolutionSetAsideV1 {
    const TYPE: &'static str = "lianxi.routing.resolution_set_aside.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
