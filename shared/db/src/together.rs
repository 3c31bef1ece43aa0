//! Several SQLite books copied as they stood at one moment, while services go on writing.
//!
//! Books that talk to each other make sense only as of one moment: a consumer restored from a later moment than
//! its producer knows facts that nobody said. So the write lock of every book is taken, each book gets a reader
//! that holds its snapshot, the write-ahead logs are copied, and the locks are let go: that is the whole pause.
//! The readers keep checkpoints from writing anything later than the moment into the files, so the files are
//! copied at leisure; a page torn by a checkpoint meanwhile lies whole in the copied log. (`VACUUM INTO` knows one
//! book alone, and cannot read a snapshot that is already held.) `PostgreSQL` does all this by one `pg_dump`.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    process::Command,
    sync::{mpsc, watch},
    task::JoinSet,
};

use crate::{Db, StoreError, meta};

/// How long one book's write lock is waited for; more, and every service would feel the pause.
const LOCK_WITHIN: Duration = Duration::from_secs(5);

/// Copies each book to a new file beside which nothing else is needed, all as of one moment, and gives how long
/// writers had to wait.
///
/// # Errors
/// When a book is no file, a lock cannot be had, the disk is full, or a copy is damaged.
pub async fn copy_together(books: &[(Db, PathBuf)]) -> Result<Duration, StoreError> {
    let (release, released) = watch::channel(false);
    let (done, finished) = watch::channel(false);
    let mut at_work: JoinSet<Result<(), StoreError>> = JoinSet::new();
    let paused = Instant::now();
    let pause = match hold(books, &mut at_work, &released, &finished).await {
        Ok(()) => {
            release.send_replace(true);
            paused.elapsed()
        }
        Err(error) => return Err(error),
    };
    let copied = files(books).await;
    done.send_replace(true);
    while let Some(ended) = at_work.join_next().await {
        ended.map_err(|e| StoreError::other(e.to_string()))??;
    }
    copied?;
    for (_, copy) in books {
        settle(copy).await?;
    }
    Ok(pause)
}

/// Locks every book, pins a snapshot of each, and copies the logs.
async fn hold(
    books: &[(Db, PathBuf)],
    at_work: &mut JoinSet<Result<(), StoreError>>,
    released: &watch::Receiver<bool>,
    finished: &watch::Receiver<bool>,
) -> Result<(), StoreError> {
    for (db, _) in books {
        let (here, mut held) = mpsc::channel(1);
        let (db, released) = (db.clone(), released.clone());
        at_work.spawn(async move {
            db.write(move |_| {
                let (here, released) = (here.clone(), released.clone());
                Box::pin(async move { wait_for(&here, released).await })
            })
            .await
        });
        arrived(&mut held, "another process holds the write lock of a book; try again").await?;
    }
    for (db, _) in books {
        let (here, mut held) = mpsc::channel(1);
        let (db, finished) = (db.clone(), finished.clone());
        at_work.spawn(async move {
            db.read(move |tx| {
                Box::pin(async move {
                    // The first statement is what takes the snapshot.
                    meta::get(tx, "epoch").await?;
                    wait_for(&here, finished).await
                })
            })
            .await
        });
        arrived(&mut held, "a book gives no snapshot").await?;
    }
    for (db, copy) in books {
        let (from, to) = (log_of(file_of(db)?), log_of(copy));
        match tokio::fs::copy(&from, &to).await {
            Ok(_) => {}
            // A book that was never written since it was last closed has no log.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(io(&from, &error)),
        }
    }
    Ok(())
}

async fn arrived(held: &mut mpsc::Receiver<()>, otherwise: &str) -> Result<(), StoreError> {
    match tokio::time::timeout(LOCK_WITHIN, held.recv()).await {
        Ok(Some(())) => Ok(()),
        _ => Err(StoreError::unavailable(otherwise)),
    }
}

/// Says that the lock is held, and holds it. When the copying breaks off, its end of the channel goes.
async fn wait_for(here: &mpsc::Sender<()>, mut until: watch::Receiver<bool>) -> Result<(), StoreError> {
    // A job that runs again has said it already.
    here.try_send(()).ok();
    until.wait_for(|over| *over).await.map(drop).or(Ok(()))
}

/// The files, by `cp`: a process that closes a file gives up every lock that it has on it (POSIX), and this one
/// holds SQLite's.
async fn files(books: &[(Db, PathBuf)]) -> Result<(), StoreError> {
    for (db, copy) in books {
        let from = file_of(db)?;
        let ended = Command::new("cp").arg("--").args([from, copy]).output().await;
        let ended = ended.map_err(|e| io(from, &e))?;
        if !ended.status.success() {
            let why = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
            return Err(StoreError::unavailable(why));
        }
    }
    Ok(())
}

/// Takes the copied log into the copied file, looks at every page, and syncs.
async fn settle(copy: &Path) -> Result<(), StoreError> {
    let mut conn = SqliteConnectOptions::new().filename(copy).connect().await?;
    let damaged = pragma(&mut conn, "PRAGMA integrity_check").await?;
    if damaged != "ok" {
        return Err(StoreError::other(format!("{}: {damaged}", copy.display())));
    }
    pragma(&mut conn, "PRAGMA journal_mode = DELETE").await?;
    conn.close().await?;
    let whole = tokio::fs::File::open(copy).await.map_err(|e| io(copy, &e))?;
    whole.sync_all().await.map_err(|e| io(copy, &e))
}

async fn pragma(conn: &mut SqliteConnection, text: &'static str) -> Result<String, StoreError> {
    let none = sqlx::sqlite::SqliteArguments::default();
    let (said,): (String,) = sqlx::query_as_with(text, none).fetch_one(conn).await?;
    Ok(said)
}

fn file_of(db: &Db) -> Result<&Path, StoreError> {
    db.file().ok_or_else(|| StoreError::other("only a book in a file is copied so"))
}

fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn io(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::unavailable(format!("{}: {error}", path.display()))
}
