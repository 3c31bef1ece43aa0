//! Facts of routing, what it dispatches to agencies, and the commands it takes.

mod acceptance_deemed_v1;
mod acceptance_notified_v1;
mod agency_listed_v1;
mod assignment_delivered_v1;
mod assignment_dispatch_v1;
mod assignment_objected_v1;
mod assignment_recalled_v1;
mod assignment_signed_v1;
mod competence_decided_v1;
mod dispute_raised_v1;
mod handling_extended_v1;
mod matter_closed_v1;
mod matter_forwarded_v1;
mod matter_proposed_v1;
mod matter_screened_v1;
mod objection_decided_v1;
mod opinion_issued_v1;
mod opinion_served_v1;
mod recall_dispatch_v1;
mod resolution_set_aside_v1;
mod return_set_aside_v1;
mod ruling_dispatch_v1;

pub mod commands;

pub use acceptance_deemed_v1::AcceptanceDeemedV1;
pub use acceptance_notified_v1::MatterAcceptanceNotifiedV1;
pub use agency_listed_v1::AgencyListedV1;
pub use assignment_delivered_v1::AssignmentDeliveredV1;
pub use assignment_dispatch_v1::{AssignmentDispatchV1, DispatchSummary};
pub use assignment_objected_v1::AssignmentObjectedV1;
pub use assignment_recalled_v1::AssignmentRecalledV1;
pub use assignment_signed_v1::AssignmentSignedV1;
pub use competence_decided_v1::CompetenceDecidedV1;
pub use dispute_raised_v1::{Decider, DisputeRaisedV1};
pub use handling_extended_v1::HandlingExtendedV1;
pub use matter_closed_v1::MatterClosedV1;
pub use matter_forwarded_v1::MatterForwardedV1;
pub use matter_proposed_v1::{MatterProposedV1, Proposal, Reason};
pub use matter_screened_v1::{MatterScreenedV1, ProposalUse};
pub use objection_decided_v1::ObjectionDecidedV1;
pub use opinion_issued_v1::MatterOpinionIssuedV1;
pub use opinion_served_v1::MatterOpinionServedV1;
pub use recall_dispatch_v1::RecallDispatchV1;
pub use resolution_set_aside_v1::ResolutionSetAsideV1;
pub use return_set_aside_v1::ReturnSetAsideV1;
pub use ruling_dispatch_v1::{Ruling, RulingDispatchV1};
