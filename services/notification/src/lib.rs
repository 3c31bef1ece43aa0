//! 通知: notification tells petitioners, agencies and the office what happened, by a way that reaches them.
//!
//! Owns: notices with their state, attempts and proof of delivery; inboxes of agencies and of roles.
//! Never: keeps an address, a name or a rendered text (both are made when a notice is sent or printed); tells of an
//! accusation (Art. 30) otherwise than by a letter that its officer prints; sends twice what may have been sent.
//! Facts in: `evt.intake.>`, `evt.routing.>`, `evt.supervision.>`, `evt.meetings.>`. Facts out:
//! `notice_queued`, `notice_sent`, `notice_delivered`, `notice_failed`, of notices to petitioners alone.

pub mod channels;
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
pub mod texts;

mod run;

pub use config::{Config, MailConfig, MailTls};
pub use run::{Deps, MIGRATIONS, Parts, RunError, parts, run};
