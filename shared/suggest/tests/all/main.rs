//! Tests of the suggestion engine from outside; one program, for it is linked once.
#![cfg(test)]

mod command_line;
mod fiction;
mod learning;
mod model_files;
mod pairs;
mod refused;
mod versions;
