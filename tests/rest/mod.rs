//! The REST face as programs use it: schemathesis on its OpenAPI document, API keys, Open311, requests that cannot be right.

mod keys;
mod once;
mod open311;
mod schemathesis;
mod wrong;
