//! Supervision's tests, one binary.
#![cfg(test)]

mod domain;
mod duties;
mod fixtures;
mod orders;
mod store;
