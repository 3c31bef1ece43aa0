//! The masked index: titles and words of texts from which intake has taken names, numbers and
//! telephones. Accusations are never asked for, for they have no row.

use std::time::Duration;

use bus::{Bus, Shutdown};
use contracts::intake::commands::{MaskedText, MaskedTexts};
use db::{Db, StoreError};
use kernel::{Refusal, SubmissionId};

use super::{feed::BoardWatch, words};
use web::SuiteActor;

use crate::store::board as sql;

/// Texts asked for at once.
const BATCH: i64 = 256;
/// The longest wait for something to index, in milliseconds.
const POLL_MS: u64 = 5_000;

/// A step of the index did not happen; its rows wait.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Intake is away or refuses.
    #[error("masked texts: {0}")]
    Asked(Box<Refusal>),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Fills titles and words in.
pub struct MaskedIndex {
    db: Db,
    bus: Bus,
    suite: SuiteActor,
    watch: BoardWatch,
}

impl MaskedIndex {
    /// The index of a board.
    #[must_use]
    pub fn new(db: Db, bus: Bus, suite: SuiteActor, watch: BoardWatch) -> Self {
        Self { db, bus, suite, watch }
    }

    /// Asks for one batch; says how many rows it served.
    ///
    /// # Errors
    /// When intake or the store is away; the rows wait.
    pub async fn step(&self) -> Result<usize, IndexError> {
        let waiting: Vec<(String,)> = self
            .db
            .peek(|tx| Box::pin(async move { tx.query(&sql::TO_INDEX).bind(BATCH).all().await }))
            .await?;
        let mut submissions: Vec<SubmissionId> = Vec::with_capacity(waiting.len());
        for (id,) in &waiting {
            submissions.push(db::parse("board", "id", id, id)?);
        }
        if submissions.is_empty() {
            return Ok(0);
        }
        let token = self.suite.token().map_err(|r| IndexError::Asked(Box::new(r)))?;
        let command = MaskedTexts { submissions };
        let texts = web::ask::ask(&self.bus, "intake", Some(token.expose()), None, &command)
            .await
            .map_err(|r| IndexError::Asked(Box::new(r)))?;
        let rows = serde_json::to_string(&index_rows(&waiting, &texts))
            .map_err(|e| StoreError::other(e.to_string()))?;
        self.db
            .write(move |tx| {
                let rows = rows.clone();
                Box::pin(async move {
                    tx.query(&sql::INDEX_WORDS).bind(rows.as_str()).run().await?;
                    tx.query(&sql::INDEX_TITLES).bind(rows).run().await.map(drop)
                })
            })
            .await?;
        self.watch.changed();
        Ok(waiting.len())
    }

    /// Indexes until asked to end: woken by the board, and now and then by itself.
    pub async fn run(&self, mut shutdown: Shutdown) {
        let mut changes = self.watch.changes();
        while !bus::asked(&shutdown) {
            let more = match self.step().await {
                Ok(served) => served > 0,
                Err(error) => {
                    tracing::warn!(%error, "masked texts wait");
                    // A change of the board must not make it ask again at once.
                    pause(&mut shutdown).await;
                    false
                }
            };
            if !more {
                tokio::select! {
                    () = bus::wait(&mut shutdown) => {}
                    _ = changes.changed() => {}
                    () = tokio::time::sleep(Duration::from_millis(POLL_MS)) => {}
                }
            }
        }
    }
}

async fn pause(shutdown: &mut Shutdown) {
    tokio::select! {
        () = bus::wait(shutdown) => {}
        () = tokio::time::sleep(Duration::from_millis(POLL_MS)) => {}
    }
}

/// Id, title and words of each row that was asked for; one that intake gave no text for is not asked again.
fn index_rows(asked: &[(String,)], texts: &[MaskedText]) -> Vec<(String, Option<String>, String)> {
    let row = |id: &String| {
        let found = texts.iter().find(|t| t.submission_id.to_string() == *id);
        let title = found.map(|t| t.title.clone());
        let words = found.map(|t| words::of_text(&format!("{}\n{}", t.title, t.text))).unwrap_or_default();
        (id.clone(), title, words)
    };
    asked.iter().map(|(id,)| row(id)).collect()
}
