//! 登记台: gathers the registrations that wait and files them together.
//!
//! There is no task and no timer behind it: whoever finds the desk idle leads, files what waits (up to 256),
//! answers the others, and hands the lead on. So a simulation drives it, and one client alone waits for
//! nobody. A leader that goes away while it files takes its batch's answers with it; the senders file theirs
//! again under the same keys, which gives the same numbers.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use db::{Db, StoreError};
use kernel::RegionCode;
use tokio::sync::oneshot;
use trust::QueryCodeKey;

use crate::store::batch::{self, Filed, Prepared};

/// Registrations in one transaction.
pub const MAX_BATCH: usize = 256;
/// Bytes of one batch, roughly.
const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;
/// Registrations that may wait.
pub const MAX_WAITING: usize = 1024;
/// Times that a registration is taken over from a leader that went away.
const MAX_TRIES: usize = 3;

/// Why nothing was filed.
#[derive(Debug)]
pub enum NotFiled {
    /// Too many wait.
    Full,
    /// The store says so; nothing of the batch is recorded, or it cannot be known.
    Store(StoreError),
}

/// The desk of one process.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    office: RegionCode,
    codes: QueryCodeKey,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    led: bool,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    prepared: Arc<Prepared>,
    told: oneshot::Sender<Told>,
}

enum Told {
    /// It was filed by a leader.
    Done(Result<Filed, StoreError>),
    /// You lead now.
    Lead(Lead),
}

/// The lead. Dropping it hands it on.
struct Lead(Option<Arc<Inner>>);

impl Desk {
    /// A desk that files into a database.
    #[must_use]
    pub fn new(db: Db, office: RegionCode, codes: QueryCodeKey) -> Self {
        Self { inner: Arc::new(Inner { db, office, codes, state: Mutex::default() }) }
    }

    /// Files a registration; returns after the durable commit.
    ///
    /// # Errors
    /// [`NotFiled`].
    pub async fn file(&self, prepared: Prepared) -> Result<Filed, NotFiled> {
        let prepared = Arc::new(prepared);
        for _ in 0..MAX_TRIES {
            let lead = match self.enter(&prepared)? {
                Entered::Leading(lead) => lead,
                Entered::Waiting(told) => match told.await {
                    Ok(Told::Done(outcome)) => return outcome.map_err(NotFiled::Store),
                    Ok(Told::Lead(lead)) => lead,
                    // The leader went away with the batch; the key makes another try safe.
                    Err(_) => continue,
                },
            };
            return lead.file(&prepared).await.map_err(NotFiled::Store);
        }
        Err(NotFiled::Store(StoreError::unavailable("the desk lost its leader again and again")))
    }

    fn enter(&self, prepared: &Arc<Prepared>) -> Result<Entered, NotFiled> {
        let mut state = self.inner.lock();
        if !state.led {
            state.led = true;
            return Ok(Entered::Leading(Lead(Some(self.inner.clone()))));
        }
        if state.waiting.len() >= MAX_WAITING {
            return Err(NotFiled::Full);
        }
        let (told, answer) = oneshot::channel();
        state.waiting.push_back(Waiting { prepared: prepared.clone(), told });
        Ok(Entered::Waiting(answer))
    }
}

enum Entered {
    Leading(Lead),
    Waiting(oneshot::Receiver<Told>),
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what waits, within the bounds of a batch that holds the leader's own already.
    fn take(&self, own: &Prepared) -> Vec<Waiting> {
        let mut state = self.lock();
        let (mut taken, mut bytes) = (Vec::new(), own.weight());
        while let Some(next) = state.waiting.front() {
            bytes += next.prepared.weight();
            if taken.len() + 1 >= MAX_BATCH || bytes > MAX_BATCH_BYTES {
                break;
            }
            taken.extend(state.waiting.pop_front());
        }
        taken
    }

    async fn write(&self, group: Vec<Arc<Prepared>>) -> Result<Vec<Filed>, StoreError> {
        let (office, codes) = (self.office.clone(), self.codes.clone());
        let group = Arc::new(group);
        self.db
            .write(move |tx| {
                let (group, office, codes) = (group.clone(), office.clone(), codes.clone());
                Box::pin(async move {
                    let group: Vec<&Prepared> = group.iter().map(AsRef::as_ref).collect();
                    batch::file(tx, &group, &office, &codes).await
                })
            })
            .await
    }
}

impl Lead {
    /// Files the leader's own and whatever waits, tells the others, and hands the lead on.
    async fn file(self, own: &Arc<Prepared>) -> Result<Filed, StoreError> {
        let Some(inner) = self.0.clone() else { return Err(StoreError::other("the lead was handed on")) };
        let others = inner.take(own);
        let group = std::iter::once(own).chain(others.iter().map(|o| &o.prepared)).cloned().collect();
        let outcome = inner.write(group).await;
        // The next batch may be filed while the answers of this one travel.
        drop(self);
        match outcome {
            Ok(filed) => {
                let mut filed = filed.into_iter();
                let own = filed.next();
                for (other, outcome) in others.into_iter().zip(filed) {
                    // A sender that went away does not want the answer; its registration stands.
                    drop(other.told.send(Told::Done(Ok(outcome))));
                }
                own.ok_or_else(|| StoreError::other("a batch without outcomes"))
            }
            Err(error) => {
                for other in others {
                    drop(other.told.send(Told::Done(Err(error.clone()))));
                }
                Err(error)
            }
        }
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        let Some(inner) = self.0.take() else { return };
        let mut state = inner.lock();
        while let Some(next) = state.waiting.pop_front() {
            match next.told.send(Told::Lead(Self(Some(inner.clone())))) {
                Ok(()) => return,
                // That sender went away: the next one. The lead that comes back must not hand itself on.
                Err(Told::Lead(mut back)) => back.0 = None,
                Err(Told::Done(_)) => {}
            }
        }
        state.led = false;
    }
}
