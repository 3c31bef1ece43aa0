//! The other side of [`crate::ActorSigner`]: whose keys are trusted, and for which places each may
//! speak. A member agency's own site that was broken into can state actors of that agency and no others.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use kernel::{AgencyCode, Place, UnixMillis};

use crate::{
    ActorClaims, ActorPublicKey, KeyId, MAX_LIFETIME_MS, TokenError,
    actor::{MAX_TOKEN_BYTES, Unverified},
    recent::Recent,
};

/// How far the clocks of two sites may lie apart unless told otherwise, in milliseconds.
pub const DEFAULT_SKEW_MS: i64 = 30_000;
/// How many verified tokens are remembered (about 1 KiB each).
const REMEMBERED: usize = 4096;

/// For whom an issuer may speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerScope {
    /// The office's console: its own people, the portal's visitors, and the agencies it hosts.
    Office {
        /// The agencies without a site of their own.
        hosted: BTreeSet<AgencyCode>,
    },
    /// An agency's own site: people of that agency.
    Agency(AgencyCode),
    /// The suite's own processes.
    Suite,
}

impl IssuerScope {
    /// The issuer that tokens of this scope must name.
    fn issuer_is(&self, issuer: &Place) -> bool {
        match self {
            Self::Office { .. } => *issuer == Place::Office,
            Self::Agency(own) => matches!(issuer, Place::Agency(code) if code == own),
            Self::Suite => *issuer == Place::Suite,
        }
    }

    fn covers(&self, place: &Place) -> bool {
        match (self, place) {
            (Self::Office { .. }, Place::Office | Place::Portal) | (Self::Suite, Place::Suite) => true,
            (Self::Office { hosted }, Place::Agency(code)) => hosted.contains(code),
            (Self::Agency(own), Place::Agency(code)) => own == code,
            (Self::Office { .. }, Place::Suite)
            | (Self::Agency(_), Place::Office | Place::Portal | Place::Suite)
            | (Self::Suite, Place::Office | Place::Portal | Place::Agency(_)) => false,
        }
    }
}

/// A key and for whom it may speak.
#[derive(Clone, Debug)]
pub struct TrustedIssuer {
    /// The signer's public key.
    pub key: ActorPublicKey,
    /// For whom it may speak.
    pub scope: IssuerScope,
}

/// Checks tokens. Share one per process: it remembers what it has checked, since a check costs some
/// 50 µs and a caller's token serves many commands.
pub struct ActorVerifier {
    trusted: RwLock<HashMap<KeyId, TrustedIssuer>>,
    skew_ms: i64,
    recent: Recent<Arc<ActorClaims>>,
}

impl fmt::Debug for ActorVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActorVerifier").field("skew_ms", &self.skew_ms).finish_non_exhaustive()
    }
}

impl ActorVerifier {
    /// Trusts these issuers; see [`ActorVerifier::trust`].
    #[must_use]
    pub fn new(issuers: impl IntoIterator<Item = TrustedIssuer>) -> Self {
        let trusted = RwLock::new(by_key(issuers));
        Self { trusted, skew_ms: DEFAULT_SKEW_MS, recent: Recent::holding(REMEMBERED) }
    }

    /// The same with another tolerance between the clocks, in milliseconds (not negative).
    #[must_use]
    pub fn tolerating_ms(mut self, skew_ms: i64) -> Self {
        self.skew_ms = skew_ms.max(0);
        self
    }

    /// Replaces all trusted issuers and forgets what was checked: the register of agencies changed. A
    /// key has one scope; of several the first counts, so name the place's own first.
    pub fn trust(&self, issuers: impl IntoIterator<Item = TrustedIssuer>) {
        let mut trusted = self.trusted.write().unwrap_or_else(PoisonError::into_inner);
        *trusted = by_key(issuers);
        self.recent.clear();
    }

    /// The claims of a token that is good now. `now` is the technical clock's.
    ///
    /// # Errors
    /// [`TokenError`], all of which a door answers as "not signed in".
    pub fn verify(&self, token: &str, now: UnixMillis) -> Result<Arc<ActorClaims>, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        // Held until the end, so that a check under the keys of before is never remembered after a change.
        let trusted = self.trusted.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(claims) = self.recent.get(token) {
            self.in_time(&claims, now)?;
            return Ok(claims);
        }
        let unverified = Unverified::read(token)?;
        let key = unverified.claims.key;
        let issuer = trusted.get(&key).ok_or(TokenError::UnknownKey(key))?;
        issuer.key.checks(&unverified)?;
        let claims = Arc::new(unverified.claims);
        if !issuer.scope.issuer_is(&claims.issuer) || !issuer.scope.covers(&claims.actor.place) {
            let (issuer, place) = (claims.issuer.clone(), claims.actor.place.clone());
            return Err(TokenError::PlaceForbidden { issuer, place });
        }
        self.in_time(&claims, now)?;
        self.recent.put(token, claims.clone());
        Ok(claims)
    }

    fn in_time(&self, claims: &ActorClaims, now: UnixMillis) -> Result<(), TokenError> {
        let (from, to) = (claims.issued_at, claims.expires_at);
        if to > from.plus_ms(MAX_LIFETIME_MS) {
            return Err(TokenError::LivesTooLong(MAX_LIFETIME_MS));
        }
        if from > now.plus_ms(self.skew_ms) {
            return Err(TokenError::NotYet(from));
        }
        if now >= to.plus_ms(self.skew_ms) {
            return Err(TokenError::Expired(to));
        }
        Ok(())
    }
}

fn by_key(issuers: impl IntoIterator<Item = TrustedIssuer>) -> HashMap<KeyId, TrustedIssuer> {
    let mut trusted = HashMap::new();
    for issuer in issuers {
        trusted.entry(issuer.key.id()).or_insert(issuer);
    }
    trusted
}

#[cfg(test)]
#[path = "verifier_tests.rs"]
mod tests;
