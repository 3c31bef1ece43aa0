//! Signed actors: each command carries who gives it, and each service checks it.

use std::sync::Arc;

use kernel::{Actor, Clock, IdMint, Place, Refusal};
use trust::{ActorSigner, SecretText};
use web::sign;

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
        // The public is no account: a new id at each start.
        let public = Actor { user: mint.mint(), place: Place::Portal, roles: Vec::new() };
        Self { signer, public, technical }
    }

    /// The token of a person, or of the public without one.
    ///
    /// # Errors
    /// An internal refusal when signing fails.
    pub fn token(&self, actor: Option<&Actor>) -> Result<SecretText, Refusal> {
        sign(&self.signer, actor.unwrap_or(&self.public), self.technical.as_ref())
    }
}
