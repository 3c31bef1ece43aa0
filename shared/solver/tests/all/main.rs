//! The solver from outside: scores, orders, plans, reasons, other plans, and readers that never panic.
#![cfg(test)]

mod agendas;
mod benchmark;
mod explaining;
mod planning;
#[cfg(feature = "proof")]
mod proving;
mod readers;
mod replanning;
