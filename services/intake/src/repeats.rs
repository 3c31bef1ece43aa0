//! The index of sketches in memory: which submissions may be the same matter (domain.md 1.9, 同事).
//!
//! It keeps sketches and hashes alone, and catches up with the table before each look. It may be behind with
//! what became of a submission: whoever looks checks every answer against the rows. It never sees an identity.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
};

use db::{Db, StoreError};
use kernel::SubmissionId;
use suggest::repeats::{Candidate, Index, Secret, Sketch, Structure};
use tokio::sync::Mutex;

use crate::{
    Keys,
    store::sketches::{self, Entry},
};

/// Entries that one step takes in.
const AT_ONCE: i64 = 4096;
/// Characters that a sketch is made of: bounds what a registration costs.
const SKETCHED_CHARS: usize = 4_000;

/// The index of one process. Clones share it.
#[derive(Clone)]
pub struct Repeats {
    db: Db,
    secret: Secret,
    known: Arc<RwLock<Known>>,
    /// One at a time catches up.
    catching: Arc<Mutex<()>>,
}

#[derive(Default)]
struct Known {
    index: Index<SubmissionId>,
    upto: i64,
}

impl Repeats {
    /// An index that knows nothing yet.
    #[must_use]
    pub fn new(db: Db, keys: &Keys) -> Self {
        let secret = Secret::of(keys.blind.secret_for("sketch"));
        Self { db, secret, known: Arc::default(), catching: Arc::default() }
    }

    /// The sketch of what a submission says: title, text and claims.
    #[must_use]
    pub fn sketch<'t>(&self, said: impl Iterator<Item = &'t str>) -> Option<Sketch> {
        let mut text = String::new();
        let mut left = SKETCHED_CHARS;
        for part in said {
            let taken =
                part.char_indices().nth(left).map_or(part, |(end, _)| part.get(..end).unwrap_or(part));
            left = left.saturating_sub(taken.chars().count());
            text.push_str(taken);
            text.push('\n');
        }
        Sketch::under(self.secret, &text)
    }

    /// Takes in what was entered since the last time. Says how many entries are known.
    ///
    /// # Errors
    /// What the store says.
    pub async fn catch_up(&self) -> Result<usize, StoreError> {
        let _one = self.catching.lock().await;
        let mut upto = self.known.read().unwrap_or_else(PoisonError::into_inner).upto;
        if upto == 0 {
            self.make_room().await?;
        }
        loop {
            let entries = self
                .db
                .peek(move |tx| Box::pin(async move { sketches::after(tx, upto, AT_ONCE).await }))
                .await?;
            let Some(last) = entries.last() else { break };
            upto = last.seq;
            let full = i64::try_from(entries.len()).unwrap_or(i64::MAX) == AT_ONCE;
            if full {
                let known = self.known.clone();
                off_the_loop(move || take_in(&known, &entries)).await?;
            } else {
                take_in(&self.known, &entries);
                break;
            }
        }
        Ok(self.known.read().unwrap_or_else(PoisonError::into_inner).index.len())
    }

    async fn make_room(&self) -> Result<(), StoreError> {
        let count = self.db.peek(|tx| Box::pin(async move { sketches::count(tx).await })).await?;
        let room = usize::try_from(count).unwrap_or_default();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.index = Index::with_room_for(room);
        Ok(())
    }

    /// Submissions whose texts are worth opening, likest first, among those that may be named, each with how much
    /// its sketch shares. CPU work.
    #[must_use]
    pub fn candidates(
        &self,
        sketch: &Sketch,
        structure: &Structure,
        may: impl Fn(SubmissionId) -> bool,
    ) -> Vec<(SubmissionId, usize)> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let found: Vec<Candidate<SubmissionId>> =
            known.index.candidates_among(sketch, structure, |id| may(*id));
        let mut seen = HashSet::with_capacity(found.len());
        // One that went to an agency was entered once more.
        let once = found.into_iter().filter(|candidate| seen.insert(candidate.id));
        once.map(|candidate| (candidate.id, candidate.shared)).collect()
    }
}

fn take_in(known: &RwLock<Known>, entries: &[Entry]) {
    let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
    for entry in entries {
        let structure =
            Structure { place: entry.place.clone(), agency: entry.agency.clone(), ..Structure::default() };
        known.index.add(entry.id, &entry.sketch, &structure);
        known.upto = entry.seq;
    }
}

/// Runs work that takes a core for milliseconds where it holds nobody up.
///
/// # Errors
/// When the work did not come to its end.
pub(crate) async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::other("a comparison did not end"))
}
