//! The suggestion engine: how long it learns, how fast it proposes, how soon it finds repeats.
//!
//! Texts are made here, of some 400 characters and seven subjects; the figures on real messages are taken
//! with `lianxi suggest eval` and `lianxi suggest repeats`.

use std::time::Instant;

use anyhow::Context;
use suggest::{Example, How, Rules, Scratch, Standing, at_scale, train};

use crate::report::{Bound, Row};

const TEXTS: u32 = 2500;
const SUBJECTS: u32 = 7;
const CHARACTERS: u32 = 400;
const SUBMISSIONS: usize = 1_000_000;
const RANKED: u32 = 20_000;

/// A number without a pattern, the same on every run.
fn dice(a: u32, b: u32) -> u32 {
    let x = (a ^ b.rotate_left(15)).wrapping_mul(0x85EB_CA6B);
    let x = (x ^ (x >> 13)).wrapping_mul(0xC2B2_AE35);
    x ^ (x >> 16)
}

/// Words of two characters; every third is its subject's, the rest are anybody's.
fn text(number: u32) -> String {
    let word = |at: u32| {
        let chance = dice(number, at);
        let word = if chance.is_multiple_of(3) {
            600 + (number % SUBJECTS) * 80 + (chance >> 8) % 80
        } else {
            (chance >> 8) % 600
        };
        [0x4E00 + word * 17 % 20_000, 0x4E00 + word * 29 % 20_000]
    };
    (0..CHARACTERS / 2).flat_map(word).filter_map(char::from_u32).collect()
}

/// The rows.
pub fn rows() -> anyhow::Result<Vec<Row>> {
    let texts: Vec<String> = (0..TEXTS).map(text).collect();
    let labels: Vec<String> = (0..TEXTS).map(|n| format!("subject {}", n % SUBJECTS)).collect();
    let examples: Vec<Example<'_>> = texts
        .iter()
        .zip(&labels)
        .map(|(text, label)| Example { text, label, standing: Standing::Open })
        .collect();
    let start = Instant::now();
    let model = train(&examples, &Rules::default(), How::default()).context("training")?;
    let learned = start.elapsed().as_secs_f64();
    let mut scratch = Scratch::default();
    let start = Instant::now();
    for text in texts.iter().cycle().take(RANKED as usize) {
        std::hint::black_box(model.rank(text, &mut scratch));
    }
    let speed = f64::from(RANKED) / start.elapsed().as_secs_f64();
    let scale = at_scale(&texts, SUBMISSIONS);
    Ok(vec![
        Row::new("sug", "suggest: training on 2,500 texts", learned, "s")
            .within(Bound::AtMost { must: 5.0, aim: 2.5 }),
        Row::new("sug", "suggest: texts ranked, one thread", speed, "/s")
            .within(Bound::AtLeast { must: 20_000.0, aim: 40_000.0 }),
        Row::new("sug", "suggest: candidates among 1,000,000, 99 %", scale.p99_ms, "ms")
            .within(Bound::AtMost { must: 5.0, aim: 1.0 })
            .noting(format!(
                "mean {:.3} ms, worst {:.3} ms, itself found {:.3}",
                scale.mean_ms, scale.worst_ms, scale.found
            )),
    ])
}
