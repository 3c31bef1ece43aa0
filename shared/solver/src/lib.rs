//! The meeting solver.
pub mod budget;
pub mod error;
pub mod office;
pub mod order;
pub mod timetable;

pub use error::ProblemError;
