//! The hash chain under the outbox, the dispatches and the logs: SHA-256 over fields that each carry
//! their length, so that no two lists of fields give the same bytes. The exact stored bytes are hashed,
//! never a re-serialisation.

use std::{fmt, io, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use crate::BadHash;

/// The id of this construction in a row's `alg` column. 2 is kept for SM3 (GB/T 32905).
pub const ALGORITHM: i64 = 1;

const LABEL: &[u8] = b"lianxi chain v1";

/// 32 bytes of SHA-256; 64 lower-case hexadecimal digits as text and on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, std::hash::Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Plain SHA-256 of content, as an address. Of personal content hash the *sealed* bytes: the hash
    /// of a short text can be guessed, and what is chained stays for ever.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// [`Hash::of`] for content too large to hold in memory at once.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of_reader(mut content: impl io::Read) -> io::Result<Self> {
        let (mut digest, mut piece) = (Sha256::new(), vec![0; 64 * 1024]);
        loop {
            match content.read(&mut piece)? {
                0 => return Ok(Self(digest.finalize().into())),
                n => digest.update(piece.get(..n).unwrap_or_default()),
            }
        }
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The text: 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = BadHash;
    fn try_from(bytes: &[u8]) -> Result<Self, BadHash> {
        bytes.try_into().map(Self).map_err(|_| BadHash)
    }
}

impl FromStr for Hash {
    type Err = BadHash;
    /// Only the lower-case form is read, so that equal hashes are equal texts.
    fn from_str(text: &str) -> Result<Self, BadHash> {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(BadHash);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadHash)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Hashes a list of fields. Order and number count; an absent field differs from an empty one.
#[derive(Clone)]
pub struct ChainHasher(Sha256);

impl ChainHasher {
    /// The construction with [`ALGORITHM`] 1.
    #[must_use]
    pub fn v1() -> Self {
        Self(Sha256::new()).field(LABEL)
    }

    /// Adds a field: `1`, its length in 8 bytes (big-endian), its bytes.
    #[must_use]
    pub fn field(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let mut head = [1_u8; 9];
        head.iter_mut().skip(1).zip((bytes.len() as u64).to_be_bytes()).for_each(|(to, from)| *to = from);
        self.0.update(head);
        self.0.update(bytes);
        self
    }

    /// Adds a field that may be absent: absent is the single byte `0`.
    #[must_use]
    pub fn optional(mut self, bytes: Option<impl AsRef<[u8]>>) -> Self {
        match bytes {
            Some(bytes) => self.field(bytes),
            None => {
                self.0.update([0]);
                self
            }
        }
    }

    /// Adds a number as a field of 8 bytes (big-endian, two's complement).
    #[must_use]
    pub fn number(self, value: i64) -> Self {
        self.field(value.to_be_bytes())
    }

    /// The hash of all fields.
    #[must_use]
    pub fn finish(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

impl fmt::Debug for ChainHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainHasher(..)")
    }
}

/// The next hash of a chain: over the hash before (absent at the beginning) and the row's fields.
#[must_use]
pub fn link(prev: Option<&Hash>, fields: &[&[u8]]) -> Hash {
    let start = ChainHasher::v1().optional(prev.map(Hash::as_bytes));
    fields.iter().fold(start, |hasher, field| hasher.field(field)).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_absence_and_order_all_count() {
        let hash = |fields: &[&[u8]]| link(None, fields);
        let all = [
            hash(&[b"ab", b"c"]),
            hash(&[b"a", b"bc"]),
            hash(&[b"abc"]),
            hash(&[b"c", b"ab"]),
            hash(&[b"ab", b"c", b""]),
            link(Some(&Hash::of(b"")), &[b"ab", b"c"]),
            ChainHasher::v1().field("ab").field("c").finish(),
            ChainHasher::v1().field("").field("ab").field("c").finish(),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|other| other != one), "{at}");
        }
    }

    #[test]
    fn a_link_is_its_fields_after_the_one_before() {
        let first = link(None, &[b"a"]);
        let by_hand = ChainHasher::v1().optional(Some(first.as_bytes())).number(1).finish();
        assert_eq!(link(Some(&first), &[&1_i64.to_be_bytes()]), by_hand);
    }

    /// Frozen; computed in Python (`hashlib`) from the doc comments above.
    #[test]
    fn the_construction_stays() {
        let stays = "6be042194618119483eceabc79e3aba5297343db9c52caf2daeb2ccc2289e240";
        assert_eq!(link(None, &[b"a", b""]).to_hex(), stays);
    }

    #[test]
    fn a_hash_reads_back_from_text_and_bytes() {
        let hash = Hash::of(b"abc");
        assert_eq!(hash.to_hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hash.to_hex().parse(), Ok(hash));
        assert_eq!(Hash::try_from(hash.as_bytes().as_slice()), Ok(hash));
        let json = serde_json::to_string(&hash).expect("json");
        assert_eq!(serde_json::from_str::<Hash>(&json).expect("hash"), hash);
        for bad in ["", "ba78", &hash.to_hex().to_uppercase(), &format!("{}00", hash.to_hex())] {
            assert!(bad.parse::<Hash>().is_err(), "{bad}");
        }
    }
}
