//! Signatures of webhooks by the convention of Standard Webhooks: HMAC-SHA-256 over `id.timestamp.body`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::IdMint;
use sha2::Sha256;

use crate::{SealError, Secret32, SecretText};

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A receiver's secret.
#[derive(Clone, Debug)]
pub struct WebhookSecret(Secret32);

impl WebhookSecret {
    /// A fresh one.
    #[must_use]
    pub fn mint(mint: &IdMint) -> Self {
        Self(Secret32::mint(mint))
    }

    /// `whsec_…`, for the receiver and for the sealed row.
    #[must_use]
    pub fn expose(&self) -> SecretText {
        SecretText::from(format!("{PREFIX}{}", STANDARD.encode(self.0.expose())))
    }

    /// Reads what [`WebhookSecret::expose`] wrote.
    ///
    /// # Errors
    /// [`SealError::NotText`] when it is no secret.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let coded = text.strip_prefix(PREFIX).ok_or(SealError::NotText)?;
        let bytes = STANDARD.decode(coded).map_err(|_| SealError::NotText)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| SealError::NotText)?;
        Ok(Self(Secret32::from(bytes)))
    }

    /// `v1,<base64>`: one entry of `webhook-signature`.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        signature(self.0.expose(), id, timestamp_s, body)
    }
}

fn signature(key: &[u8], id: &str, timestamp_s: i64, body: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::SystemClock;

    use super::*;

    /// The example in the documentation of svix, from which the convention came.
    #[test]
    fn a_signature_is_that_of_the_published_example() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_read_back_and_signs_the_same() {
        let secret = WebhookSecret::mint(&IdMint::seeded(Arc::new(SystemClock), 3));
        let again = WebhookSecret::parse(secret.expose().expose()).expect("read back");
        assert!(secret.expose().expose().starts_with(PREFIX));
        assert_eq!(secret.sign("a", 1, "b"), again.sign("a", 1, "b"));
        assert_ne!(secret.sign("a", 1, "b"), secret.sign("a", 2, "b"));
        assert!(WebhookSecret::parse("whsec_short").is_err());
    }
}
