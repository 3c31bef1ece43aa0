//! HMAC-SHA-256 over labelled, length-prefixed fields: the base of blind indexes, query codes and CSRF
//! tokens.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The code of `fields` under a 32-byte key; `label` keeps uses apart under one key.
pub(crate) fn keyed_hash(key: &[u8; 32], label: &str, fields: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a short key with zeros up to the block (64 bytes for SHA-256); doing it here makes the
    // construction infallible.
    let mut block = zeroize::Zeroizing::new([0_u8; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for field in std::iter::once(&label.as_bytes()).chain(fields) {
        mac.update(&(field.len() as u64).to_be_bytes());
        mac.update(field);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_by_hand_gives_the_standard_code() {
        let key = [0x0b; 32];
        let mut plain = Hmac::<Sha256>::new_from_slice(&key).expect("any length");
        plain.update(&[0, 0, 0, 0, 0, 0, 0, 1, b'x', 0, 0, 0, 0, 0, 0, 0, 2, b'a', b'b']);
        assert_eq!(keyed_hash(&key, "x", &[b"ab"]), <[u8; 32]>::from(plain.finalize().into_bytes()));
    }

    #[test]
    fn label_key_and_cut_of_fields_all_count() {
        let base = keyed_hash(&[1; 32], "x", &[b"ab", b"c"]);
        for other in [
            keyed_hash(&[2; 32], "x", &[b"ab", b"c"]),
            keyed_hash(&[1; 32], "y", &[b"ab", b"c"]),
            keyed_hash(&[1; 32], "x", &[b"a", b"bc"]),
            keyed_hash(&[1; 32], "x", &[b"abc"]),
        ] {
            assert_ne!(base, other);
        }
    }
}
