//! Tests of routing: decisions alone, then with store and bus.
#![cfg(test)]

mod decisions;
mod fixtures;
mod service;
