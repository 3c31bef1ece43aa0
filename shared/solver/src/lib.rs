//! The meeting solver.
pub mod budget;
pub mod error;
pub mod timetable;
pub mod order;
