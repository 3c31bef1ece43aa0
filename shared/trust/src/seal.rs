//! Envelope encryption (个人信息保护法 Art. 51): each submission has its own data key, which seals its
//! cells and is itself stored wrapped under a key-encryption key (KEK) that is not in the database.
//!
//! **Erasure.** Whoever deletes the wrapped data key deletes, for good, all that was sealed under it:
//! cells, attachments, copies in backups of other tables (个人信息保护法 Art. 47). Backups that hold the
//! wrapped key must expire by the retention rule. Nothing derives a data key a second time.
//!
//! **Place.** The associated data names table, column and row, so a sealed value moved to another cell
//! by raw SQL does not open.

use std::fmt;

use kernel::IdMint;

use crate::{
    Cipher, KeyId, SealError, Secret32, SecretBytes, SecretText,
    cipher::{Sealing, key_of},
};

/// The most plain bytes in one seal: 64 MiB, above the largest attachment.
pub const MAX_PLAIN_BYTES: usize = 64 * 1024 * 1024;

const KEK_LABEL: &[u8] = b"lianxi kek v1";
const DATA_KEY_LABEL: &[u8] = b"lianxi data key v1";
const WRAP_USE: &[u8] = b"lianxi wrapped key v1";
const CELL_USE: &[u8] = b"lianxi cell v1";

/// Where a sealed value lies; the value opens there and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row's id, as text.
    pub row: &'a str,
}

macro_rules! stored {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Vec<u8>);

        impl $name {
            /// The bytes to store.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            /// The bytes to store, given away.
            #[must_use]
            pub fn into_bytes(self) -> Vec<u8> {
                self.0
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} bytes)"), self.0.len())
            }
        }
    )*};
}

stored! {
    /// A value sealed under a data key: 50 bytes more than the plain one.
    SealedBytes;
    /// A data key wrapped under a KEK: 82 bytes. Deleting it erases what it sealed.
    WrappedKey;
}

/// The key of one submission: seals and opens its cells, in a few microseconds for a page of text.
#[derive(Clone, Debug)]
pub struct DataKey {
    id: KeyId,
    key: Secret32,
}

impl DataKey {
    /// A fresh key. Wrap it and store the wrapping in the transaction that stores the sealed values.
    #[must_use]
    pub fn mint(mint: &IdMint) -> Self {
        Self::of(Secret32::mint(mint))
    }

    fn of(key: Secret32) -> Self {
        Self { id: KeyId::of(DATA_KEY_LABEL, key.expose()), key }
    }

    /// The key's public id, as in the head of what it sealed.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    fn sealing(&self) -> Sealing<'_> {
        Sealing { cipher: Cipher::default(), key: &self.key, key_id: self.id, label: CELL_USE }
    }

    /// Seals a value for a cell.
    ///
    /// # Errors
    /// [`SealError::TooLong`] above [`MAX_PLAIN_BYTES`].
    pub fn seal(&self, mint: &IdMint, cell: &Cell<'_>, plain: &[u8]) -> Result<SealedBytes, SealError> {
        self.sealing().seal(mint, cell, plain).map(SealedBytes)
    }

    /// Opens the stored bytes of a cell.
    ///
    /// # Errors
    /// [`SealError`]: cut, unknown format or algorithm, another key, altered or from another cell.
    pub fn open(&self, cell: &Cell<'_>, stored: &[u8]) -> Result<SecretBytes, SealError> {
        let mut plain = self.sealing().open(cell, stored)?;
        Ok(SecretBytes::from(std::mem::take(&mut *plain)))
    }

    /// Opens the stored bytes of a cell as text.
    ///
    /// # Errors
    /// As [`DataKey::open`], and [`SealError::NotText`].
    pub fn open_text(&self, cell: &Cell<'_>, stored: &[u8]) -> Result<SecretText, SealError> {
        self.open(cell, stored)?.into_text()
    }
}

#[derive(Clone)]
struct Kek {
    id: KeyId,
    key: Secret32,
}

impl Kek {
    fn sealing(&self, cipher: Cipher) -> Sealing<'_> {
        Sealing { cipher, key: &self.key, key_id: self.id, label: WRAP_USE }
    }
}

/// The key-encryption keys of a place: the current one wraps, the current and the old ones unwrap.
#[derive(Clone)]
pub struct KeyRing {
    current: Kek,
    old: Vec<Kek>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let old: Vec<KeyId> = self.old.iter().map(|k| k.id).collect();
        f.debug_struct("KeyRing").field("current", &self.current.id).field("old", &old).finish()
    }
}

impl KeyRing {
    /// A ring of the current KEK and those before it.
    #[must_use]
    pub fn new(current: Secret32, old: Vec<Secret32>) -> Self {
        let kek = |key: Secret32| Kek { id: kek_id(&key), key };
        Self { current: kek(current), old: old.into_iter().map(kek).collect() }
    }

    /// The id of the KEK that wraps now.
    #[must_use]
    pub const fn current(&self) -> KeyId {
        self.current.id
    }

    fn kek(&self, id: KeyId) -> Result<&Kek, SealError> {
        std::iter::once(&self.current).chain(&self.old).find(|k| k.id == id).ok_or(SealError::UnknownKey(id))
    }

    /// Wraps a data key for the cell that will hold the wrapping.
    ///
    /// # Errors
    /// None that a 32-byte key can meet; the type is the cipher's.
    pub fn wrap(&self, mint: &IdMint, cell: &Cell<'_>, key: &DataKey) -> Result<WrappedKey, SealError> {
        self.current.sealing(Cipher::default()).seal(mint, cell, key.key.expose()).map(WrappedKey)
    }

    /// Unwraps the data key stored in a cell.
    ///
    /// # Errors
    /// [`SealError::UnknownKey`] when the KEK is not in the ring, else as [`DataKey::open`].
    pub fn unwrap(&self, cell: &Cell<'_>, stored: &[u8]) -> Result<DataKey, SealError> {
        let kek = self.kek(key_of(stored)?)?;
        let material = kek.sealing(Cipher::default()).open(cell, stored)?;
        let key = <[u8; 32]>::try_from(material.as_slice()).map_err(|_| SealError::Altered)?;
        Ok(DataKey::of(Secret32::from(key)))
    }

    /// Wraps anew what an old KEK wrapped: `None` when the current one did. A rotation is done when a
    /// sweep over all wrapped keys gives `None`; the sealed values themselves are never touched.
    ///
    /// # Errors
    /// As [`KeyRing::unwrap`].
    pub fn rewrap(
        &self,
        mint: &IdMint,
        cell: &Cell<'_>,
        stored: &[u8],
    ) -> Result<Option<WrappedKey>, SealError> {
        if key_of(stored)? == self.current.id {
            return Ok(None);
        }
        self.wrap(mint, cell, &self.unwrap(cell, stored)?).map(Some)
    }
}

/// The public id of a KEK, also in its file's name once it is old.
pub(crate) fn kek_id(key: &Secret32) -> KeyId {
    KeyId::of(KEK_LABEL, key.expose())
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
