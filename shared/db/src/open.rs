//! Opening: options that durability rests on, asserted and not only set.

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions, PgPool, SqliteConnection, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::StoreError;

/// How long a connection waits for a lock that another process holds on the file.
const BUSY: Duration = Duration::from_secs(5);
/// Read connections of one file: each is a thread, opened when needed and closed when idle.
const READERS: u32 = 4;
const IDLE: Duration = Duration::from_secs(20);
/// How long a caller waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);
const STATEMENTS: usize = 256;
/// Nobody waits for a row for ever, nor holds one for ever.
const LIMITS: [(&str, &str); 2] = [("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s")];
/// `PRAGMA synchronous` reads back as a number.
const FULL: i64 = 2;

/// What SQLite's connections are made with: one that writes, and a pool that reads.
pub(crate) struct SqlitePlan {
    pub(crate) writer: SqliteConnectOptions,
    pub(crate) readers: SqlitePool,
}

pub(crate) async fn sqlite_file(path: &Path) -> Result<SqlitePlan, StoreError> {
    create_private(path).await?;
    let options = shared_options().filename(path);
    let writer = options
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("cache_size", "-8192")
        // After a burst the log shrinks back to 64 MiB.
        .pragma("journal_size_limit", "67108864");
    Ok(SqlitePlan { writer, readers: pool(options.read_only(true)) })
}

pub(crate) fn sqlite_memory(name: &str) -> SqlitePlan {
    // A name with a leading slash is one database for all connections of the process.
    let options = shared_options().filename(format!("/{name}")).vfs("memdb");
    let writer = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    SqlitePlan { writer, readers: pool(options.pragma("query_only", "1")) }
}

fn shared_options() -> SqliteConnectOptions {
    SqliteConnectOptions::new().busy_timeout(BUSY).statement_cache_capacity(STATEMENTS)
}

fn pool(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .min_connections(0)
        .max_connections(READERS)
        .idle_timeout(IDLE)
        .max_lifetime(None)
        .acquire_timeout(ACQUIRE)
        // A connection to a file does not go away; a ping would be a trip to its thread for nothing.
        .test_before_acquire(false)
        .connect_lazy_with(options)
}

/// Opens the connection that writes, and refuses one that would lose commits.
pub(crate) async fn sqlite_writer(options: &SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    let mut writer = options.connect().await?;
    let none = sqlx::sqlite::SqliteArguments::default();
    let (synchronous,): (i64,) =
        sqlx::query_as_with("PRAGMA synchronous", none).fetch_one(&mut writer).await?;
    if synchronous != FULL {
        return Err(StoreError::other(format!(
            "SQLite runs with synchronous={synchronous}, not FULL ({FULL}): a power cut would lose receipts"
        )));
    }
    Ok(writer)
}

/// The file holds petitions: readable by its owner alone, from its first byte.
async fn create_private(path: &Path) -> Result<(), StoreError> {
    let io = |e: std::io::Error| StoreError::unavailable(format!("{}: {e}", path.display()));
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        tokio::fs::create_dir_all(folder).await.map_err(io)?;
    }
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).await.map_err(io)?;
    Ok(())
}

pub(crate) async fn postgres(options: &PgConnectOptions, pool: u32) -> Result<PgPool, StoreError> {
    let pool = PgPoolOptions::new()
        .min_connections(0)
        .max_connections(pool)
        .idle_timeout(Duration::from_secs(60))
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .connect_lazy_with(options.clone().statement_cache_capacity(STATEMENTS).options(LIMITS));
    let mut conn = pool.acquire().await?;
    let (commits, fsync): (String, String) = sqlx::query_as_with(
        "SELECT current_setting('synchronous_commit'), current_setting('fsync')",
        sqlx::postgres::PgArguments::default(),
    )
    .fetch_one(&mut *conn)
    .await?;
    // A test server may run without; the suite's own check warns the operator.
    if commits == "off" || fsync == "off" {
        tracing::warn!(%commits, %fsync, "PostgreSQL acknowledges commits that a power cut would lose");
    }
    drop(conn);
    Ok(pool)
}
