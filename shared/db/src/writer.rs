//! The one writer of a SQLite file: group commit.
//!
//! It takes what is waiting, up to [`MAX_GROUP`] jobs and never waiting for more, runs them one after the
//! other in one transaction without savepoints, commits once, and then answers them all. A group in which
//! a job failed is rolled back: the jobs before it are run again together, it alone by itself, and those
//! behind it as a new group. So a failing job hurts no other, and costs two commits, not hundreds.

use std::{
    collections::VecDeque,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::FutureExt;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    StoreError, Tx,
    job::Job,
    open,
    tx::{Begun, Scope},
};

/// Jobs in one transaction.
pub const MAX_GROUP: usize = 256;
/// Jobs that wait before callers are held back.
pub(crate) const MAX_WAITING: usize = 1024;

/// What reaches the writer.
pub(crate) enum Order {
    Work(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// What the writers have done since the start, for metrics and the benchmark.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) jobs: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) reruns: AtomicU64,
}

pub(crate) struct Writer {
    pub(crate) conn: SqliteConnection,
    /// To open another connection when this one is no longer fit.
    pub(crate) options: SqliteConnectOptions,
    pub(crate) scope: Arc<Scope>,
    pub(crate) commits: watch::Sender<u64>,
    pub(crate) tally: Arc<Tally>,
}

/// Where a group failed.
enum Broken {
    /// Nothing can be begun: the file is locked or gone.
    Begin(StoreError),
    /// The job at this place.
    Job(usize, StoreError),
    /// At the flush or the commit: no telling which.
    Commit(StoreError),
}

type Group = VecDeque<Box<dyn Job>>;

impl Writer {
    /// Serves until it is told to close or the last `Db` is gone; what waits then is still done.
    pub(crate) async fn serve(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut closing = None;
        while closing.is_none() {
            let Some(first) = orders.recv().await else { break };
            let mut group = Group::new();
            let mut next = Some(first);
            while let Some(order) = next.take() {
                match order {
                    Order::Work(job) => group.push_back(job),
                    Order::Close(done) => closing = Some(done),
                }
                if closing.is_none() && group.len() < MAX_GROUP {
                    next = orders.try_recv().ok();
                }
            }
            self.settle(group).await;
        }
        if let Err(error) = self.conn.close().await {
            tracing::warn!(%error, "the database did not close well");
        }
        if let Some(done) = closing {
            done.send(()).unwrap_or_default();
        }
    }

    /// Runs a group until each of its jobs has its answer.
    async fn settle(&mut self, mut group: Group) {
        self.tally.jobs.fetch_add(group.len() as u64, Ordering::Relaxed);
        while !group.is_empty() {
            match self.attempt(&mut group).await {
                Ok(()) => return answer_all(group, &Ok(())),
                Err(Broken::Begin(error)) => return answer_all(group, &Err(error)),
                Err(Broken::Job(_, error) | Broken::Commit(error)) if group.len() == 1 => {
                    return answer_all(group, &Err(error));
                }
                Err(Broken::Job(at, error)) => {
                    tracing::debug!(at, jobs = group.len(), %error, "group rolled back");
                    let behind = group.split_off(at.saturating_add(1));
                    let alone = group.split_off(at);
                    self.again(group).await;
                    self.one_by_one(alone).await;
                    group = behind;
                }
                Err(Broken::Commit(error)) => {
                    tracing::debug!(jobs = group.len(), %error, "group failed at its commit");
                    return self.one_by_one(group).await;
                }
            }
        }
    }

    /// Jobs that went well together once; should they fail now, each is on its own.
    async fn again(&mut self, mut group: Group) {
        if group.is_empty() {
            return;
        }
        self.tally.reruns.fetch_add(group.len() as u64, Ordering::Relaxed);
        match self.attempt(&mut group).await {
            Ok(()) => answer_all(group, &Ok(())),
            Err(_) => self.one_by_one(group).await,
        }
    }

    async fn one_by_one(&mut self, group: Group) {
        for job in group {
            self.tally.reruns.fetch_add(1, Ordering::Relaxed);
            let mut alone = Group::from([job]);
            let outcome = match self.attempt(&mut alone).await {
                Ok(()) => Ok(()),
                Err(Broken::Begin(error) | Broken::Job(_, error) | Broken::Commit(error)) => Err(error),
            };
            answer_all(alone, &outcome);
        }
    }

    /// SQLite ends a transaction by itself when the disk is full or fails, and the driver, which still
    /// counts it, could then begin no other: such a connection is replaced.
    async fn make_fit(&mut self) -> Result<(), StoreError> {
        if !self.conn.is_in_transaction() {
            return Ok(());
        }
        tracing::warn!("the writing connection is stuck in a transaction and is replaced");
        let fresh = open::sqlite_writer(&self.options).await?;
        let stuck = std::mem::replace(&mut self.conn, fresh);
        // Closing rolls back what may be left.
        stuck.close().await.map_err(Into::into)
    }

    /// One transaction over all jobs of the group.
    async fn attempt(&mut self, group: &mut Group) -> Result<(), Broken> {
        self.make_fit().await.map_err(Broken::Begin)?;
        // IMMEDIATE takes the write lock at once, so that no later upgrade can fail.
        let begun = self.conn.begin_with("BEGIN IMMEDIATE").await.map_err(|e| Broken::Begin(e.into()))?;
        let mut tx = Tx::new(Begun::Sqlite(begun), self.scope.clone(), true);
        for (at, job) in group.iter_mut().enumerate() {
            if let Err(error) = run_guarded(job.as_mut(), &mut tx).await {
                if let Err(error) = tx.rollback().await {
                    tracing::warn!(%error, "rollback failed");
                }
                return Err(Broken::Job(at, error));
            }
        }
        let published = tx.commit().await.map_err(|failure| Broken::Commit(failure.error))?;
        self.tally.commits.fetch_add(1, Ordering::Relaxed);
        if published {
            self.commits.send_modify(|count| *count = count.wrapping_add(1));
        }
        Ok(())
    }
}

/// Runs a job; a panic or a failed statement that the job passed over is its failure.
pub(crate) async fn run_guarded(job: &mut dyn Job, tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let outcome = AssertUnwindSafe(job.run(tx)).catch_unwind().await;
    let outcome = outcome.unwrap_or_else(|_| Err(StoreError::other("a job of the write path panicked")));
    let outcome = match outcome {
        Ok(()) => tx.end_job().await,
        failed => failed,
    };
    match outcome {
        Ok(()) if tx.damage.broken => {
            Err(StoreError::other("a statement failed and the job went on; its transaction cannot commit"))
        }
        outcome => outcome,
    }
}

fn answer_all(group: Group, outcome: &Result<(), StoreError>) {
    for job in group {
        job.answer(outcome.clone());
    }
}
