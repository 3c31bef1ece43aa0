//! The REST face as programs use it: schemathesis on its OpenAPI document, API keys, requests that cannot be right.

mod furnished;
mod keys;
mod once;
mod schemathesis;
mod versions;
mod wrong;
