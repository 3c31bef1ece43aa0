//! The tests of the suite as a whole; those of one crate lie in that crate.
#![cfg(test)]

mod architecture;
