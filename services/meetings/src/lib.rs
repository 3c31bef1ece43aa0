//! 信访工作联席会议: meetings keeps the agenda of the joint conference and sees its resolutions carried out (Art. 11–13, 24).
//!
//! Owns: bodies, agenda items, meetings with invitations, resolutions, resolution tasks.
//! Never: decides or classifies by itself; puts an accusation on an agenda (Art. 30); makes an assignment: routing
//! does, from the resolution's fact.
//! Facts in: `evt.intake.>`, `evt.routing.>`, `returns.>` (invitations, positions, tasks). Facts out:
//! `evt.meetings.>`; dispatches of invitations and tasks to agencies.

pub mod commands;
pub mod config;
pub mod consumers;
pub mod domain;
pub mod error;
mod publish;
mod rights;
pub mod seed;
pub mod store;
pub mod svc;
pub mod sweeps;

mod run;

pub use config::Config;
pub use run::{Deps, MIGRATIONS, Parts, RunError, parts, run};
