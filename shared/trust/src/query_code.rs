//! 查询码: what a petitioner types, with the public number, to follow a matter (信访工作条例 Art. 21).
//!
//! Ten letters of 27 are 47 bits: guessing needs the door's rate limit beside it. The office keeps only
//! a keyed hash bound to the number, so neither the database alone nor a code of another matter opens
//! anything.

use std::{fmt, str::FromStr};

use kernel::IdMint;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{Secret32, UnreadableCode, blind::fold, keyed::keyed_hash};

/// Letters of a code.
pub const QUERY_CODE_CHARS: usize = 10;

/// Digits and letters that are not taken for one another when read aloud from paper or typed by touch:
/// no 0/O, 1/I/L, and of 2/Z, 5/S, 8/B, U/V one each.
const ALPHABET: &[u8; 27] = b"23456789ACDEFGHJKMNPQRTVWXY";
/// The largest multiple of 27 in a byte: bytes from here on would make some letters likelier.
const FAIR: u8 = 243;

/// A code, as shown once to the petitioner.
#[derive(Clone)]
pub struct QueryCode(Zeroizing<[u8; QUERY_CODE_CHARS]>);

impl QueryCode {
    /// A fresh code.
    #[must_use]
    pub fn mint(mint: &IdMint) -> Self {
        let mut code = Zeroizing::new([0; QUERY_CODE_CHARS]);
        let mut filled = 0;
        while filled < QUERY_CODE_CHARS {
            let mut chance = Zeroizing::new([0; 2 * QUERY_CODE_CHARS]);
            mint.fill(chance.as_mut());
            let letters =
                chance.iter().filter(|b| **b < FAIR).filter_map(|b| ALPHABET.get(usize::from(b % 27)));
            for (slot, letter) in code.iter_mut().skip(filled).zip(letters) {
                *slot = *letter;
                filled += 1;
            }
        }
        Self(code)
    }

    /// For print and screen, in groups of three, four and three: `K7M-RQ4X-2WD`.
    #[must_use]
    pub fn grouped(&self) -> String {
        let mut text = String::with_capacity(QUERY_CODE_CHARS + 2);
        for (at, letter) in self.0.iter().enumerate() {
            if matches!(at, 3 | 7) {
                text.push('-');
            }
            text.push(char::from(*letter));
        }
        text
    }
}

impl FromStr for QueryCode {
    type Err = UnreadableCode;
    /// Reads what a person types: any case, full-width forms, spaces and hyphens anywhere, and for a
    /// letter that no code has, the one it is taken for (Z→2, S→5, B→8, U→V).
    fn from_str(typed: &str) -> Result<Self, UnreadableCode> {
        const BAD: UnreadableCode = UnreadableCode("a query code");
        if typed.len() > 16 * QUERY_CODE_CHARS {
            return Err(BAD);
        }
        let folded = Zeroizing::new(fold(typed));
        let mut code = Zeroizing::new([0; QUERY_CODE_CHARS]);
        if folded.len() != QUERY_CODE_CHARS {
            return Err(BAD);
        }
        for (slot, typed) in code.iter_mut().zip(folded.bytes()) {
            let letter = match typed {
                b'Z' => b'2',
                b'S' => b'5',
                b'B' => b'8',
                b'U' => b'V',
                other => other,
            };
            if !ALPHABET.contains(&letter) {
                return Err(BAD);
            }
            *slot = letter;
        }
        Ok(Self(code))
    }
}

impl fmt::Debug for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCode(..)")
    }
}

/// What is stored of a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QueryCodeHash([u8; 32]);

impl QueryCodeHash {
    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for QueryCodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCodeHash(..)")
    }
}

/// The key under which codes are hashed; a key of its own.
#[derive(Clone, Debug)]
pub struct QueryCodeKey(Secret32);

impl QueryCodeKey {
    /// Takes the key material.
    #[must_use]
    pub const fn new(key: Secret32) -> Self {
        Self(key)
    }

    /// What to store for the matter with this public number (normalised as typed numbers are).
    #[must_use]
    pub fn hash(&self, number: &str, code: &QueryCode) -> QueryCodeHash {
        let number = fold(number);
        QueryCodeHash(keyed_hash(
            self.0.expose(),
            "lianxi query code v1",
            &[number.as_bytes(), code.0.as_slice()],
        ))
    }

    /// Whether a typed code opens the matter with this number. Give `None` where no such number exists:
    /// the work is the same and the answer no. Compared in constant time.
    #[must_use]
    pub fn opens(&self, number: &str, typed: &str, stored: Option<&[u8]>) -> bool {
        let code = typed.parse::<QueryCode>();
        // An unreadable code is hashed too, as one that is nobody's.
        let nobody = QueryCode(Zeroizing::new([0; QUERY_CODE_CHARS]));
        let hash = self.hash(number, code.as_ref().unwrap_or(&nobody));
        let same = hash.0.as_slice().ct_eq(stored.unwrap_or(&[0; 32]));
        bool::from(same) && code.is_ok() && stored.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use kernel::{ManualClock, UnixMillis};

    use super::*;

    fn mint() -> IdMint {
        IdMint::seeded(Arc::new(ManualClock::at(UnixMillis(0))), 17)
    }

    fn key() -> QueryCodeKey {
        QueryCodeKey::new(Secret32::from([8; 32]))
    }

    #[test]
    fn codes_are_fair_and_grouped() {
        let mint = mint();
        let mut seen = BTreeMap::<char, u32>::new();
        for _ in 0..2700 {
            let text = QueryCode::mint(&mint).grouped();
            assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [3, 4, 3]);
            text.chars().filter(|c| *c != '-').for_each(|c| *seen.entry(c).or_default() += 1);
        }
        assert_eq!(seen.len(), ALPHABET.len());
        // 27 000 letters over 27: a thousand each, six sigma either way.
        assert!(seen.values().all(|n| (800..1200).contains(n)), "{seen:?}");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let key = key();
        let code: QueryCode = "K7M-2VQ8-5WD".parse().expect("code");
        let stored = key.hash("XF-2026-000001", &code);
        for typed in ["k7m2vq85wd", " K7M 2VQ8 5WD ", "K7M－2VQ8－5WD", "ｋ７ｍ２ｖｑ８５ｗｄ", "K7MZUQBSWD"]
        {
            assert!(key.opens("xf-2026-000001", typed, Some(stored.as_bytes())), "{typed}");
        }
    }

    #[test]
    fn nothing_else_opens() {
        let (key, code) = (key(), QueryCode::mint(&mint()));
        let (typed, stored) = (code.grouped(), key.hash("XF-1", &code));
        let other = QueryCodeKey::new(Secret32::from([9; 32]));
        assert!(key.opens("XF-1", &typed, Some(stored.as_bytes())));
        assert!(!key.opens("XF-2", &typed, Some(stored.as_bytes())));
        assert!(!key.opens("XF-1", &typed, None));
        assert!(!key.opens("XF-1", &typed, Some(&[])));
        assert!(!other.opens("XF-1", &typed, Some(stored.as_bytes())));
        for bad in ["", "K7M-2VQ8-5W", "K7M-2VQ8-5WDA", "K7M-2VQ8-5W0", &"2".repeat(1000)] {
            assert!(!key.opens("XF-1", bad, Some(stored.as_bytes())), "{bad}");
        }
    }

    #[test]
    fn an_unreadable_code_does_not_open_even_its_own_hash() {
        let nobody = QueryCode(Zeroizing::new([0; QUERY_CODE_CHARS]));
        let stored = key().hash("XF-1", &nobody);
        assert!(!key().opens("XF-1", "???", Some(stored.as_bytes())));
    }

    #[test]
    fn a_code_is_not_printed_by_debug() {
        let code = QueryCode::mint(&mint());
        let shown = format!("{code:?} {:?} {:?}", key(), key().hash("XF-1", &code));
        assert_eq!(shown, "QueryCode(..) QueryCodeKey(Secret32(..)) QueryCodeHash(..)");
        let error = "SECRET-CODE".parse::<QueryCode>().expect_err("bad");
        assert_eq!(error.to_string(), "not readable as a query code");
    }
}
