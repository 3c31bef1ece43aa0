//! How good proposals are, on texts that were kept apart.

use serde::{Deserialize, Serialize};

/// Bins of the calibration error.
const BINS: usize = 15;

/// One text's outcome.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The true label; none when the model does not know it.
    pub truth: Option<usize>,
    /// Proposed labels, best first.
    pub ranked: Vec<usize>,
    /// How sure of the first.
    pub confidence: f64,
}

/// Figures over a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Texts.
    pub texts: usize,
    /// Share whose first proposal is right.
    pub accuracy: f64,
    /// Mean of the labels' F1, over labels that occur or were proposed.
    pub macro_f1: f64,
    /// Share with the right one among the first three.
    pub top3: f64,
    /// Expected calibration error of the first, fifteen equal bins.
    #[serde(rename = "expected_calibration_error")]
    pub calibration_error: f64,
}

/// Works the figures out.
#[must_use]
pub fn metrics(outcomes: &[Outcome], labels: usize) -> Metrics {
    let total = outcomes.len().max(1) as f64;
    let right = |o: &Outcome| o.truth.is_some() && o.ranked.first().copied() == o.truth;
    let share = |test: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|o| test(o)).count() as f64 / total;
    Metrics {
        texts: outcomes.len(),
        accuracy: share(&right),
        macro_f1: macro_f1(outcomes, labels),
        top3: share(&|o| o.truth.is_some_and(|t| o.ranked.iter().take(3).any(|r| *r == t))),
        calibration_error: calibration_error(outcomes, &right),
    }
}

fn macro_f1(outcomes: &[Outcome], labels: usize) -> f64 {
    let mut sum = 0.0;
    let mut occurring = 0_u32;
    // One more label stands for all that the model does not know.
    for label in 0..=labels {
        let (mut hit, mut wrong, mut missed) = (0.0, 0.0, 0.0);
        for outcome in outcomes {
            let truth = outcome.truth.unwrap_or(labels) == label;
            let said = outcome.ranked.first() == Some(&label);
            match (truth, said) {
                (true, true) => hit += 1.0,
                (false, true) => wrong += 1.0,
                (true, false) => missed += 1.0,
                (false, false) => {}
            }
        }
        if hit + wrong + missed > 0.0 {
            occurring += 1;
            sum += 2.0 * hit / (2.0 * hit + wrong + missed);
        }
    }
    sum / f64::from(occurring.max(1))
}

fn calibration_error(outcomes: &[Outcome], right: &dyn Fn(&Outcome) -> bool) -> f64 {
    let mut bins = [(0.0_f64, 0.0_f64); BINS];
    for outcome in outcomes {
        let at = ((outcome.confidence * BINS as f64) as usize).min(BINS - 1);
        if let Some((sure, hits)) = bins.get_mut(at) {
            *sure += outcome.confidence;
            *hits += if right(outcome) { 1.0 } else { 0.0 };
        }
    }
    bins.iter().map(|(sure, hits)| (sure - hits).abs()).sum::<f64>() / outcomes.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_worked_by_hand() {
        let one =
            |truth, ranked: &[usize], confidence| Outcome { truth, ranked: ranked.to_vec(), confidence };
        let outcomes = [
            one(Some(0), &[0, 1, 2], 0.9),
            one(Some(0), &[1, 0, 2], 0.5),
            one(Some(1), &[1, 2, 0], 0.9),
            one(None, &[1, 2, 0], 0.5),
        ];
        let m = metrics(&outcomes, 3);
        assert_eq!((m.texts, m.accuracy, m.top3), (4, 0.5, 0.75));
        // F1: label 0 2/3, label 1 2/4, unknown 0; label 2 does not occur.
        assert!((m.macro_f1 - (2.0 / 3.0 + 0.5) / 3.0).abs() < 1e-12);
        // Bins: 0.9 twice, both right (0.2 short); 0.5 twice, none right (1.0 over).
        assert!((m.calibration_error - 1.2 / 4.0).abs() < 1e-12);
    }
}
