//! The rule of the catalogue (依法分类处理清单): words that speak for a label.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::fold::fold_into;

/// A word, the label it speaks for, and how strongly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The label.
    pub label: String,
    /// The word.
    pub word: String,
    /// From 1.
    pub weight: u32,
}

/// Folded characters there are.
const CHARACTERS: usize = 1 << 16;
/// A word counts at most so often: a text that repeats itself is not surer.
const REPEATS_COUNTED: u32 = 3;

/// The words, ready to look for.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Characters that begin a word, a bit each: most of a text begin none, and the bits stay at hand.
    begins: Vec<u64>,
    by_start: FxHashMap<u32, Vec<usize>>,
    words: Vec<(Vec<u16>, usize, u32)>,
}

impl Words {
    /// Words of known labels; a word of one character says too little and is left out.
    #[must_use]
    pub fn new(labels: &[String], words: &[Word]) -> Self {
        let mut made = Self::default();
        for word in words {
            let Some(label) = labels.iter().position(|l| *l == word.label) else { continue };
            let mut units = Vec::new();
            fold_into(&word.word, &mut units);
            if let (Some(first), Some(second)) = (units.first(), units.get(1)) {
                let key = (u32::from(*first) << 16) | u32::from(*second);
                made.begins.resize(CHARACTERS / 64, 0);
                let bits = made.begins.iter_mut().skip(usize::from(*first) / 64).take(1);
                bits.for_each(|bits| *bits |= 1 << (*first % 64));
                made.by_start.entry(key).or_default().push(made.words.len());
                made.words.push((units, label, word.weight));
            }
        }
        made
    }

    /// Whether there are no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// What the words say of each label, into `out` (one place per label); zero when no word was met.
    pub fn speak(&self, text: &[u16], out: &mut [f32]) {
        out.fill(0.0);
        let mut times = vec![0_u32; self.words.len()];
        self.each_met(text, |word, _| times.iter_mut().skip(word).take(1).for_each(|n| *n += 1));
        for ((_, label, weight), times) in self.words.iter().zip(times) {
            if let Some(sum) = out.get_mut(*label) {
                *sum += (weight * times.min(REPEATS_COUNTED)) as f32;
            }
        }
        out.iter_mut().for_each(|sum| *sum = sum.ln_1p());
    }

    /// Where words of a label stand in a folded text, as ranges.
    #[must_use]
    pub fn met(&self, text: &[u16], label: usize) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        self.each_met(text, |word, at| {
            if let Some((units, _, _)) = self.words.get(word).filter(|w| w.1 == label) {
                found.push((at, at + units.len()));
            }
        });
        found
    }

    fn each_met(&self, text: &[u16], mut each: impl FnMut(usize, usize)) {
        if self.words.is_empty() {
            return;
        }
        for (at, pair) in text.windows(2).enumerate() {
            let [first, second] = *pair else { continue };
            if self.begins.get(usize::from(first) / 64).is_none_or(|bits| bits >> (first % 64) & 1 == 0) {
                continue;
            }
            let key = (u32::from(first) << 16) | u32::from(second);
            for word in self.by_start.get(&key).into_iter().flatten() {
                let Some((units, _, _)) = self.words.get(*word) else { continue };
                if text.get(at..at + units.len()) == Some(units.as_slice()) {
                    each(*word, at);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_speak_for_their_label_at_most_three_times() {
        let labels = vec!["劳动".to_owned(), "城建".to_owned()];
        let word = |label: &str, word: &str, weight| Word { label: label.into(), word: word.into(), weight };
        let words = Words::new(
            &labels,
            &[word("劳动", "拖欠工资", 5), word("城建", "工地", 1), word("无", "工地", 9)],
        );
        let mut text = Vec::new();
        fold_into(&"拖欠工資，工地！".repeat(9), &mut text);
        let mut out = [0.0; 2];
        words.speak(&text, &mut out);
        assert_eq!(out, [15.0_f32.ln_1p(), 3.0_f32.ln_1p()]);
        assert_eq!(words.met(&text, 0).len(), 9);
    }
}
