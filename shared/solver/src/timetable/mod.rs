//! The public benchmark *meeting scheduling* (OptaPlanner, Timefold): read, scored exactly as there, solved.
//! It is what the solver is held against; an office's own problems are those of [`crate::office`].

mod anneal;
mod generate;
mod grid;
mod problem;
mod score;

pub use anneal::{Options, Outcome, solve};
pub use generate::generate;
pub use problem::{MOST_ATTENDEES, MOST_GRAINS, MOST_MEETINGS, MOST_ROOMS, Meeting, Problem, Room, WEIGHTS};
pub use score::{Plan, Reason, Score, explain, score};
