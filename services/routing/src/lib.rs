//! 转办: routing owns matters, claims and assignments, the register of agencies and the catalogue.
//!
//! Owns: Matter, Claim, Assignment, competence, proposals of category and agency.
//! Never: talks to petitioners; lets software alone classify, refuse, forward or close.
//! Facts in: `evt.intake.>`, `evt.supervision.>`, `returns.>`. Facts out: `evt.routing.>`; dispatches to agencies.

pub mod commands;
pub mod config;
pub mod consumers;
pub mod domain;
pub mod error;
mod hearing;
pub mod learning;
mod publish;
mod rights;
pub mod seed;
pub mod store;
pub mod suggester;
pub mod svc;
pub mod sweeps;

mod run;

pub use config::Config;
pub use run::{Deps, MIGRATIONS, Parts, Rules, RunError, parts, run};
