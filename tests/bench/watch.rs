//! Sees from outside, and at once, that a SQLite database of the suite has a row: as a person's page or an
//! agency's list would show it from that moment on.
//!
//! The header of the WAL index changes with each commit. Reading its first bytes costs under a microsecond,
//! so it is looked at all the time, and the database is asked only when something was committed.

use std::{
    collections::HashMap,
    fs::File,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{sync::oneshot, time::Instant};

/// How often the header is looked at: what the answer may be late by.
const LOOK_EVERY: Duration = Duration::from_micros(150);
/// Bytes of the WAL index's header.
const HEADER: usize = 48;

/// Which rows are new.
#[derive(Clone, Copy, Debug)]
pub enum Question {
    /// Of the ids waited for (a JSON array): those that are there.
    OfThese(&'static str),
    /// Row number and id of every row behind a row number.
    Since(&'static str),
}

enum Slot {
    Seen(Instant),
    Waited(oneshot::Sender<Instant>),
}

/// A database under watch.
pub struct Watch {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<anyhow::Result<()>>>,
}

#[derive(Default)]
struct Shared {
    slots: Mutex<HashMap<String, Slot>>,
    /// Somebody waits for what may have been committed before.
    asked: AtomicBool,
    stop: AtomicBool,
}

impl Shared {
    fn slots(&self) -> MutexGuard<'_, HashMap<String, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self, id: String) {
        let now = Instant::now();
        let mut slots = self.slots();
        match slots.remove(&id) {
            // One who went away does not want to know.
            Some(Slot::Waited(waiting)) => drop(waiting.send(now)),
            Some(Slot::Seen(at)) => drop(slots.insert(id, Slot::Seen(at))),
            None => drop(slots.insert(id, Slot::Seen(now))),
        }
    }

    fn waited_for(&self) -> Vec<String> {
        self.slots().iter().filter(|(_, s)| matches!(s, Slot::Waited(_))).map(|(id, _)| id.clone()).collect()
    }
}

impl Watch {
    /// Watches a database that exists.
    pub fn begin(database: &Path, question: Question) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (path, of_thread) = (database.to_path_buf(), shared.clone());
        let thread = std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || look(&path, question, &of_thread))
            .context("a thread to watch by")?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Waits until a row is there; says since when it is known.
    pub async fn until(&self, id: &str) -> anyhow::Result<Instant> {
        let answer = {
            let mut slots = self.shared.slots();
            if let Some(Slot::Seen(at)) = slots.remove(id) {
                return Ok(at);
            }
            let (tell, answer) = oneshot::channel();
            slots.insert(id.to_owned(), Slot::Waited(tell));
            answer
        };
        self.shared.asked.store(true, Ordering::Release);
        answer.await.context("the watch has ended")
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        if let Some(Ok(Err(error))) = self.thread.take().map(std::thread::JoinHandle::join) {
            suite::say::progress(&format!("watch: {error:#}"));
        }
    }
}

fn look(database: &Path, question: Question, shared: &Shared) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let options = SqliteConnectOptions::new().filename(database).read_only(true);
    let mut connection = runtime.block_on(options.connect()).context("opening for reading")?;
    // Closed after the connection: closing it earlier would give up the connection's locks on this file.
    let index = File::open(index_of(database)).context("the WAL index")?;
    let (mut known, mut behind) = ([0_u8; HEADER], 0_i64);
    while !shared.stop.load(Ordering::Acquire) {
        let mut header = [0_u8; HEADER];
        index.read_exact_at(&mut header, 0).context("the WAL index's header")?;
        if header != known || shared.asked.swap(false, Ordering::AcqRel) {
            known = header;
            runtime.block_on(ask(&mut connection, question, shared, &mut behind))?;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    drop(connection);
    drop(index);
    Ok(())
}

fn index_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-shm");
    name.into()
}

async fn ask(
    connection: &mut SqliteConnection,
    question: Question,
    shared: &Shared,
    behind: &mut i64,
) -> anyhow::Result<()> {
    match question {
        Question::OfThese(sql) => {
            let ids = shared.waited_for();
            if ids.is_empty() {
                return Ok(());
            }
            let ids = serde_json::to_string(&ids)?;
            let found: Vec<(String,)> = sqlx::query_as(sql).bind(ids).fetch_all(connection).await?;
            found.into_iter().for_each(|(id,)| shared.seen(id));
        }
        Question::Since(sql) => {
            let found: Vec<(i64, String)> = sqlx::query_as(sql).bind(*behind).fetch_all(connection).await?;
            for (row, id) in found {
                *behind = row.max(*behind);
                shared.seen(id);
            }
        }
    }
    Ok(())
}
