//! Runs of one to four characters, each packed into one number.

use crate::fold::BREAK;

/// Longest run.
pub const LONGEST: usize = 4;
/// So many characters open a text and mostly say what it is about: runs that begin there count twice.
pub const OPENING: usize = 30;

/// Calls `each` with the key of every run of one to four characters and how often it counts; a run never
/// crosses a break. Where `each` says false, no longer run from the same start is asked for: whoever does
/// not know a run knows none that begins with it.
pub fn each_gram(units: &[u16], mut each: impl FnMut(u64, u32) -> bool) {
    for start in 0..units.len() {
        let mut key = 0_u64;
        let times = if start < OPENING { 2 } else { 1 };
        let end = units.len().min(start + LONGEST);
        for unit in units.get(start..end).unwrap_or(&[]) {
            key = (key << 16) | u64::from(*unit);
            if *unit == BREAK || !each(key, times) {
                break;
            }
        }
    }
}

/// Spreads a key over 64 bits (the finisher of SplitMix64).
#[must_use]
pub const fn mix(key: u64) -> u64 {
    let x = (key ^ (key >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold_into;

    /// How many characters a key stands for.
    fn length_of(key: u64) -> usize {
        4 - (key.leading_zeros() as usize / 16)
    }

    #[test]
    fn runs_stay_within_breaks() {
        let mut units = Vec::new();
        fold_into("拖欠，工资", &mut units);
        let mut seen = Vec::new();
        each_gram(&units, |key, _| {
            seen.push(length_of(key));
            true
        });
        assert_eq!(seen, [1, 2, 1, 1, 2, 1]);
    }

    #[test]
    fn the_opening_counts_twice() {
        let mut times = Vec::new();
        each_gram(&[0x4E00; OPENING + 1], |key, n| {
            if length_of(key) == 1 {
                times.push(n);
            }
            true
        });
        assert_eq!((times.first(), times.last()), (Some(&2), Some(&1)));
    }
}
