//! What can go wrong at the store.

use std::{error::Error, fmt, sync::Arc};

/// The cause behind a store error. Shared, because one failed commit answers many jobs.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// A store error. It rolls the transaction back; a refusal of the domain is a value and does not.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A unique key is taken. Prefer `ON CONFLICT DO NOTHING` and look at the count: after this error
    /// the transaction is lost on both databases.
    #[error("a row with this key is already there")]
    AlreadyThere,
    /// An update that must touch one row touched none: another writer was first.
    #[error("another writer changed the row first")]
    Stale,
    /// The database cannot be reached, is closed, locked by another process, or full. Worth another try.
    #[error("database unavailable: {0}")]
    Unavailable(#[source] Cause),
    /// A stored value makes no sense.
    #[error("corrupt value in {table}.{column}, row {row}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Key of the row.
        row: String,
    },
    /// Everything else: a fault of the program or of the schema.
    #[error("database: {0}")]
    Other(#[source] Cause),
}

/// A plain text as a cause.
#[derive(Debug)]
struct Text(String);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl Error for Text {}

impl StoreError {
    /// An error of the program, by text.
    #[must_use]
    pub fn other(text: impl Into<String>) -> Self {
        Self::Other(Arc::new(Text(text.into())))
    }

    /// The database cannot be used now, by text.
    #[must_use]
    pub fn unavailable(text: impl Into<String>) -> Self {
        Self::Unavailable(Arc::new(Text(text.into())))
    }

    /// A stored value makes no sense.
    #[must_use]
    pub fn corrupt(table: &'static str, column: &'static str, row: impl fmt::Display) -> Self {
        Self::Corrupt { table, column, row: row.to_string() }
    }

    /// Whether the same work may succeed later without any change.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Whether PostgreSQL asks for the whole transaction to be run again: serialisation failure, deadlock.
pub(crate) fn wants_rerun(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|e| e.code()).is_some_and(|c| c == "40001" || c == "40P01")
}

/// `SQLITE_BUSY`, `_LOCKED`, `_NOMEM`, `_IOERR`, `_FULL`, `_CANTOPEN`: primary result codes.
const SQLITE_AWAY: &[i64] = &[5, 6, 7, 10, 13, 14];

/// Classes of SQLSTATE: connection, resources, operator intervention, system error; and lock timeout.
fn is_away(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) || code == "55P03";
    }
    code.parse::<i64>().is_ok_and(|extended| SQLITE_AWAY.contains(&(extended & 0xff)))
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if wants_rerun(&error) {
            return Self::Stale;
        }
        if let Some(answer) = error.as_database_error() {
            if answer.is_unique_violation() {
                return Self::AlreadyThere;
            }
            let away = answer.code().is_some_and(|code| is_away(&code));
            return if away { Self::Unavailable(Arc::new(error)) } else { Self::Other(Arc::new(error)) };
        }
        match error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_) => Self::Unavailable(Arc::new(error)),
            error => Self::Other(Arc::new(error)),
        }
    }
}

/// Reads a stored text as its type.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is not one.
pub fn parse<T: std::str::FromStr>(
    table: &'static str,
    column: &'static str,
    row: impl fmt::Display,
    text: &str,
) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::corrupt(table, column, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        assert!(is_away("5") && is_away("261") && is_away("13") && is_away("08006") && is_away("57P01"));
        assert!(!is_away("2067") && !is_away("1") && !is_away("23505") && !is_away("42P01"));
    }
}
