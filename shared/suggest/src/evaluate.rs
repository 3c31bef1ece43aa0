//! Trying a model on texts kept apart, and cross-validation that keeps near-identical texts together.

use serde::Serialize;

use crate::{
    folds::{folds, groups},
    metrics::{Metrics, Outcome, metrics},
    model::Model,
    predict::Scratch,
    train::{Example, How, Rules, TrainError, train},
};

/// Outcome of every text.
#[must_use]
pub fn outcomes(model: &Model, on: &[Example<'_>]) -> Vec<Outcome> {
    let mut scratch = Scratch::default();
    let outcomes = on.iter().map(|example| {
        let truth = model.labels().binary_search_by(|l| l.as_str().cmp(example.label)).ok();
        let ranked = model.rank(example.text, &mut scratch);
        Outcome {
            truth,
            confidence: ranked.first().map_or(0.0, |first| first.confidence),
            ranked: ranked.iter().take(3).map(|r| r.label).collect(),
        }
    });
    outcomes.collect()
}

/// Figures of a model on texts.
#[must_use]
pub fn evaluate(model: &Model, on: &[Example<'_>]) -> Metrics {
    metrics(&outcomes(model, on), model.labels().len())
}

/// Mean and spread of a figure over parts.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation between parts.
    pub deviation: f64,
    /// Lowest.
    pub least: f64,
    /// Highest.
    pub most: f64,
}

/// Figures of a cross-validation.
#[derive(Clone, Debug, Serialize)]
pub struct CrossValidated {
    /// Parts.
    pub parts: usize,
    /// Rounds, each with another division.
    pub rounds: u64,
    /// Share of right first proposals.
    pub accuracy: Spread,
    /// Mean F1 of labels.
    pub macro_f1: Spread,
    /// Share among the first three.
    pub top3: Spread,
    /// Calibration error of whole rounds: of a part alone it is mostly chance.
    pub calibration_error: Spread,
    /// The figures over all texts of a round, mean of rounds.
    pub pooled: Metrics,
}

/// Cross-validates: every text is tried by a model that has seen neither it nor its near-twins.
///
/// # Errors
/// When a part has too little to learn from.
pub fn cross_validate(
    examples: &[Example<'_>],
    rules: &Rules,
    how: How,
    parts: usize,
    rounds: u64,
) -> Result<CrossValidated, TrainError> {
    let mut labels: Vec<&str> = examples.iter().map(|e| e.label).collect();
    labels.sort_unstable();
    labels.dedup();
    let number = |label: &str| labels.binary_search(&label).unwrap_or_default();
    let own: Vec<u32> = examples.iter().filter_map(|e| u32::try_from(number(e.label)).ok()).collect();
    let groups = groups(examples.iter().map(|e| e.text));
    let (mut of_parts, mut of_rounds) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let part = folds(&own, &groups, parts, 1000 + round);
        let mut all = Vec::new();
        for held in 0..parts {
            let of = |wanted: bool| -> Vec<Example<'_>> {
                examples.iter().zip(&part).filter(|(_, p)| (**p == held) == wanted).map(|(e, _)| *e).collect()
            };
            let model = train(&of(false), rules, how)?;
            // Labels are numbered as in the whole set, for models of different parts know different ones.
            let whole = |label: usize| model.labels().get(label).map_or(usize::MAX, |l| number(l));
            let test = of(true);
            let mut found = outcomes(&model, &test);
            for (outcome, example) in found.iter_mut().zip(&test) {
                outcome.truth = Some(number(example.label));
                outcome.ranked.iter_mut().for_each(|label| *label = whole(*label));
            }
            of_parts.push(metrics(&found, labels.len()));
            all.extend(found);
        }
        of_rounds.push(metrics(&all, labels.len()));
    }
    Ok(CrossValidated {
        parts,
        rounds,
        accuracy: spread(&of_parts, |m| m.accuracy),
        macro_f1: spread(&of_parts, |m| m.macro_f1),
        top3: spread(&of_parts, |m| m.top3),
        calibration_error: spread(&of_rounds, |m| m.calibration_error),
        pooled: Metrics {
            texts: examples.len(),
            accuracy: spread(&of_rounds, |m| m.accuracy).mean,
            macro_f1: spread(&of_rounds, |m| m.macro_f1).mean,
            top3: spread(&of_rounds, |m| m.top3).mean,
            calibration_error: spread(&of_rounds, |m| m.calibration_error).mean,
        },
    })
}

fn spread(of: &[Metrics], figure: impl Fn(&Metrics) -> f64) -> Spread {
    let values: Vec<f64> = of.iter().map(figure).collect();
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let square = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
    Spread {
        mean,
        deviation: (square / (count - 1.0).max(1.0)).sqrt(),
        least: values.iter().copied().fold(f64::INFINITY, f64::min),
        most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    }
}
