//! One statement under way: bind, then run.

use sqlx::{FromRow, PgConnection, SqliteConnection, postgres::PgRow, sqlite::SqliteRow};

use crate::{
    Sql, StoreError,
    error::wants_rerun,
    value::{Args, Value},
};

/// A row type that both databases fill: any `#[derive(sqlx::FromRow)]` over `i64`, `String`, `Vec<u8>`
/// and options of them, and tuples of those.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// The connection of a transaction, for one statement.
pub(crate) enum Conn<'t> {
    Sqlite(&'t mut SqliteConnection),
    Postgres(&'t mut PgConnection),
}

/// What a failed statement leaves behind in its transaction.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Damage {
    /// A statement failed: the transaction cannot commit. PostgreSQL says so, SQLite would go on.
    pub(crate) broken: bool,
    /// The database asks for the transaction to be run again.
    pub(crate) rerun: bool,
}

/// One statement with its values.
#[must_use = "a query does nothing until it is run"]
pub struct Query<'t> {
    conn: Conn<'t>,
    damage: &'t mut Damage,
    sql: &'static Sql,
    args: Args,
    bound: usize,
    fault: Option<StoreError>,
}

macro_rules! on_both {
    ($query:expr, $with:path, $call:ident $(, $row:ty)?) => {{
        let Query { conn, damage, sql, args, bound, fault } = $query;
        if let Some(fault) = check(sql, bound, fault) {
            damage.broken = true;
            return Err(fault);
        }
        tracing::trace!(target: "db::statement", sql = sql.sqlite);
        let outcome = match (conn, args) {
            (Conn::Sqlite(conn), Args::Sqlite(args)) => {
                $with(sql.sqlite, args).$call(conn).await.map(Into::into)
            }
            (Conn::Postgres(conn), Args::Postgres(args)) => {
                $with(sql.postgres, args).$call(conn).await.map(Into::into)
            }
            _ => return Err(StoreError::other("arguments of the other database")),
        };
        outcome.map_err(|error| note(damage, sql, error))
    }};
}

/// Rows touched, from either driver.
struct Touched(u64);
impl From<sqlx::sqlite::SqliteQueryResult> for Touched {
    fn from(result: sqlx::sqlite::SqliteQueryResult) -> Self {
        Self(result.rows_affected())
    }
}
impl From<sqlx::postgres::PgQueryResult> for Touched {
    fn from(result: sqlx::postgres::PgQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl<'t> Query<'t> {
    pub(crate) fn new(conn: Conn<'t>, damage: &'t mut Damage, sql: &'static Sql) -> Self {
        let args = match &conn {
            Conn::Sqlite(_) => Args::Sqlite(sqlx::sqlite::SqliteArguments::default()),
            Conn::Postgres(_) => Args::Postgres(sqlx::postgres::PgArguments::default()),
        };
        Self { conn, damage, sql, args, bound: 0, fault: None }
    }

    /// Gives the next placeholder its value: the first call is `$1`. A value that cannot be encoded, and
    /// a wrong number of values, is an error when the statement runs.
    pub fn bind<V: Value>(mut self, value: V) -> Self {
        self.bound += 1;
        if let Err(error) = value.put(&mut self.args) {
            self.fault.get_or_insert_with(|| {
                StoreError::other(format!("${} does not encode: {error}: {}", self.bound, self.sql.sqlite))
            });
        }
        self
    }

    /// Runs it and says how many rows it touched.
    ///
    /// # Errors
    /// What the store says.
    pub async fn run(self) -> Result<u64, StoreError> {
        let touched: Touched = on_both!(self, sqlx::query_with, execute)?;
        Ok(touched.0)
    }

    /// Runs a change that must touch exactly one row.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it touched none; else what the store says.
    pub async fn run_one(self) -> Result<(), StoreError> {
        let sql = self.sql;
        match self.run().await? {
            1 => Ok(()),
            0 => Err(StoreError::Stale),
            many => Err(StoreError::other(format!("touched {many} rows instead of one: {}", sql.sqlite))),
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// What the store says.
    pub async fn optional<R: Row>(self) -> Result<Option<R>, StoreError> {
        on_both!(self, sqlx::query_as_with::<_, R, _>, fetch_optional)
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// [`StoreError::Other`] when there is none; else what the store says.
    pub async fn one<R: Row>(self) -> Result<R, StoreError> {
        let sql = self.sql;
        self.optional().await?.ok_or_else(|| StoreError::other(format!("no row: {}", sql.sqlite)))
    }

    /// All rows. The statement carries its own `LIMIT`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn all<R: Row>(self) -> Result<Vec<R>, StoreError> {
        on_both!(self, sqlx::query_as_with::<_, R, _>, fetch_all)
    }
}

/// SQLite binds NULL in silence where a value is missing, so the count is checked here.
fn check(sql: &'static Sql, bound: usize, fault: Option<StoreError>) -> Option<StoreError> {
    if fault.is_some() {
        return fault;
    }
    (bound != sql.params).then(|| {
        StoreError::other(format!("bound {bound} values for {} placeholders: {}", sql.params, sql.sqlite))
    })
}

fn note(damage: &mut Damage, sql: &'static Sql, error: sqlx::Error) -> StoreError {
    damage.broken = true;
    damage.rerun |= wants_rerun(&error);
    tracing::debug!(target: "db::statement", sql = sql.sqlite, %error, "statement failed");
    error.into()
}
