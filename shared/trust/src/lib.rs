//! What the suite's trust rests on: sealing of personal data, blind indexes, seals to an agency's own
//! key, signed actors, the hash chain, passwords, random codes and the files that hold the keys.
//!
//! Nothing here knows a table, a message or a user. Chance comes from [`kernel::IdMint`], time is an
//! argument, and only [`KeyFolder`] touches the disk. Secrets live in types that are wiped on drop,
//! print nothing in `Debug`, have no `Serialize`, and are read by a call named `expose`.
//!
//! Each algorithm stands behind a port with an id in what is stored ([`Cipher`], [`AgencyRecipient`],
//! [`chain::ALGORITHM`]), so that SM4, SM2 and SM3 can take their places without a new format.

mod actor;
mod agency_seal;
mod blind;
pub mod chain;
mod cipher;
mod error;
mod keyed;
mod keys;
mod password;
mod query_code;
mod recent;
mod seal;
mod secret;
mod token;
mod verifier;
mod webhook;

pub use actor::{ActorClaims, ActorPublicKey, ActorSigner, DEFAULT_LIFETIME_MS, MAX_LIFETIME_MS};
pub use agency_seal::{AgencyIdentity, AgencyRecipient};
pub use blind::{BLIND_INDEX_BYTES, BlindIndex, BlindIndexKey};
pub use cipher::{Cipher, KeyId};
pub use error::{
    AgencySealError, BadHash, KeyFileError, PasswordError, SealError, TokenError, UnreadableCode,
};
pub use keys::{KeyFolder, KeyName};
pub use password::{MAX_PASSWORD_BYTES, Passwords, Verdict};
pub use query_code::{QUERY_CODE_CHARS, QueryCode, QueryCodeHash, QueryCodeKey};
pub use seal::{Cell, DataKey, KeyRing, MAX_PLAIN_BYTES, SealedBytes, WrappedKey};
pub use secret::{Secret32, SecretBytes, SecretText};
pub use token::{ApiKey, FirstRunToken, SessionToken, StoredToken};
pub use verifier::{ActorVerifier, DEFAULT_SKEW_MS, IssuerScope, TrustedIssuer};
pub use webhook::WebhookSecret;
