//! Tests of routing: decisions alone, then with store and bus.
#![cfg(test)]

mod co;
mod contest_service;
mod contests;
mod decisions;
mod fixtures;
mod register;
mod register_service;
mod resolution_service;
mod service;
mod suggestions;
