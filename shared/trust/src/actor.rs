//! Signed actors: the console states who gives a command, each service checks it (architecture.md
//! section 6). The token is `v1.<base64url payload>.<base64url signature>`, EdDSA over Ed25519.
//!
//! The signature covers a prefix of its own and the exact text before the last dot, so nothing else
//! that the suite signs can be taken for a token. A payload with an unknown field is refused: a
//! restriction added later must not be overlooked by an older service.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use kernel::{Actor, Place, UnixMillis};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{KeyId, Secret32, SecretText, TokenError, recent::Recent};

/// How long a token lives unless the signer is told otherwise, in milliseconds.
pub const DEFAULT_LIFETIME_MS: i64 = 120_000;
/// The longest a token may live, in milliseconds; verifiers refuse longer ones.
pub const MAX_LIFETIME_MS: i64 = 600_000;

/// The longest token, in bytes; above what an actor with every role and the longest purpose needs.
pub(crate) const MAX_TOKEN_BYTES: usize = 2048;
const MAX_PURPOSE_BYTES: usize = 200;
const VERSION: &str = "v1";
const SIGNED_PREFIX: &[u8] = b"lianxi actor token\n";
const KEY_LABEL: &[u8] = b"lianxi actor key v1";
/// How many actors' tokens a signer remembers.
const REMEMBERED: usize = 1024;

/// What a token states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorClaims {
    /// The key that signed it.
    pub key: KeyId,
    /// The place of the console (or process) that signed it.
    pub issuer: Place,
    /// Who acts.
    pub actor: Actor,
    /// Technical clock.
    pub issued_at: UnixMillis,
    /// Technical clock.
    pub expires_at: UnixMillis,
    /// Why, where a command asks for a purpose; never personal data.
    pub purpose: Option<String>,
}

/// The payload's JSON. Short names: the token is a header of every command.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    kid: String,
    iss: Place,
    act: Actor,
    /// Milliseconds since 1970.
    iat: i64,
    /// Milliseconds since 1970.
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pur: Option<String>,
}

impl ActorClaims {
    fn payload(&self) -> Payload {
        Payload {
            kid: self.key.to_string(),
            iss: self.issuer.clone(),
            act: self.actor.clone(),
            iat: self.issued_at.0,
            exp: self.expires_at.0,
            pur: self.purpose.clone(),
        }
    }

    fn from_payload(payload: Payload) -> Result<Self, TokenError> {
        let mut key = [0; KeyId::BYTES];
        hex::decode_to_slice(&payload.kid, &mut key).map_err(|_| TokenError::Malformed)?;
        Ok(Self {
            key: KeyId(key),
            issuer: payload.iss,
            actor: payload.act,
            issued_at: UnixMillis(payload.iat),
            expires_at: UnixMillis(payload.exp),
            purpose: payload.pur,
        })
    }
}

/// A token taken apart: claims that nobody has vouched for yet.
pub(crate) struct Unverified {
    pub claims: ActorClaims,
    pub signed: Vec<u8>,
    pub signature: Signature,
}

impl Unverified {
    pub(crate) fn read(token: &str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        let (head, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (version, payload) = head.split_once('.').ok_or(TokenError::Malformed)?;
        if version != VERSION {
            return Err(TokenError::Malformed);
        }
        let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenError::Malformed);
        let signature = Signature::from_slice(&bytes(signature)?).map_err(|_| TokenError::Malformed)?;
        let payload = serde_json::from_slice(&bytes(payload)?).map_err(|_| TokenError::Malformed)?;
        Ok(Self { claims: ActorClaims::from_payload(payload)?, signed: signed_bytes(head), signature })
    }
}

fn signed_bytes(head: &str) -> Vec<u8> {
    [SIGNED_PREFIX, head.as_bytes()].concat()
}

/// Signs actors for the place where it runs.
pub struct ActorSigner {
    key: SigningKey,
    key_id: KeyId,
    issuer: Place,
    lifetime_ms: i64,
    recent: Recent<(UnixMillis, SecretText)>,
}

impl fmt::Debug for ActorSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActorSigner")
            .field("key", &self.key_id)
            .field("issuer", &self.issuer)
            .field("lifetime_ms", &self.lifetime_ms)
            .finish_non_exhaustive()
    }
}

impl ActorSigner {
    /// A signer with a private key (its 32-byte seed) for the place where it runs.
    #[must_use]
    pub fn new(seed: &Secret32, issuer: Place) -> Self {
        let key = SigningKey::from_bytes(seed.expose());
        let key_id = ActorPublicKey(key.verifying_key()).id();
        let recent = Recent::holding(REMEMBERED);
        Self { key, key_id, issuer, lifetime_ms: DEFAULT_LIFETIME_MS, recent }
    }

    /// The same with tokens that live so long, in milliseconds: 1 to [`MAX_LIFETIME_MS`].
    #[must_use]
    pub fn lasting_ms(mut self, lifetime_ms: i64) -> Self {
        self.lifetime_ms = lifetime_ms.clamp(1, MAX_LIFETIME_MS);
        self
    }

    /// The key that verifiers must trust.
    #[must_use]
    pub fn public_key(&self) -> ActorPublicKey {
        ActorPublicKey(self.key.verifying_key())
    }

    /// A fresh token. `now` is the technical clock's.
    ///
    /// # Errors
    /// [`TokenError::PurposeTooLong`] above 200 bytes.
    pub fn sign(
        &self,
        actor: &Actor,
        purpose: Option<&str>,
        now: UnixMillis,
    ) -> Result<SecretText, TokenError> {
        if purpose.is_some_and(|p| p.len() > MAX_PURPOSE_BYTES) {
            return Err(TokenError::PurposeTooLong(MAX_PURPOSE_BYTES));
        }
        let claims = ActorClaims {
            key: self.key_id,
            issuer: self.issuer.clone(),
            actor: actor.clone(),
            issued_at: now,
            expires_at: now.plus_ms(self.lifetime_ms),
            purpose: purpose.map(str::to_owned),
        };
        let payload = serde_json::to_vec(&claims.payload()).map_err(|_| TokenError::Malformed)?;
        let head = format!("{VERSION}.{}", BASE64_URL_SAFE_NO_PAD.encode(payload));
        let signature = self.key.sign(&signed_bytes(&head)).to_bytes();
        let token = format!("{head}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature));
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        Ok(SecretText::from(token))
    }

    /// A token for the same actor and purpose, the one of a moment ago while half of its life is left.
    /// Saves the signature here and the check in every service, whose memory goes by the token's text.
    ///
    /// # Errors
    /// As [`ActorSigner::sign`].
    pub fn token(
        &self,
        actor: &Actor,
        purpose: Option<&str>,
        now: UnixMillis,
    ) -> Result<SecretText, TokenError> {
        let key = serde_json::to_string(&(actor, purpose)).map_err(|_| TokenError::Malformed)?;
        if let Some((issued_at, token)) = self.recent.get(&key)
            && (issued_at..issued_at.plus_ms(self.lifetime_ms / 2)).contains(&now)
        {
            return Ok(token);
        }
        let token = self.sign(actor, purpose, now)?;
        self.recent.put(&key, (now, token.clone()));
        Ok(token)
    }
}

/// The public key of a signer: 64 hexadecimal digits as text and on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ActorPublicKey(VerifyingKey);

impl ActorPublicKey {
    /// The key's id, as in the tokens it checks.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(KEY_LABEL, self.0.as_bytes())
    }

    pub(crate) fn checks(&self, token: &Unverified) -> Result<(), TokenError> {
        self.0.verify_strict(&token.signed, &token.signature).map_err(|_| TokenError::BadSignature)
    }
}

impl FromStr for ActorPublicKey {
    type Err = TokenError;
    fn from_str(text: &str) -> Result<Self, TokenError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| TokenError::BadPublicKey)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| TokenError::BadPublicKey)?;
        if key.is_weak() { Err(TokenError::BadPublicKey) } else { Ok(Self(key)) }
    }
}

impl fmt::Display for ActorPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for ActorPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ActorPublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ActorPublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
