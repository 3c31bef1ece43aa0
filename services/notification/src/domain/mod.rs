//! What notification decides, without I/O: whom a fact concerns, and what becomes of a notice.

pub mod audience;
pub mod invitation;
pub mod notice;
pub mod table;
pub mod told;
