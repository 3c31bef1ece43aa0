//! Notification alone: its tables, its table of notices, its mail over a real server, on both databases.
#![cfg(test)]

mod domain;
mod fixtures;
mod letters;
mod mail;
mod meetings;
mod sealed_mail;
mod server;
mod store;
mod telling;
