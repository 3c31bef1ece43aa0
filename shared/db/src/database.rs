//! A database of one service.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::future::BoxFuture;
use kernel::{Clocks, IdMint};
use sqlx::{PgPool, SqlitePool};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::Span;

use crate::{
    DbConfig, MigrationSet, StoreError, Tx, acting,
    config::Place,
    job::{Asked, Job},
    migrate, open,
    tx::{Begun, Scope},
    writer::{MAX_WAITING, Order, Tally, Writer, run_guarded},
};

/// Times that PostgreSQL may ask for one transaction: serialisation failures and deadlocks.
const MAX_TRIES: u32 = 8;

/// A database: SQLite (one file, one writer) or PostgreSQL (one schema). Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    scope: Arc<Scope>,
    commits: watch::Sender<u64>,
    tally: Arc<Tally>,
    retries: AtomicU64,
    requests: AtomicU64,
}

enum Backend {
    Sqlite {
        orders: mpsc::Sender<Order>,
        readers: SqlitePool,
        /// The task that writes, to refuse a job that would wait for itself.
        writer: tokio::task::Id,
        /// In memory a reader blocks the commit, so a read ends before it answers.
        in_memory: bool,
        file: Option<PathBuf>,
    },
    Postgres(PgPool),
}

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite, in a file or in memory.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// What the write path has done since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteStats {
    /// Jobs taken.
    pub jobs: u64,
    /// Transactions committed.
    pub commits: u64,
    /// Jobs run again: after a failed neighbour (SQLite), or at PostgreSQL's request.
    pub reruns: u64,
}

impl Db {
    /// Opens (and creates) a database, and brings its tables up to date: those of this crate, then the
    /// sets of the service.
    ///
    /// # Errors
    /// When the URL makes no sense, the database is away, SQLite is not `synchronous=FULL`, or the history
    /// of migrations is not this program's.
    pub async fn open(
        config: &DbConfig,
        sets: &[&MigrationSet],
        mint: IdMint,
        clocks: Clocks,
    ) -> Result<Self, StoreError> {
        let scope = Arc::new(Scope { mint, clocks });
        let sets: Vec<&MigrationSet> = [&migrate::BASE].into_iter().chain(sets.iter().copied()).collect();
        let (commits, _) = watch::channel(0);
        let tally = Arc::new(Tally::default());
        let backend = match Place::read(config)? {
            Place::Postgres { options, schema, pool } => {
                let pool = open::postgres(&options, pool).await?;
                let mut conn = pool.acquire().await?;
                migrate::postgres(&mut conn, &schema, &sets).await?;
                drop(conn);
                Backend::Postgres(pool)
            }
            Place::Memory(name) => {
                let plan = open::sqlite_memory(&name);
                start_writer(plan, None, &sets, (scope.clone(), commits.clone(), tally.clone())).await?
            }
            Place::File(path) => {
                let plan = open::sqlite_file(&path).await?;
                start_writer(plan, Some(path), &sets, (scope.clone(), commits.clone(), tally.clone())).await?
            }
        };
        let (retries, requests) = (AtomicU64::new(0), AtomicU64::new(0));
        Ok(Self { inner: Arc::new(Inner { backend, scope, commits, tally, retries, requests }) })
    }

    /// Runs a job in a write transaction and returns after the durable commit.
    ///
    /// The job may run more than once: it takes everything it needs with it, and touches nothing but its
    /// transaction. A `StoreError` from it rolls back; a refusal of the domain is a value and commits. On
    /// SQLite a job that was handed in is done even when the caller stops waiting; on PostgreSQL it is
    /// rolled back then. After [`StoreError::Unavailable`] a PostgreSQL job may or may not have committed.
    ///
    /// # Errors
    /// What the job says, or the store.
    pub async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let asked = Asked { work: job, given: None, reply, span: Span::current(), by: acting::current() };
        match &self.inner.backend {
            Backend::Sqlite { writer, .. } if tokio::task::try_id() == Some(*writer) => {
                return Err(StoreError::other(
                    "a job writes through its transaction, not through the database",
                ));
            }
            Backend::Sqlite { orders, .. } => {
                orders.send(Order::Work(Box::new(asked))).await.map_err(|_| closed())?;
            }
            Backend::Postgres(pool) => self.write_alone(pool, Box::new(asked)).await,
        }
        answer.await.map_err(|_| closed())?
    }

    /// PostgreSQL: a transaction of its own, run again when the database asks for it.
    async fn write_alone(&self, pool: &PgPool, mut job: Box<dyn Job>) {
        self.inner.tally.jobs.fetch_add(1, Ordering::Relaxed);
        let mut tries = 1;
        let outcome = loop {
            match self.attempt(pool, job.as_mut(), tries > 1).await {
                Err((_, true)) if tries < MAX_TRIES => {
                    tries += 1;
                    self.inner.retries.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                }
                outcome => break outcome.map_err(|(error, _)| error),
            }
        };
        job.answer(outcome);
    }

    async fn attempt(&self, pool: &PgPool, job: &mut dyn Job, again: bool) -> Result<(), (StoreError, bool)> {
        let begun = pool.begin().await.map_err(|e| (e.into(), false))?;
        let mut tx = Tx::new(Begun::Postgres(begun), self.inner.scope.clone(), true);
        if again {
            tx.queue_with_reruns().await.map_err(|error| (error, true))?;
        }
        if let Err(error) = run_guarded(job, &mut tx).await {
            let rerun = tx.damage.rerun;
            if let Err(error) = tx.rollback().await {
                tracing::debug!(%error, "rollback failed");
            }
            return Err((error, rerun));
        }
        let published = tx.commit().await.map_err(|failure| (failure.error, failure.rerun))?;
        self.inner.tally.commits.fetch_add(1, Ordering::Relaxed);
        if published {
            self.inner.commits.send_modify(|count| *count = count.wrapping_add(1));
        }
        Ok(())
    }

    /// Runs a job that only reads, in one snapshot of the database.
    ///
    /// # Errors
    /// What the job says, or the store; writing fails.
    pub async fn read<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send,
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, StoreError>> + Send,
    {
        let (begun, wait) = match &self.inner.backend {
            Backend::Sqlite { readers, in_memory, .. } => (Begun::Sqlite(readers.begin().await?), *in_memory),
            Backend::Postgres(pool) => {
                let begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
                (Begun::Postgres(pool.begin_with(begin).await?), false)
            }
        };
        let mut tx = Tx::new(begun, self.inner.scope.clone(), false);
        let outcome = job(&mut tx).await;
        // Otherwise dropping the transaction ends it; there is nothing to wait for.
        if wait {
            tx.rollback().await?;
        }
        outcome
    }

    /// Runs a job that reads by one statement, which needs no transaction around it: one trip to the database
    /// instead of three. A job with more statements reads from more than one snapshot: use [`Db::read`].
    ///
    /// # Errors
    /// What the job says, or the store; writing fails.
    pub async fn peek<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send,
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, StoreError>> + Send,
    {
        let begun = match &self.inner.backend {
            Backend::Sqlite { in_memory: true, .. } => return self.read(job).await,
            Backend::Sqlite { readers, .. } => Begun::SqliteAlone(readers.acquire().await?),
            Backend::Postgres(pool) => Begun::PostgresAlone(pool.acquire().await?),
        };
        let mut tx = Tx::new(begun, self.inner.scope.clone(), false);
        job(&mut tx).await
    }

    /// Prepares a statement without running it.
    #[cfg(feature = "testing")]
    pub(crate) async fn prepare(&self, sql: &'static crate::Sql) -> Result<(), String> {
        match &self.inner.backend {
            Backend::Sqlite { readers, .. } => {
                let mut conn = readers.acquire().await.map_err(|e| e.to_string())?;
                crate::testing::prepare_sqlite(&mut conn, sql).await
            }
            Backend::Postgres(pool) => {
                let mut conn = pool.acquire().await.map_err(|e| e.to_string())?;
                crate::testing::prepare_postgres(&mut conn, sql).await
            }
        }
    }

    /// Counts commits that wrote outbox rows by this process: wakes the relay at once.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.inner.commits.subscribe()
    }

    /// Which database it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.inner.backend {
            Backend::Sqlite { .. } => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The file it lies in, when it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.inner.backend {
            Backend::Sqlite { file, .. } => file.as_deref(),
            Backend::Postgres(_) => None,
        }
    }

    /// The clocks it was opened with.
    #[must_use]
    pub fn clocks(&self) -> &Clocks {
        &self.inner.scope.clocks
    }

    /// The source of ids it was opened with.
    #[must_use]
    pub fn mint(&self) -> &IdMint {
        &self.inner.scope.mint
    }

    /// Counts a request that came with its caller's key; the number before it.
    pub(crate) fn count_request(&self) -> u64 {
        self.inner.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// What the write path has done since the start.
    #[must_use]
    pub fn write_stats(&self) -> WriteStats {
        let tally = &self.inner.tally;
        WriteStats {
            jobs: tally.jobs.load(Ordering::Relaxed),
            commits: tally.commits.load(Ordering::Relaxed),
            reruns: tally.reruns.load(Ordering::Relaxed) + self.inner.retries.load(Ordering::Relaxed),
        }
    }

    /// Finishes what was handed in and closes every connection. Later calls get
    /// [`StoreError::Unavailable`].
    pub async fn close(&self) {
        match &self.inner.backend {
            Backend::Sqlite { orders, readers, .. } => {
                readers.close().await;
                let (done, closed) = oneshot::channel();
                if orders.send(Order::Close(done)).await.is_ok() {
                    closed.await.unwrap_or_default();
                }
            }
            Backend::Postgres(pool) => pool.close().await,
        }
    }
}

type Shared = (Arc<Scope>, watch::Sender<u64>, Arc<Tally>);

async fn start_writer(
    plan: open::SqlitePlan,
    file: Option<PathBuf>,
    sets: &[&MigrationSet],
    (scope, commits, tally): Shared,
) -> Result<Backend, StoreError> {
    let mut conn = open::sqlite_writer(&plan.writer).await?;
    migrate::sqlite(&mut conn, sets).await?;
    let (orders, waiting) = mpsc::channel(MAX_WAITING);
    let task = Writer { conn, options: plan.writer, scope, commits, tally }.serve(waiting);
    let writer = tokio::spawn(task).id();
    let in_memory = file.is_none();
    Ok(Backend::Sqlite { orders, readers: plan.readers, writer, in_memory, file })
}

fn closed() -> StoreError {
    StoreError::unavailable("the database is closed")
}
