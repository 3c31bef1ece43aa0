//! One file per verb: load, decide, store and publish, answer.

pub mod alike;
pub mod attach;
pub mod check_registration;
pub mod content;
pub mod desk;
pub mod fetch_attachment;
pub mod like;
pub mod link_repeat;
pub mod lookup;
pub mod masked;
pub mod notify_contact;
pub mod open;
pub mod open_part;
pub mod paper;
pub mod put;
pub mod receipt;
pub mod register;
pub mod reissue;
pub mod restricted;
pub mod reveal;
pub mod same_matter;
mod seen;
