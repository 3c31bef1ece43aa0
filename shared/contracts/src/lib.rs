//! The only thing the services know of each other: messages, commands, queries and their subjects.

pub mod agency;
pub mod asyncapi;
pub mod codes;
pub mod command;
pub mod documents;

mod envelope;
pub mod intake;
pub mod meetings;
pub mod notification;
pub mod registry;
pub mod routing;
pub mod subject;
pub mod supervision;

pub use calendar::DueDate as Due;
pub use command::{Changed, Command, CommandType, Page, PageRequest};
pub use envelope::{BadMessage, DispatchSeal, Event, Message, MessageKind, type_token};
