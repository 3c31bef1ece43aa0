//! 会议排期: which items meet when, where and in which order; and where that is impossible, why, and what instead.

mod agenda;
mod agendas;
mod by_halves;
mod calendar_cost;
mod candidates;
mod divisions;
pub mod generate;
mod half_moves;
mod halves;
mod loads;
mod meeting_cost;
mod meeting_sets;
mod model;
mod moves;
mod place;
mod plan;
mod problem;
#[cfg(feature = "proof")]
mod prove;
mod rearrange;
mod rebuild;
mod repair;
mod replan;
mod resolve;
mod rounds;
mod score;
mod search;
mod share_out;
mod slots;
mod state;
mod times;
mod together;
mod why;
mod written;

pub use model::{AgencyFacts, ItemFacts, KindFacts, Model, PublishedFacts, RoomFacts};
pub use plan::{Entities, Meeting, Plan, Reason, cost, explain, fits};
pub use problem::{Agency, Busy, BusyKind, DayRule, Item, Kind, Part, Pin, Problem, Published, Room, Window};
#[cfg(feature = "proof")]
pub use prove::{Verdict, prove};
pub use repair::{Repair, Repaired, repairs};
pub use replan::{Aim, Change, Proposal, changes, published, replan, touched};
use score::WEIGHED;
pub use score::{Constraint, Cost, Level, Weights};
pub use search::{Options, Outcome, solve};
pub use slots::{Suggestion, suggest};
pub use why::{Fact, NearMiss, WhyNot, near_misses, why_not};
pub use written::{Deferred, Written, WrittenMeeting};
