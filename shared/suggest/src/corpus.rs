//! Texts as counts of runs, made once; every learner takes a part of them.

use rustc_hash::FxHashMap;

use crate::{fold::fold_into, grams::each_gram};

/// Counted texts.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Key of each run, by its number.
    pub keys: Vec<u64>,
    starts: Vec<usize>,
    entries: Vec<(u32, u32)>,
}

impl Corpus {
    /// Counts the runs of texts.
    #[must_use]
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
        let mut corpus = Self { starts: vec![0], ..Self::default() };
        let (mut units, mut ids) = (Vec::new(), Vec::new());
        for text in texts {
            fold_into(text, &mut units);
            ids.clear();
            each_gram(&units, |key, times| {
                let next = u32::try_from(corpus.keys.len()).unwrap_or(u32::MAX);
                let id = *numbers.entry(key).or_insert(next);
                if id == next {
                    corpus.keys.push(key);
                }
                ids.extend(std::iter::repeat_n(id, times as usize));
                true
            });
            ids.sort_unstable();
            for run in ids.chunk_by(|a, b| a == b) {
                let count = u32::try_from(run.len()).unwrap_or(u32::MAX);
                corpus.entries.extend(run.first().map(|id| (*id, count)));
            }
            corpus.starts.push(corpus.entries.len());
        }
        corpus
    }

    /// How many texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Runs of a text with their counts.
    #[must_use]
    pub fn counts(&self, text: usize) -> &[(u32, u32)] {
        let (Some(from), Some(to)) = (self.starts.get(text), self.starts.get(text + 1)) else { return &[] };
        self.entries.get(*from..*to).unwrap_or(&[])
    }
}

/// How much each run says, learned from a part of the corpus, and which are used at all.
#[derive(Clone, Debug)]
pub struct Weighing {
    /// Per run of the corpus: its row, or none.
    pub row: Vec<Option<u32>>,
    /// Per row: how rare it is.
    pub idf: Vec<f32>,
}

impl Weighing {
    /// Learns it from the texts `part`; runs of fewer than `least` texts are left out.
    #[must_use]
    pub fn learn(corpus: &Corpus, part: &[usize], least: u32) -> Self {
        let mut texts = vec![0_u32; corpus.keys.len()];
        for text in part {
            for (id, _) in corpus.counts(*text) {
                if let Some(n) = texts.get_mut(*id as usize) {
                    *n += 1;
                }
            }
        }
        let total = part.len() as f32;
        // The commonest first: what most texts read lies together in memory.
        let mut used: Vec<usize> =
            (0..texts.len()).filter(|id| texts.get(*id).is_some_and(|n| *n >= least)).collect();
        used.sort_by_key(|id| std::cmp::Reverse(texts.get(*id).copied()));
        let mut row = vec![None; texts.len()];
        let mut idf = Vec::with_capacity(used.len());
        for id in used {
            let n = texts.get(id).copied().unwrap_or_default();
            row.iter_mut().skip(id).take(1).for_each(|row| *row = u32::try_from(idf.len()).ok());
            idf.push(((1.0 + total) / (1.0 + n as f32)).ln() + 1.0);
        }
        Self { row, idf }
    }

    /// Rows and values of a text, of length one.
    pub fn vector(&self, corpus: &Corpus, text: usize, out: &mut Vec<(u32, f32)>) {
        out.clear();
        let mut square = 0.0_f32;
        for (id, count) in corpus.counts(text) {
            let Some(Some(row)) = self.row.get(*id as usize) else { continue };
            let idf = self.idf.get(*row as usize).copied().unwrap_or_default();
            let value = damp(*count) * idf;
            square += value * value;
            out.push((*row, value));
        }
        let scale = if square > 0.0 { square.sqrt().recip() } else { 0.0 };
        out.iter_mut().for_each(|(_, value)| *value *= scale);
    }
}

/// A run that comes often counts little more than one that comes once.
#[must_use]
pub fn damp(count: u32) -> f32 {
    // Most runs come once or twice; a logarithm for each would be most of the work.
    match count {
        1 => 1.0,
        2 => 1.0 + std::f32::consts::LN_2,
        _ => 1.0 + (count as f32).ln(),
    }
}
