//! The decisions of routing, pure: no clock, chance, store or network.

pub mod agency;
pub mod catalogue;
pub mod clamp;
pub mod co;
pub mod combine;
pub mod dispute;
pub mod extension;
pub mod fact;
pub mod guard;
pub mod hand_over;
pub mod matter;
pub mod objection;
pub mod parts;
pub mod propose;
pub mod proposers;
pub mod register;
pub mod returns;
pub mod screen;
pub mod succession;
pub mod taught;
