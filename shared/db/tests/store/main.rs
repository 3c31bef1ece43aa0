//! The store on both databases: SQLite always, PostgreSQL when `LIANXI_TEST_POSTGRES` names a server.

// `cfg(test)` tells the lints that what lies outside the test functions belongs to them.
#[cfg(test)]
mod answered;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod consumer;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod support;
#[cfg(test)]
mod together;
#[cfg(test)]
mod write_path;
