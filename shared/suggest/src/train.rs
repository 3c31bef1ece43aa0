//! Learning a model from confirmed routings.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    calibrate::Calibration,
    corpus::Corpus,
    duties::duties,
    fold::fold_into,
    folds::{folds, groups},
    judges::{Heard, Learned, judges},
    model::{Model, Origin},
    regions::{Places, Region},
    stack::{Seen, chances, weigh},
    words::{Word, Words},
};

/// How a model is learned. The same examples and the same way give the same model, bit for bit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct How {
    /// Order of texts and parts.
    pub seed: u64,
    /// What an error of the separator costs.
    pub cost: f32,
    /// Passes of the separator.
    pub passes: u32,
    /// A run of fewer texts teaches nothing; one more is asked of sets of [`MANY`] texts and above.
    pub least_texts: u32,
    /// Smoothing of the Bayes judge.
    pub smooth: f32,
    /// Parts among which judges are weighed on texts that they have not seen.
    pub parts: usize,
}

impl Default for How {
    fn default() -> Self {
        Self { seed: 1, cost: 3.0, passes: 12, least_texts: 2, smooth: 1.0, parts: 5 }
    }
}

/// What a submission is to learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// May teach.
    Open,
    /// 检举控告 (Art. 30, 46): never teaches, is never indexed, never shown beside another.
    Accusation,
}

/// A confirmed routing.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    /// Masked text.
    pub text: &'a str,
    /// What a person confirmed or corrected it to.
    pub label: &'a str,
    /// Whether it may teach at all.
    pub standing: Standing,
}

/// The rules that stand beside the text model.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Divisions whose names are labels, or that lie within one; guessed from the labels when empty.
    pub regions: Vec<Region>,
    /// Words of the catalogue.
    pub words: Vec<Word>,
}

/// Why nothing was learned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// Too little to learn from.
    #[error(
        "{texts} texts of {labels} labels are too few: at least {MIN_TEXTS} texts of two labels are needed"
    )]
    TooFew {
        /// Texts that may teach.
        texts: usize,
        /// Labels.
        labels: usize,
    },
    /// More labels than a model holds.
    #[error("{0} labels are too many, {MOST_LABELS} at most")]
    TooMany(usize),
}

/// From so many texts on, a run must come in one more of them: half the runs, the same quality.
pub const MANY: usize = 1500;
/// Fewest texts.
pub const MIN_TEXTS: usize = 10;
/// Most labels.
pub const MOST_LABELS: usize = 1000;

/// Learns a model. Accusations among the examples are left out before anything else is done.
///
/// # Errors
/// When there is too little to learn from.
pub fn train(examples: &[Example<'_>], rules: &Rules, how: How) -> Result<Model, TrainError> {
    let open: Vec<&Example<'_>> = examples.iter().filter(|e| e.standing == Standing::Open).collect();
    let mut labels: Vec<String> = open.iter().map(|e| e.label.to_owned()).collect();
    labels.sort_unstable();
    labels.dedup();
    if open.len() < MIN_TEXTS || labels.len() < 2 {
        return Err(TrainError::TooFew { texts: open.len(), labels: labels.len() });
    }
    if labels.len() > MOST_LABELS {
        return Err(TrainError::TooMany(labels.len()));
    }
    let number = |label: &str| labels.binary_search_by(|l| l.as_str().cmp(label)).unwrap_or_default();
    let own: Vec<u32> = open.iter().map(|e| u32::try_from(number(e.label)).unwrap_or_default()).collect();
    let regions = if rules.regions.is_empty() { Places::guessed(&labels) } else { rules.regions.clone() };
    let places = Places::new(&labels, &regions);
    let mut spoken = rules.words.clone();
    spoken.extend(duties(&labels, &rules.words));
    let words = Words::new(&labels, &spoken);
    let corpus = Corpus::new(open.iter().map(|e| e.text));
    let heard = hear_all(&open, &places, &words);
    let kinds = labels.len();
    let how = How { least_texts: how.least_texts + u32::from(open.len() >= MANY), ..how };
    let groups = groups(open.iter().map(|e| e.text));
    let seen = unseen(&corpus, &own, &groups, kinds, &places, &heard, &how);
    let weights = weigh(&seen, judges(&places), RIDGE);
    let calibration = Calibration::learn(&first_chances(&seen, &weights));
    let all: Vec<usize> = (0..corpus.len()).collect();
    let learned = Learned::learn(&corpus, &all, &own, kinds, &places, &how);
    let origin = Origin { how, data: data_hash(&open), texts: open.len() };
    let regions = regions.into_iter().filter(|r| places.knows(&labels, r)).collect();
    Ok(Model::assemble(labels, &corpus, &learned, weights, calibration, regions, spoken, origin))
}

/// Pull of the judges' weights towards nothing.
const RIDGE: f64 = 1.0;

fn hear_all(open: &[&Example<'_>], places: &Places, words: &Words) -> Vec<Heard> {
    let mut units = Vec::new();
    let hear = open.iter().map(|example| {
        fold_into(example.text, &mut units);
        let mut heard = Heard::default();
        heard.hear(&units, places, words);
        heard
    });
    hear.collect()
}

/// What judges say of texts that they have not learned from.
fn unseen(
    corpus: &Corpus,
    labels: &[u32],
    groups: &[usize],
    kinds: usize,
    places: &Places,
    heard: &[Heard],
    how: &How,
) -> Vec<Seen> {
    let part = folds(labels, groups, how.parts, how.seed);
    let mut seen = Vec::with_capacity(labels.len());
    for held in 0..how.parts {
        let of = |wanted: bool| -> Vec<usize> {
            part.iter().enumerate().filter(|(_, p)| (**p == held) == wanted).map(|(at, _)| at).collect()
        };
        let learned = Learned::learn(corpus, &of(false), labels, kinds, places, how);
        for text in of(true) {
            let (Some(heard), Some(label)) = (heard.get(text), labels.get(text)) else { continue };
            seen.push(Seen { opinions: learned.opinions(corpus, text, heard), label: *label as usize });
        }
    }
    seen
}

fn first_chances(seen: &[Seen], weights: &[f64]) -> Vec<(f64, bool)> {
    let mut out = Vec::new();
    let first = seen.iter().map(|text| {
        chances(&text.opinions, weights, &mut out);
        let best = out.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        best.map_or((0.0, false), |(label, chance)| (*chance, label == text.label))
    });
    first.collect()
}

/// Hash of the examples, in their order.
fn data_hash(open: &[&Example<'_>]) -> String {
    let mut hash = Sha256::new();
    for example in open {
        for part in [example.text, example.label] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
