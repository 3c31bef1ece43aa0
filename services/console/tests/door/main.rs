//! The console over a store, a bus in memory and services that answer by script.

#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod agencies;
mod answering;
mod board;
mod browser;
mod clock;
mod facts;
mod likes;
mod open311;
mod openapi;
mod pages;
mod papers;
mod rest;
mod rights;
mod store;
mod suggestions;
mod support;
mod words;
