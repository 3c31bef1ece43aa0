//! Tests of the envelope: round trips, moved cells, cut and flipped bytes, unknown and old keys.

use kernel::{IdMint, ManualClock, UnixMillis};

use super::*;

const NAME: Cell<'_> = Cell { table: "identity", column: "name", row: "xf_1" };
const KEY: Cell<'_> = Cell { table: "submission_key", column: "wrapped", row: "xf_1" };

fn mint() -> IdMint {
    IdMint::seeded(std::sync::Arc::new(ManualClock::at(UnixMillis(0))), 11)
}

fn ring(mint: &IdMint) -> KeyRing {
    KeyRing::new(Secret32::mint(mint), vec![])
}

#[test]
fn a_value_opens_through_its_wrapped_key() {
    let mint = mint();
    let (ring, key) = (ring(&mint), DataKey::mint(&mint));
    let wrapped = ring.wrap(&mint, &KEY, &key).expect("wrap");
    let sealed = key.seal(&mint, &NAME, "张三".as_bytes()).expect("seal");
    assert_eq!((wrapped.as_bytes().len(), sealed.as_bytes().len()), (82, 50 + 6));
    let again = ring.unwrap(&KEY, wrapped.as_bytes()).expect("unwrap");
    assert_eq!(again.open_text(&NAME, sealed.as_bytes()).expect("open").expose(), "张三");
}

#[test]
fn an_empty_value_is_a_value() {
    let mint = mint();
    let key = DataKey::mint(&mint);
    let sealed = key.seal(&mint, &NAME, b"").expect("seal");
    assert_eq!(key.open(&NAME, sealed.as_bytes()).expect("open").expose(), b"");
}

#[test]
fn the_same_value_is_sealed_differently_each_time() {
    let mint = mint();
    let key = DataKey::mint(&mint);
    assert_ne!(key.seal(&mint, &NAME, b"a"), key.seal(&mint, &NAME, b"a"));
}

#[test]
fn a_value_opens_in_its_own_cell_only() {
    let mint = mint();
    let key = DataKey::mint(&mint);
    let sealed = key.seal(&mint, &NAME, b"secret").expect("seal");
    let others = [
        Cell { row: "xf_2", ..NAME },
        Cell { column: "telephone", ..NAME },
        Cell { table: "archive", ..NAME },
        // The same letters, cut at another place: lengths are part of the associated data.
        Cell { table: "identityn", column: "ame", row: "xf_1" },
    ];
    for cell in others {
        assert_eq!(key.open(&cell, sealed.as_bytes()).expect_err("moved"), SealError::Altered, "{cell:?}");
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_seen() {
    let mint = mint();
    let key = DataKey::mint(&mint);
    let stored = key.seal(&mint, &NAME, b"secret").expect("seal").into_bytes();
    for at in 0..stored.len() {
        for bit in 0..8 {
            let mut bent = stored.clone();
            bent[at] ^= 1 << bit;
            let error = key.open(&NAME, &bent).expect_err("bent");
            let fits = match at {
                0 => matches!(error, SealError::UnknownFormat(_)),
                1 => matches!(error, SealError::UnknownAlgorithm(_)),
                2..10 => matches!(error, SealError::UnknownKey(_)),
                _ => error == SealError::Altered,
            };
            assert!(fits, "byte {at} bit {bit}: {error}");
        }
        let error = key.open(&NAME, &stored[..at]).expect_err("cut");
        assert!(matches!(error, SealError::Truncated | SealError::Altered), "{at}: {error}");
    }
}

#[test]
fn another_data_key_is_named_in_the_error() {
    let mint = mint();
    let (key, other) = (DataKey::mint(&mint), DataKey::mint(&mint));
    let sealed = key.seal(&mint, &NAME, b"secret").expect("seal");
    assert_eq!(other.open(&NAME, sealed.as_bytes()).expect_err("other key"), SealError::UnknownKey(key.id()));
}

#[test]
fn a_wrapped_key_is_no_cell_and_is_bound_to_its_row() {
    let mint = mint();
    let (ring, key) = (ring(&mint), DataKey::mint(&mint));
    let wrapped = ring.wrap(&mint, &KEY, &key).expect("wrap");
    assert_eq!(
        ring.unwrap(&Cell { row: "xf_2", ..KEY }, wrapped.as_bytes()).expect_err("moved"),
        SealError::Altered
    );
    assert!(matches!(key.open(&KEY, wrapped.as_bytes()), Err(SealError::UnknownKey(_))));
}

#[test]
fn an_old_kek_unwraps_and_rewraps_and_a_lost_one_is_named() {
    let mint = mint();
    let (first, second) = (Secret32::mint(&mint), Secret32::mint(&mint));
    let before = KeyRing::new(first.clone(), vec![]);
    let key = DataKey::mint(&mint);
    let old = before.wrap(&mint, &KEY, &key).expect("wrap");

    let after = KeyRing::new(second.clone(), vec![first]);
    assert_eq!(after.unwrap(&KEY, old.as_bytes()).expect("old").id(), key.id());
    let new = after.rewrap(&mint, &KEY, old.as_bytes()).expect("rewrap").expect("was old");
    assert_eq!(after.rewrap(&mint, &KEY, new.as_bytes()).expect("rewrap"), None);

    let alone = KeyRing::new(second, vec![]);
    assert_eq!(alone.unwrap(&KEY, new.as_bytes()).expect("new").id(), key.id());
    assert_eq!(
        alone.unwrap(&KEY, old.as_bytes()).expect_err("lost"),
        SealError::UnknownKey(before.current())
    );
}

#[test]
fn a_value_over_the_limit_is_refused() {
    let mint = mint();
    let plain = vec![0; MAX_PLAIN_BYTES + 1];
    let error = DataKey::mint(&mint).seal(&mint, &NAME, &plain).expect_err("too long");
    assert_eq!(error, SealError::TooLong { bytes: MAX_PLAIN_BYTES + 1, limit: MAX_PLAIN_BYTES });
}

#[test]
fn nothing_of_a_key_is_printed() {
    let ring = KeyRing::new(Secret32::from([0x5a; 32]), vec![Secret32::from([0x5b; 32])]);
    let key = DataKey::of(Secret32::from([0x5c; 32]));
    let shown = format!("{ring:?} {key:?}");
    for hidden in ["5a5a", "5b5b", "5c5c", "90, 90", "91, 91", "92, 92"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

/// The stored format is frozen: this value, made in Python (PyNaCl) from the doc comments, opens for ever.
#[test]
fn the_first_format_opens_for_ever() {
    let key = DataKey::of(Secret32::from([7; 32]));
    let stored = hex::decode(FROZEN).expect("hex");
    assert_eq!(key.open_text(&NAME, &stored).expect("frozen").expose(), "联席");
}

const FROZEN: &str = "0101cf4126c4462c8f49000102030405060708090a0b0c0d0e0f1011121314151617\
    40963f6042b129a25f7f274ec568504060da26dccbdb";
