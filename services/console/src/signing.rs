//! Signed actors: each command carries who gives it, and each service checks it.

use std::sync::Arc;

use kernel::{Actor, Clock, IdMint, Place, Refusal};
use trust::{ActorSigner, SecretText};

/// The suite itself, for queries that no person may ask.
#[derive(Clone)]
pub struct SuiteActor {
    signer: Arc<ActorSigner>,
    actor: Actor,
    technical: Arc<dyn Clock>,
}

impl SuiteActor {
    /// The suite behind its own key (a signer of `Place::Suite`).
    #[must_use]
    pub fn new(signer: Arc<ActorSigner>, mint: &IdMint, technical: Arc<dyn Clock>) -> Self {
        Self { signer, actor: nobody(mint, Place::Suite), technical }
    }

    /// A token.
    ///
    /// # Errors
    /// An internal refusal when signing fails.
    pub fn token(&self) -> Result<SecretText, Refusal> {
        sign(&self.signer, &self.actor, self.technical.as_ref())
    }
}

/// Signs for the people of this console: the office's, the hosted agencies', and the public.
#[derive(Clone)]
pub struct Signatures {
    signer: Arc<ActorSigner>,
    public: Actor,
    technical: Arc<dyn Clock>,
}

impl Signatures {
    /// Signatures with the console's key (a signer of `Place::Office`).
    #[must_use]
    pub fn new(signer: Arc<ActorSigner>, mint: &IdMint, technical: Arc<dyn Clock>) -> Self {
        Self { signer, public: nobody(mint, Place::Portal), technical }
    }

    /// The token of a person, or of the public without one.
    ///
    /// # Errors
    /// An internal refusal when signing fails.
    pub fn token(&self, actor: Option<&Actor>) -> Result<SecretText, Refusal> {
        sign(&self.signer, actor.unwrap_or(&self.public), self.technical.as_ref())
    }
}

/// An actor that is no account: a new id at each start.
fn nobody(mint: &IdMint, place: Place) -> Actor {
    Actor { user: mint.mint(), place, roles: Vec::new() }
}

fn sign(signer: &ActorSigner, actor: &Actor, technical: &dyn Clock) -> Result<SecretText, Refusal> {
    signer.token(actor, None, technical.now()).map_err(|error| {
        tracing::error!(%error, "an actor could not be signed");
        web::errors::INTERNAL_ERROR.refuse()
    })
}
