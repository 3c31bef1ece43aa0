//! Passwords: argon2id with the OWASP minimum (19 MiB, two passes, one lane), stored as PHC strings.
//!
//! One attempt takes some tens of milliseconds and 19 MiB: call from a blocking thread and bound how
//! many run at once.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{
        self, PasswordHasher, PasswordVerifier,
        phc::{self, Output, ParamsString, PasswordHash, Salt},
    },
};
use kernel::IdMint;

use crate::PasswordError;

/// The longest password, in bytes of UTF-8.
pub const MAX_PASSWORD_BYTES: usize = 1024;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;
/// A stored hash that asks for more than this is not ours; it must not exhaust the machine.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 16;

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Right, and the stored hash is of today's strength.
    Right,
    /// Right; store a new hash of it while the password is at hand.
    RightButWeak,
    /// Wrong, or there is no such account.
    Wrong,
}

impl Verdict {
    /// Whether the password was right.
    #[must_use]
    pub const fn is_right(self) -> bool {
        match self {
            Self::Right | Self::RightButWeak => true,
            Self::Wrong => false,
        }
    }
}

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    params: Params,
    /// Stands in for the hash of an unknown account, so that the answer takes as long.
    nobody: PasswordHash,
}

impl Passwords {
    /// At the suite's strength.
    ///
    /// # Errors
    /// [`PasswordError::Failed`], which constant parameters do not meet.
    pub fn new(mint: &IdMint) -> Result<Self, PasswordError> {
        Self::with(mint, MEMORY_KIB, PASSES)
    }

    fn with(mint: &IdMint, memory_kib: u32, passes: u32) -> Result<Self, PasswordError> {
        let params =
            Params::new(memory_kib, passes, LANES, Some(HASH_BYTES)).map_err(|_| PasswordError::Failed)?;
        let nobody = nobody(mint, &params).map_err(|_| PasswordError::Failed)?;
        Ok(Self { params, nobody })
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    /// The PHC string to store (`$argon2id$v=19$m=…`).
    ///
    /// # Errors
    /// [`PasswordError::TooLong`] above [`MAX_PASSWORD_BYTES`].
    pub fn hash(&self, mint: &IdMint, password: &str) -> Result<String, PasswordError> {
        if password.len() > MAX_PASSWORD_BYTES {
            return Err(PasswordError::TooLong(MAX_PASSWORD_BYTES));
        }
        let mut salt = [0; SALT_BYTES];
        mint.fill(&mut salt);
        let hash: PasswordHash = self
            .argon2()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|_| PasswordError::Failed)?;
        Ok(hash.to_string())
    }

    /// Checks an attempt. Give `None` for an account that does not exist: the work is the same, the
    /// verdict is [`Verdict::Wrong`].
    ///
    /// # Errors
    /// [`PasswordError::BadStored`] when the stored text is no argon2 hash within bounds.
    pub fn verify(&self, password: &str, stored: Option<&str>) -> Result<Verdict, PasswordError> {
        if password.len() > MAX_PASSWORD_BYTES {
            return Ok(Verdict::Wrong);
        }
        let attempt = |hash: &PasswordHash| self.argon2().verify_password(password.as_bytes(), hash);
        let Some(Ok((hash, params))) = stored.map(readable) else {
            // The same work for nobody; the outcome cannot be right.
            let _ = std::hint::black_box(attempt(&self.nobody));
            return if stored.is_some() { Err(PasswordError::BadStored) } else { Ok(Verdict::Wrong) };
        };
        match attempt(&hash) {
            Ok(()) if self.is_weaker(&hash, &params) => Ok(Verdict::RightButWeak),
            Ok(()) => Ok(Verdict::Right),
            Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
            Err(_) => Err(PasswordError::BadStored),
        }
    }

    /// Whether a stored hash should be made anew at the next right attempt.
    #[must_use]
    pub fn needs_rehash(&self, stored: &str) -> bool {
        readable(stored).map_or(true, |(hash, params)| self.is_weaker(&hash, &params))
    }

    fn is_weaker(&self, hash: &PasswordHash, params: &Params) -> bool {
        hash.algorithm != self.nobody.algorithm
            || hash.version != self.nobody.version
            || params.m_cost() < self.params.m_cost()
            || params.t_cost() < self.params.t_cost()
            || params.output_len().is_none_or(|bytes| bytes < HASH_BYTES)
    }
}

/// A hash that no password has: chance instead of an output, at the cost of a real one.
fn nobody(mint: &IdMint, params: &Params) -> Result<PasswordHash, phc::Error> {
    let mut chance = [0; SALT_BYTES + HASH_BYTES];
    mint.fill(&mut chance);
    let (salt, output) = chance.split_at(SALT_BYTES);
    Ok(PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(|_| phc::Error::ParamsMaxExceeded)?,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(output)?),
    })
}

fn readable(stored: &str) -> Result<(PasswordHash, Params), PasswordError> {
    let hash = PasswordHash::new(stored).map_err(|_| PasswordError::BadStored)?;
    let params = Params::try_from(&hash).map_err(|_| PasswordError::BadStored)?;
    let within =
        params.m_cost() <= MOST_MEMORY_KIB && params.t_cost() <= MOST_PASSES && params.p_cost() <= MOST_LANES;
    if within && hash.salt.is_some() && hash.hash.is_some() {
        Ok((hash, params))
    } else {
        Err(PasswordError::BadStored)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{ManualClock, UnixMillis};

    use super::*;

    fn mint() -> IdMint {
        IdMint::seeded(std::sync::Arc::new(ManualClock::at(UnixMillis(0))), 5)
    }

    fn weak() -> Passwords {
        Passwords::with(&mint(), 64, 1).expect("params")
    }

    #[test]
    fn the_suites_strength_is_that_of_owasp() {
        let passwords = Passwords::new(&mint()).expect("params");
        let stored = passwords.hash(&mint(), "正确的口令").expect("hash");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(passwords.verify("正确的口令", Some(&stored)), Ok(Verdict::Right));
        assert_eq!(passwords.verify("错误的口令", Some(&stored)), Ok(Verdict::Wrong));
    }

    #[test]
    fn the_same_password_gets_another_salt() {
        let mint = mint();
        assert_ne!(weak().hash(&mint, "a"), weak().hash(&mint, "a"));
    }

    #[test]
    fn an_unknown_account_is_wrong_at_the_same_cost() {
        let passwords = Passwords::new(&mint()).expect("params");
        assert_eq!(passwords.verify("any", None), Ok(Verdict::Wrong));
        let real = passwords.hash(&mint(), "any").expect("hash");
        let cost = |phc: &str| phc.split('$').nth(3).map(str::to_owned);
        assert_eq!(cost(&passwords.nobody.to_string()), cost(&real));
    }

    #[test]
    fn a_weaker_hash_asks_to_be_made_anew() {
        let stored = weak().hash(&mint(), "a").expect("hash");
        let strong = Passwords::new(&mint()).expect("params");
        assert_eq!(strong.verify("a", Some(&stored)), Ok(Verdict::RightButWeak));
        assert!(strong.needs_rehash(&stored) && !weak().needs_rehash(&stored));
        assert!(strong.needs_rehash("nonsense"));
    }

    #[test]
    fn limits_hold_at_the_edge() {
        let longest = "a".repeat(MAX_PASSWORD_BYTES);
        let stored = weak().hash(&mint(), &longest).expect("hash");
        assert_eq!(weak().verify(&longest, Some(&stored)), Ok(Verdict::Right));
        let over = format!("{longest}a");
        assert_eq!(weak().hash(&mint(), &over), Err(PasswordError::TooLong(MAX_PASSWORD_BYTES)));
        assert_eq!(weak().verify(&over, Some(&stored)), Ok(Verdict::Wrong));
    }

    #[test]
    fn a_stored_hash_out_of_bounds_is_not_computed() {
        for stored in [
            "",
            "plain",
            "$argon2id$v=19$m=4194304,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=19456,t=2,p=1",
        ] {
            assert_eq!(weak().verify("a", Some(stored)), Err(PasswordError::BadStored), "{stored}");
        }
    }
}
