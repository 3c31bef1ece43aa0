use chrono::NaiveDate;
use kernel::SubmissionId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Event, MessageKind};

/// 补发查询码: the counter gave a new query code to whoever showed the petitioner's document (Art. 21); the old
/// code opens nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueryCodeReissuedV1 {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The day.
    pub reissued_on: NaiveDate,
    /// How often that was done for it, from 1.
    pub times: i64,
}

impl Event for QueryCodeReissuedV1 {
    const TYPE: &'static str = "lianxi.intake.query_code_reissued.v1";
    const KIND: MessageKind = MessageKind::Fact;
}
