//! 控制台: the one web door for people — pages, REST face, public look-up — and the board.
//!
//! Owns: accounts, roles and sessions of this place; the board, a read model of all matters that are no
//! accusation. Never: writes to another service's data (it asks by a signed command), keeps a petition's
//! text or an identity, shows anything of an accusation but to the officer for accusations.
//! Facts in: `evt.>`. Facts out: none.

pub mod accounts;
pub mod board;
pub mod config;
pub mod door;
pub mod error;
mod open311;
mod pages;
mod rest;
pub mod rights;
mod run;
pub mod signing;
pub mod store;
pub mod views;

pub use config::Config;
pub use run::{Deps, Parts, first_run, parts, router, run};
pub use store::MIGRATIONS;
