//! The tests of the suite as a whole; those of one crate lie in that crate.
#![cfg(test)]

mod architecture;
mod browser;
mod checker;
mod documents;
mod faults;
mod office;
mod refusals;
mod rest;
mod simulation;
mod stories;
mod telemetry;
