//! Tests of an agency's node: decisions without I/O, then the node over the bus in memory, on both databases.
#![cfg(test)]

mod close;
mod co;
mod dispatches;
mod domain;
mod extension;
mod objection;
mod opening;
mod orders;
mod papers;
mod receiver;
mod rights;
mod running;
mod steps;
mod store;
mod support;
mod webhooks;
