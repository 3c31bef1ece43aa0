//! `lianxi demo`: the sample office at work, driven through the REST face as its people would.

mod agencies;
mod conference;
mod contests;
pub mod count;
mod drive;
mod late;
mod office;
pub mod sample;
mod show;

pub use count::Counts;
pub use drive::{Drive, Extent};
pub use show::{once, prepare, stay};
