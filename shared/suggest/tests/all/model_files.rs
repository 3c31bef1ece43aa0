//! A model file that is not whole is refused with a reason, whatever is wrong with it.

use crate::fiction::by_agency;
use suggest::{Example, FormatError, How, Model, Rules, Standing, train};

fn file() -> Vec<u8> {
    let data = by_agency(12);
    let examples: Vec<Example<'_>> =
        data.iter().map(|(text, label)| Example { text, label, standing: Standing::Open }).collect();
    let mut out = Vec::new();
    train(&examples, &Rules::default(), How::default()).expect("model").write(&mut out).expect("written");
    out
}

/// Numbers without a pattern, the same on every run.
fn dice(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize
}

#[test]
fn every_changed_byte_is_found() {
    let whole = file();
    let mut seed = 7;
    for _ in 0..300 {
        let mut bytes = whole.clone();
        let at = dice(&mut seed) % bytes.len();
        bytes[at] ^= 1 << (dice(&mut seed) % 8);
        assert!(Model::read(bytes.as_slice()).is_err(), "byte {at}");
    }
}

#[test]
fn every_length_but_the_whole_is_found() {
    let whole = file();
    let mut seed = 11;
    let cuts = (0..60).chain((0..100).map(|_| dice(&mut seed) % whole.len()));
    for cut in cuts.collect::<Vec<_>>() {
        assert!(Model::read(&whole[..cut]).is_err(), "cut at {cut}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert!(matches!(Model::read(longer.as_slice()), Err(FormatError::Damaged(_))));
}

#[test]
fn noise_is_foreign_and_another_version_is_named() {
    assert!(matches!(Model::read(&b"not a model at all"[..]), Err(FormatError::Foreign)));
    let mut bytes = file();
    bytes[8] = 9;
    let error = Model::read(bytes.as_slice()).expect_err("version");
    assert!(error.to_string().contains("version 9"), "{error}");
}

#[test]
fn sizes_that_lie_ask_for_no_room_even_under_a_right_hash() {
    use sha2::{Digest, Sha256};
    let whole = file();
    let mut seed = 3;
    for round in 0..200 {
        let mut body = whole[44..].to_vec();
        // The size of the head first, then any eight bytes of the body.
        let at = if round == 0 { 0 } else { dice(&mut seed) % (body.len() - 8) };
        for byte in &mut body[at..at + 8] {
            *byte = dice(&mut seed) as u8;
        }
        let mut bytes = whole[..12].to_vec();
        bytes.extend(Sha256::digest(&body));
        bytes.extend(body);
        // Refused, or a model with other numbers; never a panic, never gigabytes.
        if let Ok(model) = Model::read(bytes.as_slice()) {
            model.rank("东风县路灯不亮", &mut suggest::Scratch::default());
        }
    }
}
