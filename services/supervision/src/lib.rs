//! 督查督办: supervision watches duties that have a limit, and carries orders from issue to acceptance.
//!
//! Owns: duties with their timers, warnings and breaches; supervision orders.
//! Never: scores a person; issues an order by itself (a breach proposes one, a person confirms); acts on what an
//! agency returns about an assignment: routing owns those, and its facts start and stop the duties.
//! Facts in: `evt.intake.>`, `evt.routing.>`, `returns.>` (orders). Facts out: `evt.supervision.>`; dispatches of
//! orders to agencies.

pub mod commands;
pub mod config;
pub mod consumers;
pub mod domain;
pub mod error;
mod publish;
mod rights;
pub mod store;
pub mod svc;
pub mod sweeps;

mod run;

pub use config::Config;
pub use run::{Deps, MIGRATIONS, Parts, Rules, RunError, parts, run};
