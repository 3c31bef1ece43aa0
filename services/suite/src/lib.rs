//! 联席: the one binary. Puts the services together for a place, and is the command line.
//!
//! Owns: settings, data folder, keys on disk, the embedded bus, the demo. Never: a rule of the domain.

pub mod almanac;
pub mod assemble;
pub mod backup;
pub mod books;
pub mod catalogues;
pub mod cli;
pub mod client;
pub mod config;
pub mod conformance;
pub mod demo;
mod followed;
pub mod hand_over;
pub mod hub;
pub mod import;
mod learned;
pub mod nodes;
pub mod ordinances;
mod own_site;
pub mod place;
pub mod profile;
pub mod roll;
pub mod run;
pub mod say;
pub mod seat;
pub mod site;
pub mod upkeep;
pub mod verbs;
pub mod wait;
