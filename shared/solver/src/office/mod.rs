//! 会议排期: which items meet when, where and in which order; and where that is impossible, why, and what instead.

mod agenda;
mod calendar_cost;
pub mod generate;
mod meeting_cost;
mod model;
mod plan;
mod problem;
mod resolve;
mod score;
mod search;
mod state;

pub use model::{AgencyFacts, ItemFacts, KindFacts, Model, PublishedFacts, RoomFacts};
pub use plan::{Entities, Meeting, Plan, Reason, cost, explain, fits};
pub use problem::{
    Agency, Busy, BusyKind, DayRule, Item, Kind, Part, Pin, Problem, Published, Room, Window,
};
use score::WEIGHED;
pub use search::{Options, Outcome, solve};
pub use score::{Constraint, Cost, Level, Weights};
