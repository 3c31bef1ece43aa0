//! Hashing off the runtime's threads, and never many at once: each takes 19 MiB and a core.

use std::sync::Arc;

use kernel::{IdMint, Refusal};
use tokio::sync::Semaphore;
use trust::{PasswordError, Passwords, Verdict};

use crate::error;

/// Attempts computed at once.
const AT_ONCE: usize = 2;
/// Attempts that wait or are computed; one more is told to come again.
const WAITING_MAX: usize = 64;

/// Where passwords are hashed and checked.
#[derive(Clone)]
pub struct PasswordBench {
    passwords: Arc<Passwords>,
    mint: IdMint,
    places: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl PasswordBench {
    /// A bench at the suite's strength.
    ///
    /// # Errors
    /// [`PasswordError::Failed`], which constant parameters do not meet.
    pub fn new(mint: IdMint) -> Result<Self, PasswordError> {
        Ok(Self {
            passwords: Arc::new(Passwords::new(&mint)?),
            mint,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
        })
    }

    /// The PHC string to store.
    ///
    /// # Errors
    /// `console_busy`; an internal refusal when hashing fails.
    pub async fn hash(&self, password: String) -> Result<String, Refusal> {
        let (passwords, mint) = (self.passwords.clone(), self.mint.clone());
        self.compute(move || passwords.hash(&mint, &password)).await
    }

    /// Checks an attempt; `None` for an account that does not exist takes as long.
    ///
    /// # Errors
    /// `console_busy`; an internal refusal when the stored hash is damaged.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, Refusal> {
        let passwords = self.passwords.clone();
        self.compute(move || passwords.verify(&password, stored.as_deref())).await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let _queued = self.waiting.try_acquire().map_err(|_| error::BUSY.refuse())?;
        let place = self.places.clone().acquire_owned().await.map_err(|_| error::BUSY.refuse())?;
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work is done, even when the caller has gone.
            let _place = place;
            work()
        });
        let outcome = done.await.map_err(|_| web::errors::INTERNAL_ERROR.refuse())?;
        outcome.map_err(|error| {
            tracing::error!(%error, "a password could not be computed");
            web::errors::INTERNAL_ERROR.refuse()
        })
    }
}
