//! A learned model: labels, runs, weights, rules; and where it comes from.

use serde::{Deserialize, Serialize};

use crate::{
    calibrate::Calibration,
    corpus::Corpus,
    judges::{Learned, PLAIN},
    metrics::Metrics,
    regions::{Places, Region},
    solve::Weights,
    table::Table,
    train::How,
    words::{Word, Words},
};

/// Where a model comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// How it was learned.
    pub how: How,
    /// SHA-256 of the examples.
    pub data: String,
    /// How many texts taught it.
    pub texts: usize,
}

/// What of a model is words and numbers; the rest are arrays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Labels, in order.
    pub labels: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Weights of the judges.
    pub judges: Vec<f64>,
    /// How sure it may say it is.
    pub calibration: Calibration,
    /// Logarithm of each label's share.
    pub common: Vec<f32>,
    /// Divisions of the rule of place.
    pub regions: Vec<Region>,
    /// Words of the catalogue.
    pub words: Vec<Word>,
    /// Figures on texts kept apart, when it was tried.
    pub metrics: Option<Metrics>,
}

/// A model, ready to propose.
#[derive(Clone, Debug)]
pub struct Model {
    /// Words and numbers.
    pub head: Head,
    /// Runs, by row.
    pub(crate) keys: Vec<u64>,
    /// How rare each is.
    pub(crate) idf: Vec<f32>,
    /// Weights of every label, one lane more for a place's matter; the bias in the last row.
    pub(crate) weights: Weights,
    pub(crate) table: Table,
    pub(crate) places: Places,
    pub(crate) words: Words,
}

impl Model {
    /// Folds the judges that read the text into one weight per run and label.
    #[expect(clippy::too_many_arguments, reason = "the parts of a model, each named once")]
    pub(crate) fn assemble(
        labels: Vec<String>,
        corpus: &Corpus,
        learned: &Learned,
        judges: Vec<f64>,
        calibration: Calibration,
        regions: Vec<Region>,
        words: Vec<Word>,
        origin: Origin,
    ) -> Self {
        let kinds = labels.len();
        let places = Places::new(&labels, &regions);
        let judge = |at: usize| judges.get(at).copied().unwrap_or_default() as f32;
        let rows = learned.weighing.idf.len();
        let mut weights = Weights::zero(rows + 1, kinds + 1);
        let lanes = weights.lanes;
        for (row, out) in weights.values.chunks_exact_mut(lanes).enumerate() {
            let bayes = learned.bayes.row(row);
            let mean = bayes.iter().take(kinds).sum::<f32>() / kinds as f32;
            let side =
                learned.grouped.as_ref().map_or(0.0, |(s, _)| s.row(row).get(1).copied().unwrap_or(0.0));
            for (label, cell) in out.iter_mut().enumerate().take(kinds) {
                let of = |weights: &Weights| weights.row(row).get(label).copied().unwrap_or_default();
                *cell = judge(0) * of(&learned.separator) + judge(1) * (of(&learned.bayes) - mean);
                if let Some((_, others)) = &learned.grouped {
                    let place = places.is_place.get(label).copied().unwrap_or(false);
                    *cell += if place { judge(PLAIN) * side } else { judge(PLAIN + 2) * of(others) };
                }
            }
            out.iter_mut().skip(kinds).take(1).for_each(|cell| *cell = side);
        }
        let mut keys = vec![0_u64; rows];
        for (key, row) in corpus.keys.iter().zip(&learned.weighing.row) {
            if let Some(slot) = row.and_then(|row| keys.get_mut(row as usize)) {
                *slot = *key;
            }
        }
        let common = learned.common.clone();
        let head = Head { labels, origin, judges, calibration, common, regions, words, metrics: None };
        Self::of_parts(head, keys, learned.weighing.idf.clone(), weights)
    }

    /// Makes the tables that are looked things up in.
    pub(crate) fn of_parts(head: Head, keys: Vec<u64>, idf: Vec<f32>, weights: Weights) -> Self {
        let table = Table::new(&keys);
        let places = Places::new(&head.labels, &head.regions);
        let words = Words::new(&head.labels, &head.words);
        Self { head, keys, idf, weights, table, places, words }
    }

    /// The labels.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.head.labels
    }

    /// How many runs it knows.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.keys.len()
    }

    /// Takes the place's own list of divisions for the rule of place.
    pub fn use_regions(&mut self, regions: &[Region]) {
        let places = Places::new(&self.head.labels, regions);
        // A list that knows no label teaches nothing; the model keeps what it learned with.
        if places.divide() {
            self.places = places;
        }
    }
}
