//! The port to the cipher, and the one format of everything sealed at rest.
//!
//! `format (1) · algorithm (1) · key id (8) · nonce · cipher text · tag`. The head is authenticated
//! together with the label of the use and the cell, each with its length before it.

use std::fmt;

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce};
use kernel::IdMint;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{Cell, SealError, Secret32, seal::MAX_PLAIN_BYTES};

const FORMAT: u8 = 1;
const HEAD: usize = 2 + KeyId::BYTES;
const TAG: usize = 16;

/// The cipher of a seal. Its id is stored in each sealed value, so values of several ciphers lie side
/// by side. Id 2 is kept for SM4-GCM (GB/T 32907), for places that must use commercial cryptography.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cipher {
    /// XChaCha20-Poly1305: 256-bit key, 192-bit nonce drawn at random for each seal.
    #[default]
    XChaCha20Poly1305,
}

impl Cipher {
    /// The id in stored bytes.
    #[must_use]
    pub const fn id(self) -> u8 {
        match self {
            Self::XChaCha20Poly1305 => 1,
        }
    }

    fn from_id(id: u8) -> Option<Self> {
        (id == Self::XChaCha20Poly1305.id()).then_some(Self::XChaCha20Poly1305)
    }

    const fn nonce_bytes(self) -> usize {
        match self {
            Self::XChaCha20Poly1305 => 24,
        }
    }

    /// Encrypts in place and gives the tag; `None` only where a length is impossible.
    fn encrypt(self, key: &Secret32, nonce: &[u8], aad: &[u8], text: &mut [u8]) -> Option<[u8; TAG]> {
        match self {
            Self::XChaCha20Poly1305 => {
                let nonce = XNonce::try_from(nonce).ok()?;
                let cipher = XChaCha20Poly1305::new(key.expose().into());
                cipher.encrypt_inout_detached(&nonce, aad, text.into()).ok().map(Into::into)
            }
        }
    }

    /// Decrypts in place; `None` when the tag does not fit.
    fn decrypt(self, key: &Secret32, nonce: &[u8], aad: &[u8], text: &mut [u8], tag: &[u8]) -> Option<()> {
        match self {
            Self::XChaCha20Poly1305 => {
                let nonce = XNonce::try_from(nonce).ok()?;
                let tag = <[u8; TAG]>::try_from(tag).ok()?;
                let cipher = XChaCha20Poly1305::new(key.expose().into());
                cipher.decrypt_inout_detached(&nonce, aad, text.into(), &tag.into()).ok()
            }
        }
    }
}

/// The public name of a key: the first 8 bytes of a hash of it, which say nothing about the key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub(crate) [u8; 8]);

impl KeyId {
    pub(crate) const BYTES: usize = 8;

    /// The id of key material; the label keeps ids of different uses apart.
    pub(crate) fn of(label: &[u8], material: &[u8; 32]) -> Self {
        let hash = Sha256::new().chain_update(label).chain_update(material).finalize();
        let mut id = [0; Self::BYTES];
        id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A sealed value, taken apart and not yet opened.
struct Parts<'a> {
    cipher: Cipher,
    key: KeyId,
    head: &'a [u8],
    nonce: &'a [u8],
    text: &'a [u8],
    tag: &'a [u8],
}

fn parts(stored: &[u8]) -> Result<Parts<'_>, SealError> {
    let (head, rest) = stored.split_at_checked(HEAD).ok_or(SealError::Truncated)?;
    let [format, algorithm, key @ ..] = head else { return Err(SealError::Truncated) };
    if *format != FORMAT {
        return Err(SealError::UnknownFormat(*format));
    }
    let cipher = Cipher::from_id(*algorithm).ok_or(SealError::UnknownAlgorithm(*algorithm))?;
    let key = KeyId(key.try_into().map_err(|_| SealError::Truncated)?);
    let (nonce, rest) = rest.split_at_checked(cipher.nonce_bytes()).ok_or(SealError::Truncated)?;
    let length = rest.len().checked_sub(TAG).ok_or(SealError::Truncated)?;
    let (text, tag) = rest.split_at_checked(length).ok_or(SealError::Truncated)?;
    Ok(Parts { cipher, key, head, nonce, text, tag })
}

/// The id of the key that a stored value was sealed under.
pub(crate) fn key_of(stored: &[u8]) -> Result<KeyId, SealError> {
    parts(stored).map(|p| p.key)
}

fn associated(label: &[u8], head: &[u8], cell: &Cell<'_>) -> Vec<u8> {
    let fields = [label, head, cell.table.as_bytes(), cell.column.as_bytes(), cell.row.as_bytes()];
    let mut bytes = Vec::with_capacity(fields.iter().map(|f| f.len() + 8).sum());
    for field in fields {
        bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
        bytes.extend_from_slice(field);
    }
    bytes
}

/// What is sealed with which key, for which use.
pub(crate) struct Sealing<'a> {
    pub cipher: Cipher,
    pub key: &'a Secret32,
    pub key_id: KeyId,
    /// Keeps wrapped keys and cells apart even under one key.
    pub label: &'static [u8],
}

impl Sealing<'_> {
    pub(crate) fn seal(&self, mint: &IdMint, cell: &Cell<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let too_long = SealError::TooLong { bytes: plain.len(), limit: MAX_PLAIN_BYTES };
        if plain.len() > MAX_PLAIN_BYTES {
            return Err(too_long);
        }
        let text_at = HEAD + self.cipher.nonce_bytes();
        let mut out = Vec::with_capacity(text_at + plain.len() + TAG);
        out.extend_from_slice(&[FORMAT, self.cipher.id()]);
        out.extend_from_slice(&self.key_id.0);
        let aad = associated(self.label, &out, cell);
        out.resize(text_at, 0);
        if let Some(nonce) = out.get_mut(HEAD..) {
            mint.fill(nonce);
        }
        out.extend_from_slice(plain);
        let (front, text) = out.split_at_mut_checked(text_at).ok_or(SealError::Truncated)?;
        let nonce = front.get(HEAD..).ok_or(SealError::Truncated)?;
        let tag = self.cipher.encrypt(self.key, nonce, &aad, text).ok_or(too_long)?;
        out.extend_from_slice(&tag);
        Ok(out)
    }

    /// The cipher is taken from the stored bytes, not from `self`.
    pub(crate) fn open(&self, cell: &Cell<'_>, stored: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let parts = parts(stored)?;
        if parts.key != self.key_id {
            return Err(SealError::UnknownKey(parts.key));
        }
        let aad = associated(self.label, parts.head, cell);
        let mut text = Zeroizing::new(parts.text.to_vec());
        parts.cipher.decrypt(self.key, parts.nonce, &aad, &mut text, parts.tag).ok_or(SealError::Altered)?;
        Ok(text)
    }
}
