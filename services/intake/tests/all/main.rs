//! Tests of intake on both databases, over the bus in memory.

// Tells the lints that what lies outside the test functions belongs to them.
#![cfg(test)]

mod agencies;
mod attachments;
mod canaries;
mod facts;
mod filing;
mod likes;
mod looks;
mod office;
mod sample;
mod statements;
