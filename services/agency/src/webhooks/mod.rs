//! 推送 over the network: where to, what, and the call itself.

pub mod address;
mod call;
pub mod event;

pub use address::{Address, BadAddress, Targets};
pub use call::{Answer, Caller};
