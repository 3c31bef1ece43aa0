//! A text's sketch: 126 bytes from which likeness can be judged and no word can be read back.
//!
//! MinHash (Broder 1997) over runs of two and three characters, a repeated run counted as often as it
//! comes; one hash a run (Li, Owen and Zhang 2012), empty places filled as Shrivastava (2017) does; of each
//! minimum one byte is kept (b-bit MinHash, Li and König 2010).

use crate::{
    fold::{BREAK, fold_exactly},
    grams::mix,
};

/// Minima in a sketch.
pub const MINIMA: usize = 126;
/// Minima that must agree for two texts to meet in a band.
pub const PER_BAND: usize = 3;
/// Bands.
pub const BANDS: usize = MINIMA / PER_BAND;

/// The sketch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch(pub [u8; MINIMA]);

/// What stored sketches are made under. Without it, whoever holds the sketch of a short text could try every
/// word; sketches under different secrets say nothing of each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u64; 2]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// Makes it of key material.
    #[must_use]
    pub const fn of(material: [u8; 16]) -> Self {
        let both = u128::from_le_bytes(material);
        Self([both as u64, (both >> 64) as u64])
    }

    /// Spreads a key under the secret.
    const fn spread(self, key: u64) -> u64 {
        let [first, second] = self.0;
        mix(mix(key ^ first) ^ second)
    }
}

/// Calls `each` with every run of two and three characters; marks count as nothing at all, so that other
/// punctuation does not make another text.
pub fn each_run(units: &[u16], mut each: impl FnMut(u64)) {
    let (mut last, mut before) = (0_u64, 0_u64);
    for unit in units.iter().copied().filter(|u| *u != BREAK).map(u64::from) {
        if last != 0 {
            each((last << 16) | unit);
        }
        if before != 0 {
            each((before << 32) | (last << 16) | unit);
        }
        (before, last) = (last, unit);
    }
}

/// Counted runs of a text, in order of their keys.
#[must_use]
pub fn counted(text: &str) -> Vec<(u64, u32)> {
    let units: Vec<u16> = text.chars().map(fold_exactly).collect();
    let mut runs = Vec::with_capacity(units.len() * 2);
    each_run(&units, |key| runs.push(key));
    runs.sort_unstable();
    let count = |run: &[u64]| run.first().map(|key| (*key, u32::try_from(run.len()).unwrap_or(u32::MAX)));
    runs.chunk_by(|a, b| a == b).filter_map(count).collect()
}

/// Cosine of two counted texts.
#[must_use]
pub fn cosine(a: &[(u64, u32)], b: &[(u64, u32)]) -> f64 {
    let length = |of: &[(u64, u32)]| of.iter().map(|(_, n)| f64::from(*n).powi(2)).sum::<f64>().sqrt();
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    let mut dot = 0.0;
    while let (Some((x, n)), Some((y, m))) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                dot += f64::from(*n) * f64::from(*m);
                left.next();
                right.next();
            }
        }
    }
    let lengths = length(a) * length(b);
    if lengths > 0.0 { dot / lengths } else { 0.0 }
}

impl Sketch {
    /// Sketches a text; a text of fewer than two characters has none.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::of_runs(&counted(text))
    }

    /// Sketches a text for keeping: without the secret nothing of it can be tried out.
    #[must_use]
    pub fn under(secret: Secret, text: &str) -> Option<Self> {
        Self::made_of(&counted(text), |key| secret.spread(key))
    }

    /// Sketches counted runs.
    #[must_use]
    pub fn of_runs(runs: &[(u64, u32)]) -> Option<Self> {
        Self::made_of(runs, mix)
    }

    fn made_of(runs: &[(u64, u32)], spread: impl Fn(u64) -> u64) -> Option<Self> {
        if runs.is_empty() {
            return None;
        }
        let mut minima = [None; MINIMA];
        for (key, count) in runs {
            for time in 0..u64::from((*count).min(MOST_TIMES)) {
                let hash = spread(key ^ (time << 56));
                // One half says which minimum the run may be, the other its value.
                let at = ((hash >> 32) * MINIMA as u64) >> 32;
                let value = hash as u32;
                if let Some(minimum) = minima.get_mut(at as usize) {
                    *minimum = Some(minimum.map_or(value, |least: u32| least.min(value)));
                }
            }
        }
        let byte = |value: u32| (value.wrapping_mul(0xC2B2_AE35) >> 24) as u8;
        let mut sketch = [0_u8; MINIMA];
        for (at, slot) in (0_u64..).zip(sketch.iter_mut()) {
            *slot = lent(&minima, at).map_or(0, byte);
        }
        Some(Self(sketch))
    }

    /// How many minima two sketches share.
    #[must_use]
    pub fn shared(&self, other: &[u8]) -> usize {
        self.0.iter().zip(other).filter(|(a, b)| a == b).count()
    }
}

/// A minimum of its own, or that of another place, the same one for every text: in a short text not every place
/// has a run.
fn lent(minima: &[Option<u32>; MINIMA], at: u64) -> Option<u32> {
    let own = minima.get(at as usize).copied().flatten();
    let place = |attempt: u64| ((mix((at << 32) | attempt) >> 32) * MINIMA as u64) >> 32;
    let other = (1..LENT_AFTER).map(place);
    own.or_else(|| other.filter_map(|from| minima.get(from as usize).copied().flatten()).next())
}

/// Places asked for a minimum; that none of them has a run is as good as impossible.
const LENT_AFTER: u64 = 1 << 14;

/// A run counts at most so often: a text that repeats itself a thousand times costs no thousandfold.
const MOST_TIMES: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_script_and_width_do_not_matter() {
        let a = Sketch::of("东风路的路灯坏了，三个月没有人修。").expect("sketch");
        assert_eq!(a, Sketch::of("東風路的路燈壞了三個月沒有人修！！").expect("sketch"));
        assert_eq!(Sketch::of("。"), None);
        assert_eq!(Sketch::of("一"), None);
    }

    #[test]
    fn under_another_secret_the_same_text_is_another_sketch() {
        let text = "东风路的路灯坏了，三个月没有人修，夜里老人不敢出门。";
        let under = |secret| Sketch::under(Secret(secret), text).expect("sketch");
        assert_eq!(under([1, 2]), under([1, 2]));
        assert!(under([1, 2]).shared(&under([1, 3]).0) < 8);
        assert!(under([1, 2]).shared(&Sketch::of(text).expect("open").0) < 8);
        assert_eq!(Sketch::under(Secret([1, 2]), "。"), None);
    }

    #[test]
    fn shared_minima_follow_likeness() {
        let base: String = (0..300_u32).filter_map(|i| char::from_u32(0x4E00 + i * 7)).collect();
        let mut other: Vec<char> = base.chars().collect();
        for at in (0..300).step_by(12) {
            other[at] = '啊';
        }
        let other: String = other.into_iter().collect();
        let (a, b) = (counted(&base), counted(&other));
        assert!((0.70..0.90).contains(&cosine(&a, &b)), "{}", cosine(&a, &b));
        let (a, b) = (Sketch::of_runs(&a).expect("a"), Sketch::of_runs(&b).expect("b"));
        assert!(a.shared(&b.0) > 128 * 5 / 10, "{}", a.shared(&b.0));
        let far: String = (0..300_u32).filter_map(|i| char::from_u32(0x6E00 + i * 7)).collect();
        assert!(a.shared(&Sketch::of(&far).expect("far").0) < 8);
    }
}
