//! What is said of each label before it is weighed: two text models, how common a label is, the rules.

use crate::{
    bayes::complement,
    corpus::{Corpus, Weighing},
    regions::{FEATURES, Mention, Places, features},
    solve::{Hinge, Vectors, Weights, separate},
    train::How,
    words::Words,
};

/// Judges of every model: separator, Bayes, commonness, words of the catalogue, their share of all words met.
pub const PLAIN: usize = 5;
/// Judges more where some labels are places and some are not: how much the text sounds like a place's
/// matter, the same and commonness where no place is named, the separator among the others, the words of the
/// others where a place is named, and what those words say against a place.
pub const GROUPED: usize = 6;

/// How many judges there are.
#[must_use]
pub fn judges(places: &Places) -> usize {
    PLAIN + if places.divide() { GROUPED + FEATURES } else { 0 }
}

/// Text models learned from one part of a corpus.
pub struct Learned {
    /// Which runs are used, and how rare each is.
    pub weighing: Weighing,
    /// Separator of every label.
    pub separator: Weights,
    /// Bayes of every label.
    pub bayes: Weights,
    /// A place's matter or not (lane 1), and the separator among the other labels.
    pub grouped: Option<(Weights, Weights)>,
    /// Logarithm of each label's share.
    pub common: Vec<f32>,
}

impl Learned {
    /// Learns from the texts `part`.
    #[must_use]
    pub fn learn(
        corpus: &Corpus,
        part: &[usize],
        labels: &[u32],
        kinds: usize,
        places: &Places,
        how: &How,
    ) -> Self {
        let weighing = Weighing::learn(corpus, part, how.least_texts);
        let mut vectors = Vectors::default();
        let mut vector = Vec::new();
        for text in part {
            weighing.vector(corpus, *text, &mut vector);
            vectors.push(&vector);
        }
        let own: Vec<u32> = part.iter().filter_map(|text| labels.get(*text).copied()).collect();
        let rows = weighing.idf.len();
        let hinge = Hinge { cost: how.cost, passes: how.passes, seed: how.seed };
        let grouped = places.divide().then(|| {
            let place = |label: u32| places.is_place.get(label as usize).copied().unwrap_or(false);
            let sides: Vec<u32> = own.iter().map(|l| u32::from(place(*l))).collect();
            let mut others = Vectors::default();
            let mut other_labels = Vec::new();
            for (at, label) in own.iter().enumerate().filter(|(_, l)| !place(**l)) {
                others.push(vectors.get(at));
                other_labels.push(*label);
            }
            (separate(&vectors, &sides, 2, rows, hinge), separate(&others, &other_labels, kinds, rows, hinge))
        });
        let mut common = vec![0.5_f32; kinds];
        for label in &own {
            common.iter_mut().skip(*label as usize).take(1).for_each(|n| *n += 1.0);
        }
        let total = own.len().max(1) as f32;
        common.iter_mut().for_each(|n| *n = (*n / total).ln());
        Self {
            separator: separate(&vectors, &own, kinds, rows, hinge),
            bayes: complement(&vectors, &own, kinds, rows, how.smooth),
            weighing,
            grouped,
            common,
        }
    }

    /// What the judges say of a text of the corpus: `kinds` times `judges`.
    #[must_use]
    pub fn opinions(&self, corpus: &Corpus, text: usize, rules: &Heard) -> Vec<f32> {
        let rows = self.weighing.idf.len();
        let mut vector = Vec::new();
        self.weighing.vector(corpus, text, &mut vector);
        let say = |weights: &Weights| {
            let mut out = vec![0.0; weights.lanes];
            weights.score(&vector, &mut out);
            weights.add_row(rows, 1.0, &mut out);
            out
        };
        let (separator, bayes) = (say(&self.separator), say(&self.bayes));
        let grouped = self
            .grouped
            .as_ref()
            .map(|(sides, others)| (say(sides).get(1).copied().unwrap_or_default(), say(others)));
        let mean = bayes.iter().take(self.common.len()).sum::<f32>() / self.common.len().max(1) as f32;
        let mut out = Vec::new();
        for (label, common) in self.common.iter().enumerate() {
            let of = |scores: &[f32]| scores.get(label).copied().unwrap_or_default();
            out.extend([of(&separator), of(&bayes) - mean, *common]);
            out.extend(rules.word_opinions(label));
            if let Some((side, others)) = &grouped {
                out.extend(rules.group_opinions(label, *side, of(others), *common));
                out.extend(rules.features.get(label).copied().unwrap_or_default());
            }
        }
        out
    }
}

/// What the rules say of one text.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// Of the catalogue's words, per label.
    pub words: Vec<f32>,
    /// Sum of the words over all labels.
    pub spoken: f32,
    /// The most of one label.
    pub loudest: f32,
    /// Of the places, per label.
    pub features: Vec<[f32; FEATURES]>,
    /// Whether any place is named.
    pub named: bool,
    /// Which labels are places.
    pub is_place: Vec<bool>,
    /// What was named.
    pub mentions: Vec<Mention>,
}

impl Heard {
    /// The judges that hear the words, of one label: how many speak for it, and which share of them.
    #[must_use]
    pub fn word_opinions(&self, label: usize) -> [f32; 2] {
        let own = self.words.get(label).copied().unwrap_or_default();
        [own, if self.spoken > 0.0 { own / self.spoken } else { 0.0 }]
    }

    /// The judges of [`GROUPED`], of one label.
    #[must_use]
    pub fn group_opinions(&self, label: usize, side: f32, other: f32, common: f32) -> [f32; GROUPED] {
        let place = self.is_place.get(label).copied().unwrap_or(false);
        let of = |condition: bool, value: f32| if condition { value } else { 0.0 };
        [
            of(place, side),
            of(place && !self.named, side),
            of(!place, other),
            of(!self.named, common),
            of(!place && self.named, self.words.get(label).copied().unwrap_or_default()),
            of(place, self.loudest),
        ]
    }

    /// Asks the rules about a folded text.
    pub fn hear(&mut self, units: &[u16], places: &Places, words: &Words) {
        if self.is_place.len() != places.is_place.len() {
            self.is_place.clone_from(&places.is_place);
            self.words = vec![0.0; places.is_place.len()];
        }
        if !words.is_empty() {
            words.speak(units, &mut self.words);
            self.spoken = self.words.iter().sum();
            self.loudest = self.words.iter().copied().fold(0.0, f32::max);
        }
        if places.divide() {
            self.named = places.mentions(units, &mut self.mentions) > 0;
            features(places, &self.mentions, &mut self.features);
        }
    }
}
