//! Tests of meetings, one binary.
#![cfg(test)]

mod agenda;
mod domain;
mod fixtures;
mod meeting;
mod store;
mod tasks;
