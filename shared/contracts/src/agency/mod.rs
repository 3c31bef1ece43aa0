//! What an agency answers (stream RETURNS) and the commands its own node takes.

mod acceptance_notified_v1;
mod co_answered_v1;
mod completed_v1;
mod extended_v1;
mod invitation_replied_v1;
mod objected_v1;
mod opinion_issued_v1;
mod opinion_served_v1;
mod order_acknowledged_v1;
mod order_replied_v1;
mod position_filed_v1;
mod received_v1;
mod signed_v1;
mod task_received_v1;
mod task_reported_v1;

mod co;
pub mod commands;
mod conference;
mod webhooks;

pub use acceptance_notified_v1::AcceptanceNotifiedV1;
pub use co_answered_v1::CoAnsweredV1;
pub use completed_v1::CompletedV1;
pub use extended_v1::ExtendedV1;
pub use invitation_replied_v1::InvitationRepliedV1;
pub use objected_v1::ObjectedV1;
pub use opinion_issued_v1::{ClaimOutcome, OpinionIssuedV1};
pub use opinion_served_v1::OpinionServedV1;
pub use order_acknowledged_v1::OrderAcknowledgedV1;
pub use order_replied_v1::OrderRepliedV1;
pub use position_filed_v1::PositionFiledV1;
pub use received_v1::ReceivedV1;
pub use signed_v1::SignedV1;
pub use task_received_v1::TaskReceivedV1;
pub use task_reported_v1::TaskReportedV1;

use kernel::{AssignmentId, AttachmentId, MatterId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which assignment a return answers. `assignment_no` is the fencing number: a stale one changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answers {
    /// The matter.
    pub matter_id: MatterId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// Counts the assignments of a matter, from 1.
    pub assignment_no: i64,
    /// The scanned paper, when the office recorded the step for an agency without computers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_paper: Option<AttachmentId>,
}
