//! Facts of intake and the commands it takes.

mod content_opened_v1;
mod like;
mod query_code_reissued_v1;
mod submission_linked_v1;
mod submission_registered_v1;

pub mod commands;

pub use content_opened_v1::{ContentOpenedV1, Unit};
pub use query_code_reissued_v1::QueryCodeReissuedV1;
pub use submission_linked_v1::SubmissionLinkedV1;
pub use submission_registered_v1::{OpenSummary, SubmissionRegisteredV1};
