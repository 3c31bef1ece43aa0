//! Who stands at the door.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::{Actor, AgencyCode, Role};
use web::problem::Refused;

use crate::{accounts::Session, error, rights::Right};

/// The caller of a route, as the guard found it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The session; absent for the public.
    pub session: Option<Arc<Session>>,
    /// What an API key may; absent for people.
    pub scopes: Option<Arc<[Right]>>,
    /// The address, for limits alone.
    pub ip: String,
    /// `Idempotency-Key`: under which the caller's command is done once.
    pub key: Option<Arc<str>>,
}

impl Caller {
    /// The public, where the password is one that somebody else issued and knows: nothing is done in the account's
    /// name until its owner has set another.
    #[must_use]
    pub fn unless_issued(self) -> Self {
        let issued = self.session.as_ref().is_some_and(|session| session.must_change);
        if issued { Self { session: None, scopes: None, ..self } } else { self }
    }

    /// The public, from an address.
    #[must_use]
    pub const fn public(ip: String) -> Self {
        Self { session: None, scopes: None, ip, key: None }
    }

    /// Somebody signed in, who is no program.
    ///
    /// # Errors
    /// `not_signed_in`, `person_owed`.
    pub fn person(&self) -> Result<&Session, Refused> {
        if self.scopes.is_some() {
            return Err(error::PERSON_OWED.refuse().into());
        }
        self.session()
    }

    /// The person; absent for the public.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        self.session.as_ref().map(|session| &session.actor)
    }

    /// The agency that the caller belongs to.
    #[must_use]
    pub fn agency(&self) -> Option<&AgencyCode> {
        self.actor().and_then(Actor::agency)
    }

    /// Whether the caller holds a role at the office.
    #[must_use]
    pub fn is_office(&self, role: Role) -> bool {
        self.actor().is_some_and(|actor| actor.is_office() && actor.has(role))
    }

    /// The session of a route that none may pass without one.
    ///
    /// # Errors
    /// `not_signed_in`.
    pub fn session(&self) -> Result<&Session, Refused> {
        self.session.as_deref().ok_or_else(|| web::door::NOT_SIGNED_IN.refuse().into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        // Absent only where a route was made beside `Routes`, which nobody may pass then.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| web::errors::INTERNAL_ERROR.refuse().into())
    }
}
