//! What meetings decides. Pure: the time is passed in.

pub mod body;
pub mod decision;
pub mod fact;
pub mod item;
pub mod meeting;
pub mod plan;
pub mod task;
pub mod text;
