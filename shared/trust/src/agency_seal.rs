//! Seals to one agency's own key, so that what goes astray stays unreadable (信访工作条例 Art. 30).
//!
//! The format is age v1 with an X25519 recipient: any age program opens it, in Python
//! `pyrage.decrypt(bytes, [pyrage.x25519.Identity.from_str(key)])`. Text travels as standard base64 of
//! the same bytes. A recipient of another kind (SM2) gets its own prefix and variant here; callers hold
//! [`AgencyRecipient`] and [`AgencyIdentity`] and do not see the difference.
//!
//! age binds no context: put the matter's id into the sealed text and check it after opening.

use std::{fmt, io::Read, str::FromStr};

use age::secrecy::ExposeSecret;
use base64::{Engine, prelude::BASE64_STANDARD};
use zeroize::Zeroizing;

use crate::{AgencySealError, MAX_PLAIN_BYTES, SecretBytes, SecretText};

/// Above the head and the tags of the largest seal (16 bytes for each 64 KiB).
const MAX_SEALED_BYTES: usize = MAX_PLAIN_BYTES + MAX_PLAIN_BYTES / 1024;

#[derive(Clone, PartialEq, Eq)]
enum RecipientKind {
    AgeX25519(age::x25519::Recipient),
}

/// An agency's public sealing key, as the register of agencies holds it: `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct AgencyRecipient(RecipientKind);

impl AgencyRecipient {
    /// Seals bytes, in some 0.2 ms for a page of text. Only the agency opens them; the sealer cannot.
    ///
    /// # Errors
    /// [`AgencySealError::TooLong`] above [`MAX_PLAIN_BYTES`].
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, AgencySealError> {
        if plain.len() > MAX_PLAIN_BYTES {
            return Err(AgencySealError::TooLong { bytes: plain.len(), limit: MAX_PLAIN_BYTES });
        }
        match &self.0 {
            RecipientKind::AgeX25519(to) => age::encrypt(to, plain).map_err(|_| AgencySealError::Failed),
        }
    }

    /// Seals text; the result is standard base64.
    ///
    /// # Errors
    /// As [`AgencyRecipient::seal`].
    pub fn seal_text(&self, plain: &str) -> Result<String, AgencySealError> {
        self.seal(plain.as_bytes()).map(|sealed| BASE64_STANDARD.encode(sealed))
    }
}

impl FromStr for AgencyRecipient {
    type Err = AgencySealError;
    fn from_str(text: &str) -> Result<Self, AgencySealError> {
        let recipient = text.trim().parse().map_err(|_| AgencySealError::BadRecipient)?;
        Ok(Self(RecipientKind::AgeX25519(recipient)))
    }
}

impl fmt::Display for AgencyRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            RecipientKind::AgeX25519(to) => fmt::Display::fmt(to, f),
        }
    }
}

impl fmt::Debug for AgencyRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Clone)]
enum IdentityKind {
    AgeX25519(age::x25519::Identity),
}

/// An agency's private sealing key: `AGE-SECRET-KEY-1…`. It lives where the agency's service runs.
#[derive(Clone)]
pub struct AgencyIdentity(IdentityKind);

impl AgencyIdentity {
    /// A fresh key, from the machine's own source of chance.
    #[must_use]
    pub fn generate() -> Self {
        Self(IdentityKind::AgeX25519(age::x25519::Identity::generate()))
    }

    /// The public key to give to the office.
    #[must_use]
    pub fn recipient(&self) -> AgencyRecipient {
        match &self.0 {
            IdentityKind::AgeX25519(own) => AgencyRecipient(RecipientKind::AgeX25519(own.to_public())),
        }
    }

    /// The private key as text, for its file.
    #[must_use]
    pub fn expose(&self) -> SecretText {
        match &self.0 {
            IdentityKind::AgeX25519(own) => own.to_string().expose_secret().to_owned().into(),
        }
    }

    /// Opens bytes that were sealed to this key.
    ///
    /// # Errors
    /// [`AgencySealError::OtherKey`], [`AgencySealError::Altered`], or [`AgencySealError::TooLong`].
    pub fn open(&self, sealed: &[u8]) -> Result<SecretBytes, AgencySealError> {
        if sealed.len() > MAX_SEALED_BYTES {
            return Err(AgencySealError::TooLong { bytes: sealed.len(), limit: MAX_SEALED_BYTES });
        }
        match &self.0 {
            IdentityKind::AgeX25519(own) => open_age(own, sealed),
        }
    }

    /// Opens text that was sealed to this key.
    ///
    /// # Errors
    /// As [`AgencyIdentity::open`], and [`AgencySealError::NotText`].
    pub fn open_text(&self, sealed: &str) -> Result<SecretText, AgencySealError> {
        let bytes = BASE64_STANDARD.decode(sealed.trim()).map_err(|_| AgencySealError::Altered)?;
        self.open(&bytes)?.into_text().map_err(|_| AgencySealError::NotText)
    }
}

fn open_age(own: &age::x25519::Identity, sealed: &[u8]) -> Result<SecretBytes, AgencySealError> {
    let failed = |error: age::DecryptError| match error {
        age::DecryptError::NoMatchingKeys => AgencySealError::OtherKey,
        _ => AgencySealError::Altered,
    };
    let file = age::Decryptor::new_buffered(sealed).map_err(failed)?;
    let mut reader = file.decrypt(std::iter::once(own as &dyn age::Identity)).map_err(failed)?;
    // Room for all at once: a growing buffer would leave unwiped copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut plain).map_err(|_| AgencySealError::Altered)?;
    Ok(SecretBytes::from(std::mem::take(&mut *plain)))
}

impl FromStr for AgencyIdentity {
    type Err = AgencySealError;
    fn from_str(text: &str) -> Result<Self, AgencySealError> {
        let identity = text.trim().parse().map_err(|_| AgencySealError::BadIdentity)?;
        Ok(Self(IdentityKind::AgeX25519(identity)))
    }
}

impl fmt::Debug for AgencyIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AgencyIdentity(of {})", self.recipient())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agency_opens_what_was_sealed_to_it() {
        let own = AgencyIdentity::generate();
        let to: AgencyRecipient = own.recipient().to_string().parse().expect("recipient");
        let again: AgencyIdentity = own.expose().expose().parse().expect("identity");
        assert!(to.to_string().starts_with("age1"));
        let sealed = to.seal_text("张三, 13800000000").expect("seal");
        assert_eq!(again.open_text(&sealed).expect("open").expose(), "张三, 13800000000");
        let paper = vec![7; 200_000];
        assert_eq!(again.open(&to.seal(&paper).expect("seal")).expect("open").expose(), paper);
    }

    /// Sealed by `pyrage` 1.4.0, as an agency's own program might; with a grease stanza to be skipped.
    #[test]
    fn what_python_sealed_opens() {
        let own: AgencyIdentity =
            "AGE-SECRET-KEY-1F5L0FP28KXC2X939H0S9T05MXGWNPPWTJS0S8EJ6NM4G7SQP7WNQYPQQF5"
                .parse()
                .expect("identity");
        assert_eq!(
            own.recipient().to_string(),
            "age1f8vynznnpke85n4g0vz55448327dxkq7ferlx9vtf60ae9vkgsnqg9cnar"
        );
        assert_eq!(own.open_text(PYRAGE).expect("open").expose(), "联席");
    }

    const PYRAGE: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBFbkVDdmcyRnhtTzBJb0plR3ZVMnhCYUpnaU1RaGpGeEFWRmpnSENu\
        N2wwCnhLbkRwQjUzS3o3RlZLcCtsbkkvQ2tzeWZGVWgzdlZERmNyTTlwaEZGVUUKLT4gV1BdfW90ZT8tZ3JlYXNlIDMpIDtm\
        MUNgckggcjgtficrClBtNWl4MXpMSzhRQ0NCNU9VYTdKL3cwbzFYR2VoRXk4UmV6UUVaRGt0TGJqCi0tLSBta3Q2T3hmRVhl\
        ZE9RZ3kweEdJSjRpMHpIVnVTYTdXTmk4TXkwQzQxTE1NCoQuuTM8Y6qCJNOsB3kkeRPABc2LY2MNTQsGykIWM3dWkqSg8HF5";

    #[test]
    fn another_agency_cannot_open_it() {
        let sealed = AgencyIdentity::generate().recipient().seal(b"secret").expect("seal");
        let error = AgencyIdentity::generate().open(&sealed).expect_err("other");
        assert_eq!(error, AgencySealError::OtherKey);
    }

    #[test]
    fn cut_and_flipped_bytes_are_refused() {
        let own = AgencyIdentity::generate();
        let sealed = own.recipient().seal(b"secret").expect("seal");
        for at in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert!(own.open(&bent).is_err(), "flip {at}");
            assert!(own.open(&sealed[..at]).is_err(), "cut {at}");
        }
        assert_eq!(own.open_text("no base64").expect_err("text"), AgencySealError::Altered);
    }

    #[test]
    fn over_the_limit_is_refused_on_both_sides() {
        let own = AgencyIdentity::generate();
        let long = vec![0; MAX_SEALED_BYTES + 1];
        assert!(matches!(own.recipient().seal(&long), Err(AgencySealError::TooLong { .. })));
        assert!(matches!(own.open(&long), Err(AgencySealError::TooLong { .. })));
    }

    #[test]
    fn the_private_key_is_not_printed() {
        let own = AgencyIdentity::generate();
        let key = own.expose();
        let shown = format!("{own:?} {key:?}");
        assert!(!shown.contains("AGE-SECRET-KEY") && !shown.contains(key.expose()));
        assert!("age1nonsense".parse::<AgencyRecipient>().is_err());
        let error = key.expose().parse::<AgencyRecipient>().expect_err("private for public");
        assert!(!error.to_string().contains(key.expose()));
    }
}
