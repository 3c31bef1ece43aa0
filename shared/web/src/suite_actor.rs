//! The suite itself as an actor, for queries between services that no person asks.

use std::sync::Arc;

use kernel::{Actor, Clock, IdMint, Place, Refusal};
use trust::{ActorSigner, SecretText};

/// Signs for the suite, with the suite's key.
#[derive(Clone)]
pub struct SuiteActor {
    signer: Arc<ActorSigner>,
    actor: Actor,
    technical: Arc<dyn Clock>,
}

impl SuiteActor {
    /// The suite behind its own key (a signer of `Place::Suite`); an id of its own at each start.
    #[must_use]
    pub fn new(signer: Arc<ActorSigner>, mint: &IdMint, technical: Arc<dyn Clock>) -> Self {
        let actor = Actor { user: mint.mint(), place: Place::Suite, roles: Vec::new() };
        Self { signer, actor, technical }
    }

    /// A token that lives long enough for one question.
    ///
    /// # Errors
    /// An internal refusal when signing fails.
    pub fn token(&self) -> Result<SecretText, Refusal> {
        sign(&self.signer, &self.actor, self.technical.as_ref())
    }
}

/// A token for an actor, from now on.
///
/// # Errors
/// An internal refusal when signing fails; it is logged.
pub fn sign(signer: &ActorSigner, actor: &Actor, technical: &dyn Clock) -> Result<SecretText, Refusal> {
    signer.token(actor, None, technical.now()).map_err(|error| {
        tracing::error!(%error, "an actor could not be signed");
        crate::errors::INTERNAL_ERROR.refuse()
    })
}
