//! What the commands work with.

use calendar::Law;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use bus::Bus;
use db::{BoxFuture, Db, StoreError, Tx};
use kernel::{AgencyCode, Clocks, IdMint, Refusal, SubmissionId};
use telemetry::Health;
use trust::AgencyRecipient;
use web::door::Door;

use crate::{
    Config, Files, Keys,
    commands::desk::Desk,
    error,
    repeats::Repeats,
    store::{self, Submission},
};

/// What intake is given. It opens nothing itself.
#[derive(Clone)]
pub struct Deps {
    /// Its own database, with [`crate::MIGRATIONS`].
    pub db: Db,
    /// The bus, in the hand of `intake`.
    pub bus: Bus,
    /// Both clocks.
    pub clocks: Clocks,
    /// Ids, codes, keys.
    pub mint: IdMint,
    /// Verifies who asks.
    pub door: Arc<Door>,
    /// Where it says how it is.
    pub health: Health,
    /// Configuration of the process.
    pub config: Config,
    /// Its keys.
    pub keys: Keys,
    /// Public sealing keys of the agencies; shared, and replaced when the register changes.
    pub recipients: Recipients,
    /// The rules that dates are worked out with.
    pub law: Law,
    /// Where sealed files lie.
    pub files: Files,
}

/// The agencies' public sealing keys. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Recipients(Arc<RwLock<HashMap<AgencyCode, AgencyRecipient>>>);

impl Recipients {
    /// The keys of these agencies.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = (AgencyCode, AgencyRecipient)>) -> Self {
        Self(Arc::new(RwLock::new(keys.into_iter().collect())))
    }

    /// Replaces all keys: the register of agencies changed.
    pub fn replace(&self, keys: impl IntoIterator<Item = (AgencyCode, AgencyRecipient)>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys.into_iter().collect();
    }

    /// The key of one agency.
    #[must_use]
    pub fn of(&self, agency: &AgencyCode) -> Option<AgencyRecipient> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(agency).cloned()
    }
}

/// Intake at work: what every command reads and writes through.
pub struct Intake {
    pub(crate) db: Db,
    pub(crate) clocks: Clocks,
    pub(crate) mint: IdMint,
    pub(crate) config: Config,
    pub(crate) keys: Keys,
    pub(crate) recipients: Recipients,
    pub(crate) law: Law,
    pub(crate) files: Files,
    pub(crate) desk: Desk,
    pub(crate) repeats: Repeats,
}

impl Intake {
    /// From what it is given.
    #[must_use]
    pub fn new(deps: &Deps) -> Arc<Self> {
        let (office, codes) = (deps.config.office_region.clone(), deps.keys.codes.clone());
        Arc::new(Self {
            db: deps.db.clone(),
            clocks: deps.clocks.clone(),
            mint: deps.mint.clone(),
            config: deps.config.clone(),
            keys: deps.keys.clone(),
            recipients: deps.recipients.clone(),
            law: deps.law.clone(),
            files: deps.files.clone(),
            desk: Desk::new(deps.db.clone(), office, codes),
            repeats: Repeats::new(deps.db.clone(), &deps.keys),
        })
    }

    pub(crate) async fn submission(&self, id: SubmissionId) -> Result<Option<Submission>, Refusal> {
        self.read(move |tx| Box::pin(async move { store::submission(tx, id).await })).await
    }

    pub(crate) async fn read<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send,
        F: for<'t> FnOnce(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, StoreError>> + Send,
    {
        self.db.read(job).await.map_err(|e| error::store(&e))
    }

    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        self.db.write(job).await.map_err(|e| error::store(&e))
    }
}
