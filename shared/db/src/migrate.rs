//! Migrations: numbered, frozen once applied, several sets side by side in one database.

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use trust::chain::Hash;

use crate::StoreError;

/// The migrations of one owner, with a history of its own.
#[derive(Debug, Clone, Copy)]
pub struct MigrationSet {
    /// Whose: `base`, `intake`.
    pub name: &'static str,
    /// In order, numbered from 1.
    pub steps: &'static [Migration],
}

/// One step, in both dialects (`include_str!` from `migrations/{sqlite,postgres}`). A step that was
/// applied once is never edited.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// From 1.
    pub number: i64,
    /// What it does, in one word or two.
    pub name: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

/// The tables of this crate.
pub(crate) const BASE: MigrationSet = MigrationSet {
    name: "base",
    steps: &[
        Migration {
            number: 1,
            name: "base",
            sqlite: include_str!("../migrations/sqlite/0001_base.sql"),
            postgres: include_str!("../migrations/postgres/0001_base.sql"),
        },
        Migration {
            number: 2,
            name: "acted_by",
            sqlite: include_str!("../migrations/sqlite/0002_acted_by.sql"),
            postgres: include_str!("../migrations/postgres/0002_acted_by.sql"),
        },
        Migration {
            number: 3,
            name: "answered",
            sqlite: include_str!("../migrations/sqlite/0003_answered.sql"),
            postgres: include_str!("../migrations/postgres/0003_answered.sql"),
        },
    ],
};

const HISTORY_SQLITE: &str =
    "CREATE TABLE IF NOT EXISTS migration (owner TEXT NOT NULL, number INTEGER NOT NULL,
    name TEXT NOT NULL, checksum TEXT NOT NULL, PRIMARY KEY (owner, number)) STRICT, WITHOUT ROWID";
const HISTORY_POSTGRES: &str =
    "CREATE TABLE IF NOT EXISTS migration (owner TEXT NOT NULL, number BIGINT NOT NULL,
    name TEXT NOT NULL, checksum TEXT NOT NULL, PRIMARY KEY (owner, number))";
const APPLIED: &str = "SELECT number, checksum FROM migration WHERE owner = $1 ORDER BY number";
const RECORD: &str = "INSERT INTO migration (owner, number, name, checksum) VALUES ($1, $2, $3, $4)";

/// Any number, the same for every process of the suite: who migrates holds it.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7235419)";

/// The one macro of this crate: both drivers have the same calls and no common trait that carries them.
macro_rules! run_sets {
    ($tx:ident, $sets:ident, $args:ty, $dialect:ident) => {
        for set in $sets {
            let mut args = <$args>::default();
            add(&mut args, set.name)?;
            let applied: Vec<(i64, String)> = sqlx::query_as_with(APPLIED, args).fetch_all(&mut *$tx).await?;
            for step in pending(set, &applied, |step| step.$dialect)? {
                $tx.execute(sqlx::raw_sql(step.$dialect))
                    .await
                    .map_err(|e| StoreError::other(format!("{}/{}: {e}", set.name, step.number)))?;
                let mut args = <$args>::default();
                add(&mut args, set.name)?;
                add(&mut args, step.number)?;
                add(&mut args, step.name)?;
                add(&mut args, Hash::of(step.$dialect.as_bytes()).to_hex())?;
                sqlx::query_with(RECORD, args).execute(&mut *$tx).await?;
            }
        }
    };
}

fn add<'v, A: sqlx::Arguments, T>(args: &mut A, value: T) -> Result<(), StoreError>
where
    T: sqlx::Encode<'v, A::Database> + sqlx::Type<A::Database>,
{
    args.add(value).map_err(|e| StoreError::other(e.to_string()))
}

pub(crate) async fn sqlite(conn: &mut SqliteConnection, sets: &[&MigrationSet]) -> Result<(), StoreError> {
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
    tx.execute(sqlx::raw_sql(HISTORY_SQLITE)).await?;
    run_sets!(tx, sets, sqlx::sqlite::SqliteArguments, sqlite);
    Ok(tx.commit().await?)
}

pub(crate) async fn postgres(
    conn: &mut PgConnection,
    schema: &str,
    sets: &[&MigrationSet],
) -> Result<(), StoreError> {
    let mut tx = conn.begin().await?;
    tx.execute(sqlx::raw_sql(LOCK)).await?;
    // The name was checked when the URL was read: letters, digits, `_` and `-`.
    let create = format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"");
    tx.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(create))).await?;
    tx.execute(sqlx::raw_sql(HISTORY_POSTGRES)).await?;
    run_sets!(tx, sets, sqlx::postgres::PgArguments, postgres);
    Ok(tx.commit().await?)
}

/// The steps still to run. Refuses a history that this program does not know.
fn pending<'s>(
    set: &'s MigrationSet,
    applied: &[(i64, String)],
    text: impl Fn(&Migration) -> &'static str,
) -> Result<&'s [Migration], StoreError> {
    for (expected, step) in (1_i64..).zip(set.steps) {
        if step.number != expected {
            return Err(StoreError::other(format!(
                "{}: step {expected} is numbered {}",
                set.name, step.number
            )));
        }
    }
    for (number, checksum) in applied {
        let Some(step) = set.steps.iter().find(|step| step.number == *number) else {
            return Err(StoreError::other(format!(
                "{}: the database is ahead: step {number} is not known to this program",
                set.name
            )));
        };
        if Hash::of(text(step).as_bytes()).to_hex() != *checksum {
            return Err(StoreError::other(format!(
                "{}: step {number} was edited after it was applied; migrations are frozen",
                set.name
            )));
        }
    }
    Ok(set.steps.get(applied.len()..).unwrap_or_default())
}
