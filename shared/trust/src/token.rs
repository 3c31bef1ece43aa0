//! Random tokens: sessions, API keys, the link that makes the first account, and CSRF tokens.
//!
//! 256 bits of chance, so plain SHA-256 is enough for what is stored: whoever steals the database gets
//! no session. The prefix tells the kinds apart, to people and to programs that look for leaked keys.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::IdMint;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Secret32, SecretText, UnreadableCode, keyed::keyed_hash};

/// What is stored of a token, and looked up by: its hash. Tokens of different kinds never share one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StoredToken([u8; 32]);

impl StoredToken {
    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether stored bytes are those of this token, in constant time.
    #[must_use]
    pub fn is(&self, stored: &[u8]) -> bool {
        self.0.as_slice().ct_eq(stored).into()
    }
}

impl fmt::Debug for StoredToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredToken(..)")
    }
}

macro_rules! tokens {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Secret32);

        impl $name {
            /// A fresh token.
            #[must_use]
            pub fn mint(mint: &IdMint) -> Self {
                Self(Secret32::mint(mint))
            }

            /// The token as text, for the one who may hold it.
            #[must_use]
            pub fn expose(&self) -> SecretText {
                let body = BASE64_URL_SAFE_NO_PAD.encode(self.0.expose());
                SecretText::from(format!(concat!($prefix, "_{}"), body))
            }

            /// What to store and to look it up by.
            #[must_use]
            pub fn stored(&self) -> StoredToken {
                let label: &[u8] = concat!("lianxi token ", $prefix, "\n").as_bytes();
                StoredToken(Sha256::new().chain_update(label).chain_update(self.0.expose()).finalize().into())
            }
        }
        impl FromStr for $name {
            type Err = UnreadableCode;
            fn from_str(text: &str) -> Result<Self, UnreadableCode> {
                let body = text.strip_prefix(concat!($prefix, "_")).filter(|b| b.len() == 43);
                let bytes = body.and_then(|b| BASE64_URL_SAFE_NO_PAD.decode(b).ok()).map(zeroize::Zeroizing::new);
                let secret = bytes.and_then(|b| <[u8; 32]>::try_from(b.as_slice()).ok());
                secret.map(|s| Self(Secret32::from(s))).ok_or(UnreadableCode($what))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}

tokens! {
    /// A session of the console, in its cookie. Minted anew at every sign-in.
    SessionToken = "lxs", "a session token";
    /// A key of the REST API, shown once when it is made.
    ApiKey = "lxa", "an API key";
    /// The link that lets the first administrator set a password; good once and for a short time.
    FirstRunToken = "lxf", "a first-run token";
}

impl SessionToken {
    /// The CSRF token of this session: derived, so nothing is stored, and gone with the session.
    #[must_use]
    pub fn csrf(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(keyed_hash(self.0.expose(), "lianxi csrf v1", &[]))
    }

    /// Whether a form's or header's CSRF token is this session's, in constant time.
    #[must_use]
    pub fn csrf_is(&self, given: &str) -> bool {
        self.csrf().as_bytes().ct_eq(given.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::{ManualClock, UnixMillis};

    use super::*;

    fn mint() -> IdMint {
        IdMint::seeded(Arc::new(ManualClock::at(UnixMillis(0))), 23)
    }

    #[test]
    fn a_token_reads_back_and_is_found_by_its_hash() {
        let session = SessionToken::mint(&mint());
        let text = session.expose();
        assert!(text.expose().starts_with("lxs_") && text.expose().len() == 47);
        let again: SessionToken = text.expose().parse().expect("session");
        assert_eq!(again.stored(), session.stored());
        assert!(again.stored().is(session.stored().as_bytes()) && !again.stored().is(b""));
    }

    #[test]
    fn a_token_of_one_kind_is_none_of_another() {
        let text = SessionToken::mint(&mint()).expose().into_exposed();
        assert!(text.parse::<ApiKey>().is_err() && text.parse::<FirstRunToken>().is_err());
        // The same chance under another prefix has another hash.
        let api: ApiKey = text.replacen("lxs", "lxa", 1).parse().expect("api key");
        let session: SessionToken = text.parse().expect("session");
        assert_ne!(api.stored(), session.stored());
    }

    #[test]
    fn anything_else_is_unreadable_and_the_error_keeps_it_secret() {
        let text = ApiKey::mint(&mint()).expose().into_exposed();
        for bad in
            ["", "lxa_", &text[..46], &format!("{text}A"), &text.replace("lxa_", "LXA_"), &"é".repeat(30)]
        {
            let error = bad.parse::<ApiKey>().expect_err(bad);
            assert_eq!(error.to_string(), "not readable as an API key");
        }
    }

    #[test]
    fn a_csrf_token_belongs_to_its_session() {
        let mint = mint();
        let (one, two) = (SessionToken::mint(&mint), SessionToken::mint(&mint));
        assert!(one.csrf_is(&one.csrf()) && !one.csrf_is(&two.csrf()));
        assert!(!one.csrf_is("") && !one.csrf_is(&one.csrf()[..42]));
    }

    #[test]
    fn nothing_is_printed_by_debug() {
        let mint = mint();
        let shown = format!(
            "{:?} {:?} {:?} {:?}",
            SessionToken::mint(&mint),
            ApiKey::mint(&mint),
            FirstRunToken::mint(&mint),
            SessionToken::mint(&mint).stored()
        );
        assert_eq!(shown, "SessionToken(..) ApiKey(..) FirstRunToken(..) StoredToken(..)");
    }
}
