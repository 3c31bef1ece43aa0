//! Proposing: one ranked list from text, rules and commonness, with calibrated confidence.

use crate::{
    corpus::damp,
    fold::fold_into,
    grams::each_gram,
    judges::{GROUPED, Heard, PLAIN},
    model::Model,
};

/// A proposal that stands alone is at least this sure.
pub const SURE: f64 = 0.7;
/// Proposals shown when none is sure.
pub const COMPETING: usize = 3;
/// A third one that is less likely than this does not compete.
const FAINT: f64 = 0.05;

/// One label of the ranked list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Its number in the model.
    pub label: usize,
    /// Chance that it is right, 0 to 1.
    pub confidence: f64,
}

/// Room to work in, kept between texts so that none is asked for per text.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(crate) units: Vec<u16>,
    counts: Vec<u32>,
    touched: Vec<u32>,
    scores: Vec<f32>,
    pub(crate) heard: Heard,
    chances: Vec<f64>,
    ranked: Vec<Ranked>,
}

impl Model {
    /// Ranks every label for a text, best first.
    pub fn rank<'s>(&self, text: &str, scratch: &'s mut Scratch) -> &'s [Ranked] {
        fold_into(text, &mut scratch.units);
        self.score(scratch);
        scratch.heard.hear(&scratch.units, &self.places, &self.words);
        self.weigh_up(scratch);
        &scratch.ranked
    }

    /// Scores of every lane, from the text alone.
    fn score(&self, scratch: &mut Scratch) {
        let Scratch { units, counts, touched, scores, .. } = scratch;
        counts.resize(self.idf.len(), 0);
        touched.clear();
        each_gram(units, |key, times| {
            let Some(row) = self.table.row(key) else { return false };
            if let Some(count) = counts.get_mut(row as usize) {
                if *count == 0 {
                    touched.push(row);
                }
                *count += times;
            }
            true
        });
        scores.clear();
        scores.resize(self.weights.lanes, 0.0);
        let mut square = 0.0_f32;
        for row in touched.iter() {
            let (Some(count), Some(idf)) = (counts.get_mut(*row as usize), self.idf.get(*row as usize))
            else {
                continue;
            };
            let value = damp(std::mem::take(count)) * idf;
            square += value * value;
            self.weights.add_row(*row as usize, value, scores);
        }
        let scale = if square > 0.0 { square.sqrt().recip() } else { 0.0 };
        scores.iter_mut().for_each(|score| *score *= scale);
        self.weights.add_row(self.idf.len(), 1.0, scores);
    }

    /// Adds what the rules say, makes chances of it, and ranks.
    fn weigh_up(&self, scratch: &mut Scratch) {
        let Scratch { scores, heard, chances, ranked, .. } = scratch;
        let judges = &self.head.judges;
        let judge = |at: usize| judges.get(at).copied().unwrap_or_default();
        let side = scores.get(self.head.labels.len()).copied().unwrap_or_default();
        let divided = self.places.divide();
        chances.clear();
        for (label, (score, common)) in scores.iter().zip(&self.head.common).enumerate() {
            let [words, share] = heard.word_opinions(label);
            let mut sum = f64::from(*score) + judge(2) * f64::from(*common);
            sum += judge(3) * f64::from(words) + judge(4) * f64::from(share);
            if divided {
                // The first and third of these are in the text's weights already.
                let [_, unnamed, _, usual, aside, against] = heard.group_opinions(label, side, 0.0, *common);
                sum += judge(PLAIN + 1) * f64::from(unnamed) + judge(PLAIN + 3) * f64::from(usual);
                sum += judge(PLAIN + 4) * f64::from(aside) + judge(PLAIN + 5) * f64::from(against);
                let features = heard.features.get(label).into_iter().flatten();
                let weights = judges.iter().skip(PLAIN + GROUPED);
                sum += features.zip(weights).map(|(f, w)| f64::from(*f) * w).sum::<f64>();
            }
            chances.push(sum);
        }
        let most = chances.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        chances.iter_mut().for_each(|c| *c = (*c - most).exp());
        let sum: f64 = chances.iter().sum();
        ranked.clear();
        ranked.extend(chances.iter().enumerate().map(|(label, c)| Ranked { label, confidence: c / sum }));
        ranked.sort_unstable_by(|a, b| {
            b.confidence.total_cmp(&a.confidence).then_with(|| a.label.cmp(&b.label))
        });
        // The first says what came true for it; the others share what is left.
        let Some(first) = ranked.first_mut() else { return };
        let rest = 1.0 - first.confidence;
        first.confidence = self.head.calibration.of(first.confidence);
        let (top, left) = (first.confidence, 1.0 - first.confidence);
        for other in ranked.iter_mut().skip(1) {
            let share = if rest > 0.0 { other.confidence / rest * left } else { 0.0 };
            other.confidence = share.min(top);
        }
    }
}

/// What is shown of a ranked list: the sure one alone, or the two or three that compete.
#[must_use]
pub fn shown(ranked: &[Ranked]) -> &[Ranked] {
    let sure = ranked.first().is_some_and(|first| first.confidence >= SURE);
    let count = if sure {
        1
    } else {
        COMPETING - usize::from(ranked.get(2).is_some_and(|third| third.confidence < FAINT))
    };
    ranked.get(..count.min(ranked.len())).unwrap_or(ranked)
}

/// Whether the first of a ranked list is sure enough to stand alone.
#[must_use]
pub fn is_sure(ranked: &[Ranked]) -> bool {
    ranked.first().is_some_and(|first| first.confidence >= SURE)
}
