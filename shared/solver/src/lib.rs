//! 排期求解: plans joint meetings, orders agendas, and says why something is impossible and what would help.
//! Pure: no clock but the thread's CPU time, no file, no network; the caller brings data and takes data.
//!
//! - [`office`]: an office's own problem. [`office::Problem`] is plain data with a JSON Schema;
//!   [`office::Model`] is the same, checked, by indices. [`office::solve`] plans, [`office::explain`] gives
//!   every reason of a score, [`office::why_not`], [`office::near_misses`], [`office::suggest`] and
//!   [`office::repairs`] answer for an item that is on no agenda, [`office::replan`] goes on after something
//!   happened. `office::prove` (feature `proof`) asks a constraint solver for a proof.
//! - [`order`]: the order of one agenda in which its agencies wait least, exact up to 22 distinct sets.
//! - [`timetable`]: the public benchmark *meeting scheduling*, which the search is held against.
//! - [`budget`]: iterations (reproducible) or CPU time; a search can be stopped at any time.
//!
//! A new constraint of an office: a row in `office/score.rs`, its amount in `office/meeting_cost.rs` (of one
//! meeting), `office/calendar_cost.rs` (of one item at one time) or, when it lies between meetings, in
//! `office/plan.rs` and `office/state.rs`; a test compares the two after thousands of moves.

pub mod budget;
pub mod error;
pub mod office;
pub mod order;
pub mod timetable;

pub use error::ProblemError;
