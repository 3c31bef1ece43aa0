//! Values that must not be seen: wiped on drop, silent in `Debug`, without `Display` or `Serialize`.

use std::fmt;

use kernel::IdMint;
use zeroize::Zeroizing;

use crate::SealError;

/// A 32-byte secret: the material of every symmetric and signing key.
#[derive(Clone)]
pub struct Secret32(Zeroizing<[u8; 32]>);

impl Secret32 {
    /// A fresh secret from the mint's source of chance.
    #[must_use]
    pub fn mint(mint: &IdMint) -> Self {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        mint.fill(bytes.as_mut());
        Self(bytes)
    }

    /// The bytes themselves, for a cipher or a key file.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Secret32 {
    fn from(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for Secret32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret32(..)")
    }
}

/// Bytes that were opened from a seal.
#[derive(Clone)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// The bytes themselves.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Gives the bytes away; from here on the caller guards them.
    #[must_use]
    pub fn into_exposed(mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    /// Reads the bytes as text.
    ///
    /// # Errors
    /// [`SealError::NotText`] when they are not UTF-8.
    pub fn into_text(self) -> Result<SecretText, SealError> {
        match String::from_utf8(self.into_exposed()) {
            Ok(text) => Ok(SecretText::from(text)),
            Err(refused) => {
                drop(Zeroizing::new(refused.into_bytes()));
                Err(SealError::NotText)
            }
        }
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(..)")
    }
}

/// Text that was opened from a seal, or must not be printed: a name, a telephone, a token, a password.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Gives the text away; from here on the caller guards it.
    #[must_use]
    pub fn into_exposed(mut self) -> String {
        std::mem::take(&mut self.0)
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_a_secret() {
        let shown = format!(
            "{:?} {:?} {:?}",
            Secret32::from([0x41; 32]),
            SecretBytes::from(b"AAAA".to_vec()),
            SecretText::from("AAAA".to_owned())
        );
        assert_eq!(shown, "Secret32(..) SecretBytes(..) SecretText(..)");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(matches!(SecretBytes::from(vec![0xff]).into_text(), Err(SealError::NotText)));
    }
}
