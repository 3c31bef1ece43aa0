//! Every error of this crate. None carries a secret, a plain text or a token: keys are named by their
//! public ids, files by their paths. Services turn them into refusals; an unreadable seal is the
//! operator's to mend, a bad token the sender's.

use std::path::PathBuf;

use kernel::{Place, UnixMillis};

use crate::KeyId;

/// A seal could not be made or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Fewer bytes than the shortest seal has: the stored value was cut.
    #[error("the sealed bytes are cut short")]
    Truncated,
    /// The format is newer than this program.
    #[error("sealed in format {0}, which this version does not know")]
    UnknownFormat(u8),
    /// The algorithm is not one of this program's.
    #[error("sealed with algorithm {0}, which this version does not know")]
    UnknownAlgorithm(u8),
    /// The key that the bytes name is not here.
    #[error("sealed under key {0}, which is not at hand")]
    UnknownKey(KeyId),
    /// The bytes were changed, or were sealed for another table, column or row.
    #[error("the sealed bytes were altered or belong to another table, column or row")]
    Altered,
    /// The plain bytes are over the limit.
    #[error("{bytes} bytes are too many for one seal (limit {limit})")]
    TooLong {
        /// How many were given.
        bytes: usize,
        /// The most one seal takes.
        limit: usize,
    },
    /// The opened bytes are not UTF-8 where text was asked for.
    #[error("the opened bytes are not text")]
    NotText,
}

/// A seal to an agency's own key could not be made or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgencySealError {
    /// The text is not a recipient (`age1…`).
    #[error("not an age recipient (it begins with `age1`)")]
    BadRecipient,
    /// The text is not an identity (`AGE-SECRET-KEY-1…`).
    #[error("not an age identity (it begins with `AGE-SECRET-KEY-1`)")]
    BadIdentity,
    /// Sealed to somebody else.
    #[error("sealed to another key")]
    OtherKey,
    /// Cut, flipped or not an age file at all.
    #[error("the sealed bytes were altered or are not an age file")]
    Altered,
    /// The plain bytes are over the limit.
    #[error("{bytes} bytes are too many for one seal (limit {limit})")]
    TooLong {
        /// How many were given.
        bytes: usize,
        /// The most one seal takes.
        limit: usize,
    },
    /// The opened bytes are not UTF-8 where text was asked for.
    #[error("the opened bytes are not text")]
    NotText,
    /// The library failed at sealing.
    #[error("sealing failed")]
    Failed,
}

/// A signed actor was not made or not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three parts of base64url, or a payload of another shape.
    #[error("not an actor token")]
    Malformed,
    /// Longer than any token of ours.
    #[error("the actor token is too long")]
    TooLong,
    /// The purpose is longer than a purpose may be.
    #[error("the purpose is longer than {0} bytes")]
    PurposeTooLong(usize),
    /// No trusted issuer has this key.
    #[error("signed by key {0}, which is not trusted here")]
    UnknownKey(KeyId),
    /// The signature does not fit.
    #[error("the actor token's signature is wrong")]
    BadSignature,
    /// The key may not speak for the place, or not as the issuer it claims to be.
    #[error("the console at {issuer:?} may not speak for {place:?}")]
    PlaceForbidden {
        /// Where the token says it was issued.
        issuer: Place,
        /// The place of the actor in it.
        place: Place,
    },
    /// The time is over.
    #[error("the actor token expired at {0}")]
    Expired(UnixMillis),
    /// Issued in the future by more than the tolerated skew.
    #[error("the actor token is issued at {0}, in the future: compare the clocks")]
    NotYet(UnixMillis),
    /// Valid for longer than any token may be.
    #[error("the actor token lives longer than {0} ms")]
    LivesTooLong(i64),
    /// The text is not an actor's public key.
    #[error("not an actor's public key (64 hexadecimal digits)")]
    BadPublicKey,
}

/// A password could not be hashed, or a stored hash could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Over the limit, which bounds the work of one attempt.
    #[error("the password is longer than {0} bytes")]
    TooLong(usize),
    /// The stored text is not a hash this program can check; the account needs a new password.
    #[error("the stored password hash is not readable")]
    BadStored,
    /// The hash function failed, for want of memory.
    #[error("hashing the password failed")]
    Failed,
}

/// A key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Others may read the file.
    #[error("{path} is open to others (mode {mode:04o}): run `chmod 600 {path}`, and renew the key if they had access", path = .path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Others may put files into the folder.
    #[error("{path} can be written by others (mode {mode:04o}): run `chmod 700 {path}`", path = .path.display())]
    FolderTooOpen {
        /// The folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is there and holds something else.
    #[error("{path} is not a key file of kind `{kind}`: restore it from the backup, never delete it", path = .path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        kind: &'static str,
    },
    /// The disk said no.
    #[error("cannot {doing} {path}", path = .path.display())]
    Io {
        /// What was tried, as a verb.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

/// The text is not a hash in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a hash (64 hexadecimal digits)")]
pub struct BadHash;

/// The typed text is not a query code or a token of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not readable as {0}")]
pub struct UnreadableCode(pub(crate) &'static str);
