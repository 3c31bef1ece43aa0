//! The decisions of an agency's node, pure: no clock, chance, store or network.

pub mod close;
pub mod dates;
pub mod delivery;
pub mod happening;
pub mod limits;
pub mod looking;
pub mod meeting;
pub mod order;
pub mod paper;
pub mod parts;
pub mod resolution_task;
pub mod steps;
pub mod task;
pub mod text;
pub mod webhook;
