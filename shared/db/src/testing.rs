//! Fresh databases for tests, on both backends. Behind the feature `testing`.
//!
//! SQLite always; PostgreSQL when `LIANXI_TEST_POSTGRES` holds the URL of a server where the user may
//! create schemas.

use std::{future::Future, panic::AssertUnwindSafe, path::PathBuf, sync::Arc};

use futures::FutureExt;
use kernel::{Clocks, EventId, IdMint, ManualClock, UnixMillis};
use sqlx::{Connection, Executor, PgConnection, Statement, TypeInfo};

use crate::{Db, DbConfig, Dialect, MigrationSet, Sql, StoreError};

/// Names the PostgreSQL server for tests.
pub const POSTGRES_VARIABLE: &str = "LIANXI_TEST_POSTGRES";

/// A clock that stands at 2026-08-03 09:00 in Shanghai, and both clocks over it.
#[must_use]
pub fn clocks() -> (Arc<ManualClock>, Clocks) {
    let clock = Arc::new(ManualClock::at(UnixMillis(1_785_718_800_000)));
    (clock.clone(), Clocks::over(clock))
}

/// A database that is deleted by [`Fresh::discard`]; its files are deleted in any case.
pub struct Fresh {
    /// The database.
    pub db: Db,
    /// Its URL, to open it a second time.
    pub config: DbConfig,
    place: Placed,
}

enum Placed {
    Folder(Folder),
    Schema { server: String, schema: String },
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl Fresh {
    /// A SQLite file in a folder of its own.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn sqlite(sets: &[&MigrationSet], mint: IdMint, clocks: Clocks) -> Result<Self, StoreError> {
        let folder = Folder(std::env::temp_dir().join(format!("lianxi-{}", name())));
        let config = DbConfig::new(format!("sqlite:{}", folder.0.join("test.db").display()));
        let db = Db::open(&config, sets, mint, clocks).await?;
        Ok(Self { db, config, place: Placed::Folder(folder) })
    }

    /// A schema of its own on the PostgreSQL server; `None` where none is named.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn postgres(
        sets: &[&MigrationSet],
        mint: IdMint,
        clocks: Clocks,
    ) -> Result<Option<Self>, StoreError> {
        let Ok(server) = std::env::var(POSTGRES_VARIABLE) else { return Ok(None) };
        let schema = format!("test_{}", name());
        let joint = if server.contains('?') { '&' } else { '?' };
        let config = DbConfig::new(format!("{server}{joint}schema={schema}"));
        let db = Db::open(&config, sets, mint, clocks).await?;
        Ok(Some(Self { db, config, place: Placed::Schema { server, schema } }))
    }

    /// Closes the database and deletes it.
    ///
    /// # Errors
    /// What the store says.
    pub async fn discard(self) -> Result<(), StoreError> {
        self.db.close().await;
        match self.place {
            Placed::Folder(folder) => drop(folder),
            Placed::Schema { server, schema } => {
                let mut conn = PgConnection::connect(&server).await?;
                let drop = format!("DROP SCHEMA IF EXISTS \"{schema}\" CASCADE");
                conn.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(drop))).await?;
                conn.close().await?;
            }
        }
        Ok(())
    }
}

/// A name that no other test has.
fn name() -> String {
    let id: EventId = IdMint::system().mint();
    id.to_string()
}

/// Runs a test on a fresh database of each backend, at 2026-08-03 with a clock that stands still.
///
/// # Panics
/// When a database cannot be made or deleted, or the test panics.
pub async fn each_backend<F, Fut>(sets: &[&MigrationSet], test: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    let (_, clocks) = clocks();
    each_backend_with(sets, IdMint::system(), clocks, test).await;
}

/// [`each_backend`] with clocks and ids of the test's own.
///
/// # Panics
/// When a database cannot be made or deleted, or the test panics.
#[expect(clippy::expect_used, reason = "part of a test")]
pub async fn each_backend_with<F, Fut>(sets: &[&MigrationSet], mint: IdMint, clocks: Clocks, test: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    let sqlite = Fresh::sqlite(sets, mint.clone(), clocks.clone()).await.expect("fresh SQLite file");
    let postgres = Fresh::postgres(sets, mint, clocks).await.expect("fresh PostgreSQL schema");
    for fresh in [Some(sqlite), postgres].into_iter().flatten() {
        let dialect = fresh.db.dialect();
        let outcome = AssertUnwindSafe(test(fresh.db.clone())).catch_unwind().await;
        fresh.discard().await.expect("database deleted");
        if let Err(panic) = outcome {
            tracing::error!(?dialect, "the test failed on this database");
            std::panic::resume_unwind(panic);
        }
    }
}

/// Prepares every statement on this database, and on PostgreSQL looks at the types: parameters and columns
/// are `BIGINT`, `TEXT` or `BYTEA`, nothing else.
///
/// # Errors
/// [`StoreError::Other`] with all findings, a line each.
pub async fn prepare_all(db: &Db, lists: &[&[&'static Sql]]) -> Result<(), StoreError> {
    let mut findings = Vec::new();
    for sql in lists.iter().flat_map(|list| list.iter()) {
        if let Err(finding) = db.prepare(sql).await {
            findings.push(finding);
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(StoreError::other(findings.join("\n"))) }
}

const TYPES: &[&str] = &["INT8", "TEXT", "BYTEA"];

pub(crate) async fn prepare_sqlite(
    conn: &mut sqlx::SqliteConnection,
    sql: &'static Sql,
) -> Result<(), String> {
    let text = sqlx::SqlSafeStr::into_sql_str(sql.sqlite());
    conn.prepare(text).await.map(|_| ()).map_err(|e| format!("SQLite: {e}: {}", sql.sqlite()))
}

pub(crate) async fn prepare_postgres(conn: &mut PgConnection, sql: &'static Sql) -> Result<(), String> {
    let text = sqlx::SqlSafeStr::into_sql_str(sql.postgres());
    let statement = conn.prepare(text).await.map_err(|e| format!("PostgreSQL: {e}: {}", sql.postgres()))?;
    let params = statement.parameters().and_then(sqlx::Either::left).unwrap_or_default();
    let odd_param = params.iter().find(|ty| !TYPES.contains(&ty.name()));
    let odd_column =
        statement.columns().iter().find(|c| !TYPES.contains(&sqlx::Column::type_info(*c).name()));
    match (odd_param, odd_column) {
        (Some(ty), _) => Err(format!("PostgreSQL: a parameter is {}: {}", ty.name(), sql.postgres())),
        (_, Some(column)) => {
            let ty = sqlx::Column::type_info(column).name();
            Err(format!("PostgreSQL: `{}` is {ty}: {}", sqlx::Column::name(column), sql.postgres()))
        }
        (None, None) => Ok(()),
    }
}

static TABLES: Sql = Sql::split(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')
     AND name NOT LIKE 'sqlite_%' AND name <> 'migration'",
    // Split: each database describes itself in its own way.
    "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'migration'",
);

/// The rows that the base migration puts in.
const SEEDS: &str = "INSERT INTO log_head (one, seq, hash)
     VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
     INSERT INTO meta (name, value) VALUES ('epoch', '1');";

/// Empties every table, the numbering of rows too, so that a simulation can use its database again: much
/// cheaper than a new one. Rows that a service's own migrations put in are gone as well.
///
/// # Errors
/// What the store says.
pub async fn wipe(db: &Db) -> Result<(), StoreError> {
    let sqlite = db.dialect() == Dialect::Sqlite;
    db.write(move |tx| {
        Box::pin(async move {
            let tables: Vec<(String,)> = tx.query(&TABLES).all().await?;
            let mut text = String::new();
            if sqlite {
                text.push_str("PRAGMA defer_foreign_keys = ON;");
                for (table,) in &tables {
                    text.push_str(&format!("DELETE FROM \"{table}\";"));
                }
                text.push_str("DELETE FROM sqlite_sequence;");
            } else {
                let names: Vec<String> = tables.iter().map(|(table,)| format!("\"{table}\"")).collect();
                text.push_str(&format!("TRUNCATE {} RESTART IDENTITY CASCADE;", names.join(", ")));
            }
            text.push_str(SEEDS);
            tx.run_text(text).await
        })
    })
    .await
}
