//! Where a database is.

use std::{path::PathBuf, str::FromStr};

use sqlx::postgres::PgConnectOptions;

use crate::StoreError;

/// Where a service keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DbConfig {
    /// `sqlite:/path/intake.db`; `sqlite-mem:<name>`, shared by all who open that name in this process, for
    /// the simulation; `postgres://user@host/base?schema=intake&pool=8`.
    pub url: String,
}

impl DbConfig {
    /// A configuration by URL.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into() }
    }
}

/// PostgreSQL connections of one service in one process, unless `pool=` says otherwise. The server's own
/// default limit is 100 for all.
const POOL: u32 = 8;
const MAX_POOL: u32 = 64;

/// A configuration that was read.
pub(crate) enum Place {
    File(PathBuf),
    Memory(String),
    Postgres { options: Box<PgConnectOptions>, schema: String, pool: u32 },
}

impl Place {
    pub(crate) fn read(config: &DbConfig) -> Result<Self, StoreError> {
        let url = config.url.as_str();
        if let Some(name) = url.strip_prefix("sqlite-mem:") {
            if !is_name(name) {
                return Err(StoreError::other("the name after `sqlite-mem:` is letters, digits and `_-`"));
            }
            return Ok(Self::Memory(name.to_owned()));
        }
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains('?') || path.starts_with(':') {
                return Err(StoreError::other("`sqlite:` wants the path of a file, without options"));
            }
            return Ok(Self::File(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::read_postgres(url);
        }
        Err(StoreError::other("a database's URL begins with `sqlite:`, `sqlite-mem:` or `postgres://`"))
    }

    fn read_postgres(url: &str) -> Result<Self, StoreError> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut schema, mut pool, mut rest) = ("public".to_owned(), POOL, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("schema", value)) => schema = value.to_owned(),
                Some(("pool", value)) => {
                    pool = value.parse().ok().filter(|n| (1..=MAX_POOL).contains(n)).ok_or_else(|| {
                        StoreError::other(format!("`pool` is a number from 1 to {MAX_POOL}"))
                    })?;
                }
                _ => rest.push(pair),
            }
        }
        if !is_name(&schema) || schema.len() > 63 || schema.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(StoreError::other("`schema` is up to 63 letters, digits and `_`"));
        }
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        // The URL may hold a password: it is not repeated in the error.
        let options = PgConnectOptions::from_str(&url)
            .map_err(|_| StoreError::other("the PostgreSQL URL cannot be read"))?
            .application_name("lianxi")
            .options([("search_path", schema.as_str())]);
        Ok(Self::Postgres { options: Box::new(options), schema, pool })
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_and_wrong_ones_refused() {
        let read = |url: &str| Place::read(&DbConfig::new(url));
        assert!(
            matches!(read("sqlite:/tmp/a.db"), Ok(Place::File(path)) if path.to_str() == Some("/tmp/a.db"))
        );
        assert!(matches!(read("sqlite-mem:intake"), Ok(Place::Memory(name)) if name == "intake"));
        let pg = read("postgres://u@h/base?schema=intake&pool=3&sslmode=disable");
        assert!(matches!(pg, Ok(Place::Postgres { schema, pool: 3, .. }) if schema == "intake"));
        for bad in [
            "mysql://x",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:a.db?mode=ro",
            "sqlite-mem:a/b",
            "postgres://u@h/b?schema=a;b",
            "postgres://u@h/b?pool=0",
            "postgres://u@h/b?pool=65",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
