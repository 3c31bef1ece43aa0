//! The decisions of supervision, pure: no clock, chance, store or network.

pub mod duty;
pub mod fact;
pub mod order;
pub mod timers;
