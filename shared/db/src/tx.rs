//! A transaction as a job sees it: statements, marks of the inbox, numbers of a series. What it says to
//! the world is in `publish.rs`.

use std::{collections::HashSet, fmt::Display, sync::Arc};

use kernel::{By, Clocks, IdMint, UnixMillis};
use sqlx::{Postgres, Sqlite, Transaction, pool::PoolConnection};

use crate::{
    Query, Sql, StoreError,
    deferred::Deferred,
    pending::{FLUSH, Pending},
    query::{Conn, Damage},
};

/// What every transaction of a database shares.
pub(crate) struct Scope {
    pub(crate) mint: IdMint,
    pub(crate) clocks: Clocks,
}

/// The transaction of either driver.
pub(crate) enum Begun<'c> {
    Sqlite(Transaction<'c, Sqlite>),
    Postgres(Transaction<'c, Postgres>),
    /// No transaction: each statement is a snapshot of its own.
    SqliteAlone(PoolConnection<Sqlite>),
    PostgresAlone(PoolConnection<Postgres>),
}

/// A transaction. Given to jobs by [`crate::Db::write`] and [`crate::Db::read`], which begin and end it.
pub struct Tx<'c> {
    begun: Begun<'c>,
    pub(crate) scope: Arc<Scope>,
    writable: bool,
    pub(crate) pending: Pending,
    pub(crate) damage: Damage,
    pub(crate) deferred: Deferred,
    /// In whose name the job at hand publishes.
    pub(crate) by: Option<By>,
}

static SERIES_NEXT: Sql = Sql::split(
    "SELECT next FROM series WHERE name = $1",
    // Split: PostgreSQL makes the row if need be and holds its lock until the commit.
    "INSERT INTO series (name, next) VALUES ($1, 1)
     ON CONFLICT (name) DO UPDATE SET next = series.next RETURNING next",
);

static FIRST_TIME: Sql =
    Sql::same("INSERT INTO inbox (consumer, message_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");

static FIRST_TIMES: Sql = Sql::split(
    "INSERT INTO inbox (consumer, message_id, at) SELECT $1, value, CAST($3 AS BIGINT) FROM jsonb_each($2)
     WHERE true ON CONFLICT DO NOTHING RETURNING message_id",
    // Split: the two databases name the spreading of a JSON array differently.
    "INSERT INTO inbox (consumer, message_id, at) SELECT CAST($1 AS TEXT), v, CAST($3 AS BIGINT)
     FROM jsonb_array_elements_text(CAST(CAST($2 AS TEXT) AS JSONB)) AS e(v)
     ON CONFLICT DO NOTHING RETURNING message_id",
);

static QUEUE: Sql = Sql::split(
    "SELECT 1",
    // Split: SQLite has one writer, which is never asked to run a job again.
    "SELECT CAST(CASE WHEN pg_advisory_xact_lock(hashtext(current_schema())) IS NULL THEN 0 ELSE 1 END AS BIGINT)",
);

pub(crate) const ALL: &[&Sql] = &[&FLUSH, &SERIES_NEXT, &FIRST_TIME, &FIRST_TIMES, &QUEUE];

impl<'c> Tx<'c> {
    pub(crate) fn new(begun: Begun<'c>, scope: Arc<Scope>, writable: bool) -> Self {
        Self {
            begun,
            scope,
            writable,
            pending: Pending::default(),
            damage: Damage::default(),
            deferred: Deferred::default(),
            by: None,
        }
    }

    /// A statement on this transaction.
    pub fn query(&mut self, sql: &'static Sql) -> Query<'_> {
        let conn = match &mut self.begun {
            Begun::Sqlite(tx) => Conn::Sqlite(tx),
            Begun::Postgres(tx) => Conn::Postgres(tx),
            Begun::SqliteAlone(conn) => Conn::Sqlite(conn),
            Begun::PostgresAlone(conn) => Conn::Postgres(conn),
        };
        Query::new(conn, &mut self.damage, sql)
    }

    /// The clocks of the process. Read `now` once per command and pass it down.
    #[must_use]
    pub fn clocks(&self) -> &Clocks {
        &self.scope.clocks
    }

    /// The source of ids.
    #[must_use]
    pub fn mint(&self) -> &IdMint {
        &self.scope.mint
    }

    /// From here on this job publishes in somebody's name: that of the message which it applies.
    pub fn act_for(&mut self, by: Option<By>) {
        self.by = by;
    }

    /// Instant of the technical clock: leases, sending, receipts.
    pub(crate) fn technical_now(&self) -> UnixMillis {
        self.scope.clocks.technical.now()
    }

    /// Whether this consumer sees this message for the first time. The mark is kept with this
    /// transaction's effect; a second time within the same transaction or group is seen too.
    ///
    /// # Errors
    /// What the store says.
    pub async fn first_time(&mut self, consumer: &str, message_id: &str) -> Result<bool, StoreError> {
        let now = self.technical_now();
        let added = self.query(&FIRST_TIME).bind(consumer).bind(message_id).bind(now).run().await?;
        Ok(added == 1)
    }

    /// Those of the messages that this consumer sees for the first time, by one statement. A message
    /// named twice is returned once.
    ///
    /// # Errors
    /// What the store says.
    pub async fn first_times(
        &mut self,
        consumer: &str,
        message_ids: &[impl Display],
    ) -> Result<HashSet<String>, StoreError> {
        if message_ids.is_empty() {
            return Ok(HashSet::new());
        }
        let mut ids: Vec<String> = message_ids.iter().map(ToString::to_string).collect();
        // One order for all writers, or two consumers deadlock on PostgreSQL.
        ids.sort_unstable();
        let ids = serde_json::to_string(&ids).map_err(|e| StoreError::other(e.to_string()))?;
        let now = self.technical_now();
        let added: Vec<(String,)> = self.query(&FIRST_TIMES).bind(consumer).bind(ids).bind(now).all().await?;
        Ok(added.into_iter().map(|(id,)| id).collect())
    }

    /// Takes `count` numbers of a series, without gaps: what rolls back gives them back. Returns the
    /// first; a series begins at 1.
    ///
    /// # Errors
    /// What the store says; [`StoreError::Other`] when `count` is below 1.
    pub async fn next_number(&mut self, series: &str, count: i64) -> Result<i64, StoreError> {
        self.need_writable()?;
        if count < 1 {
            return Err(StoreError::other("a series gives one number or more"));
        }
        if self.pending.series(series).is_none() {
            let found: Option<(i64,)> = self.query(&SERIES_NEXT).bind(series).optional().await?;
            self.pending.keep_series(series, found.map_or(1, |(next,)| next));
        }
        let Some((next, dirty)) = self.pending.series(series) else {
            return Err(StoreError::other("a series was not loaded"));
        };
        let first = *next;
        *next = first.saturating_add(count);
        *dirty = true;
        Ok(first)
    }

    /// Whether heads need a row to lock.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.begun, Begun::Postgres(_) | Begun::PostgresAlone(_))
    }

    pub(crate) fn need_writable(&self) -> Result<(), StoreError> {
        if self.writable { Ok(()) } else { Err(StoreError::other("nothing is published from a read")) }
    }

    /// Writes what is pending.
    pub(crate) async fn flush(&mut self) -> Result<(), StoreError> {
        let Some(flush) = self.pending.take()? else { return Ok(()) };
        self.query(&FLUSH)
            .bind(flush.outbox)
            .bind(flush.subjects)
            .bind(flush.agencies)
            .bind(flush.series)
            .run()
            .await?;
        Ok(())
    }

    /// Writes what is pending and commits. Says whether the outbox got rows.
    pub(crate) async fn commit(mut self) -> Result<bool, Failure> {
        self.flush().await.map_err(|error| Failure { rerun: self.damage.rerun, error })?;
        let published = self.pending.published;
        let outcome = match self.begun {
            Begun::Sqlite(tx) => tx.commit().await,
            Begun::Postgres(tx) => tx.commit().await,
            Begun::SqliteAlone(_) | Begun::PostgresAlone(_) => Ok(()),
        };
        match outcome {
            Ok(()) => Ok(published),
            Err(error) => Err(Failure { rerun: crate::error::wants_rerun(&error), error: error.into() }),
        }
    }

    /// Waits until no other job of this schema is being run again. Jobs that lock the same rows in opposite
    /// orders would else meet, and fail each other, for ever.
    pub(crate) async fn queue_with_reruns(&mut self) -> Result<(), StoreError> {
        self.query(&QUEUE).run().await.map(|_| ())
    }

    /// Text that is not known before: the tests' housekeeping alone.
    #[cfg(feature = "testing")]
    pub(crate) async fn run_text(&mut self, text: String) -> Result<(), StoreError> {
        use sqlx::Executor;
        let text = sqlx::raw_sql(sqlx::AssertSqlSafe(text));
        match &mut self.begun {
            Begun::Sqlite(tx) => tx.execute(text).await.map(|_| ())?,
            Begun::Postgres(tx) => tx.execute(text).await.map(|_| ())?,
            Begun::SqliteAlone(conn) => conn.execute(text).await.map(|_| ())?,
            Begun::PostgresAlone(conn) => conn.execute(text).await.map(|_| ())?,
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), sqlx::Error> {
        match self.begun {
            Begun::Sqlite(tx) => tx.rollback().await,
            Begun::Postgres(tx) => tx.rollback().await,
            Begun::SqliteAlone(_) | Begun::PostgresAlone(_) => Ok(()),
        }
    }
}

/// A transaction that failed, and whether PostgreSQL asks for another try.
pub(crate) struct Failure {
    pub(crate) error: StoreError,
    pub(crate) rerun: bool,
}
