//! Tests of routing: decisions alone, then with store and bus.

mod decisions;
mod fixtures;
mod service;
