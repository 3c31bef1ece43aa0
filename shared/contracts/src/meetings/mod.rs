//! Facts of meetings, what it dispatches to agencies, and the commands it takes.

mod cancellation_dispatch_v1;
mod invitation_replied_v1;
mod item_proposed_v1;
mod item_settled_v1;
mod meeting_called_off_v1;
mod meeting_called_v1;
mod meeting_dispatch_v1;
mod meeting_held_v1;
mod meeting_moved_v1;
mod minutes_dispatch_v1;
mod minutes_fixed_v1;
mod parts;
mod resolution_adopted_v1;
mod task_checked_v1;
mod task_dispatch_v1;
mod task_issued_v1;
mod task_overdue_v1;
mod task_received_v1;
mod task_reported_v1;
mod task_verdict_dispatch_v1;
mod views;

pub mod commands;

pub use cancellation_dispatch_v1::CancellationDispatchV1;
pub use invitation_replied_v1::InvitationRepliedV1;
pub use item_proposed_v1::ItemProposedV1;
pub use item_settled_v1::ItemSettledV1;
pub use meeting_called_off_v1::MeetingCalledOffV1;
pub use meeting_called_v1::MeetingCalledV1;
pub use meeting_dispatch_v1::MeetingDispatchV1;
pub use meeting_held_v1::MeetingHeldV1;
pub use meeting_moved_v1::MeetingMovedV1;
pub use minutes_dispatch_v1::MinutesDispatchV1;
pub use minutes_fixed_v1::MinutesFixedV1;
pub use parts::{AgendaLine, Attended, CoUnit, Invitee, MeetingTerms};
pub use resolution_adopted_v1::ResolutionAdoptedV1;
pub use task_checked_v1::TaskCheckedV1;
pub use task_dispatch_v1::TaskDispatchV1;
pub use task_issued_v1::TaskIssuedV1;
pub use task_overdue_v1::TaskOverdueV1;
pub use task_received_v1::TaskReceivedV1;
pub use task_reported_v1::TaskReportedV1;
pub use task_verdict_dispatch_v1::TaskVerdictDispatchV1;
