//! Blind index: exact look-up of a sealed value without storing or guessing it. Whoever has the
//! database but not this key learns only which rows are equal in one column, not what they hold.

use std::fmt;

use crate::{Secret32, keyed::keyed_hash};

/// Bytes of a blind index: 128 bits, so that two people never meet by chance.
pub const BLIND_INDEX_BYTES: usize = 16;

/// The index of one value in one column.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlindIndex([u8; BLIND_INDEX_BYTES]);

impl BlindIndex {
    /// The bytes to store and to compare in SQL.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; BLIND_INDEX_BYTES] {
        &self.0
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An index names a person to whoever can query the table, so it stays out of logs too.
        f.write_str("BlindIndex(..)")
    }
}

/// The key of the blind indexes of one place; a key apart from the KEK.
#[derive(Clone, Debug)]
pub struct BlindIndexKey(Secret32);

impl BlindIndexKey {
    /// Takes the key material.
    #[must_use]
    pub const fn new(key: Secret32) -> Self {
        Self(key)
    }

    /// A secret of its own for one purpose, from which neither this key nor an index can be told.
    #[must_use]
    pub fn secret_for(&self, purpose: &str) -> [u8; 16] {
        let full = keyed_hash(self.0.expose(), "lianxi secret v1", &[purpose.as_bytes()]);
        let mut secret = [0; 16];
        secret.iter_mut().zip(full).for_each(|(to, from)| *to = from);
        secret
    }

    /// The index of a value: normalised, so that `138 0000-0000` and `13800000000`, or `x` and `X` at
    /// the end of an id number, are found as one. The column keeps equal values of different columns
    /// apart. `None` for a value with nothing left after normalising.
    #[must_use]
    pub fn index(&self, column: &str, value: &str) -> Option<BlindIndex> {
        let plain = zeroize::Zeroizing::new(fold(value));
        if plain.is_empty() {
            return None;
        }
        let full =
            keyed_hash(self.0.expose(), "lianxi blind index v1", &[column.as_bytes(), plain.as_bytes()]);
        let mut index = [0; BLIND_INDEX_BYTES];
        index.iter_mut().zip(full).for_each(|(to, from)| *to = from);
        Some(BlindIndex(index))
    }
}

/// What people type, in one form: full-width forms (U+FF01–U+FF5E) become half-width, spaces, hyphens,
/// dashes and the middle dots of names fall away, letters become upper-case.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !is_joint(*c))
        .flat_map(char::to_uppercase)
        .collect()
}

const fn is_joint(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '·' | '•' | '・' | '\u{200b}'..='\u{200d}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> BlindIndexKey {
        BlindIndexKey::new(Secret32::from([3; 32]))
    }

    #[test]
    fn one_value_typed_in_many_ways_has_one_index() {
        let index = key().index("id_number", "99000019851230002X");
        for typed in [
            "99000019851230002x",
            " 990000 19851230 002X ",
            "990000-19851230-002x",
            "９９００００１９８５１２３０００２Ｘ",
            "990000\u{3000}19851230\u{2014}002X",
        ] {
            assert_eq!(key().index("id_number", typed), index, "{typed}");
        }
        assert_eq!(key().index("name", "阿迪力·吐尔逊"), key().index("name", "阿迪力•吐尔逊"));
    }

    #[test]
    fn value_column_and_key_all_count() {
        let base = key().index("telephone", "13800000000");
        assert_ne!(base, key().index("telephone", "13800000001"));
        assert_ne!(base, key().index("id_number", "13800000000"));
        let other = BlindIndexKey::new(Secret32::from([4; 32]));
        assert_ne!(base, other.index("telephone", "13800000000"));
    }

    #[test]
    fn a_secret_is_of_one_purpose_and_one_key_and_no_index() {
        let secret = key().secret_for("sketch");
        assert_eq!(secret, key().secret_for("sketch"));
        assert_ne!(secret, key().secret_for("other"));
        assert_ne!(secret, BlindIndexKey::new(Secret32::from([4; 32])).secret_for("sketch"));
        let index = key().index("sketch", "sketch").expect("index");
        assert_ne!(secret.as_slice(), index.as_bytes());
    }

    #[test]
    fn nothing_typed_has_no_index() {
        assert_eq!(key().index("name", " - "), None);
    }

    /// Stored indexes are frozen: a change of the rule would lose every look-up. Computed in Python
    /// (`hmac`).
    #[test]
    fn the_first_index_stays() {
        let index = key().index("telephone", "138 0000 0000").expect("index");
        assert_eq!(hex::encode(index.as_bytes()), "3b6f0350e1c2aa626e3b215c87a37ca5");
        assert!(!format!("{index:?}").contains(&hex::encode(&index.as_bytes()[..2])));
    }
}
