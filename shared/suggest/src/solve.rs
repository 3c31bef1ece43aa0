//! One linear separator per label, learned together: squared hinge, dual coordinate descent.
//!
//! Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008. All labels are
//! taken in one pass over a text, so that a run's row is read once.

use crate::grams::mix;

/// Texts as sparse vectors.
#[derive(Clone, Debug, Default)]
pub struct Vectors {
    starts: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl Vectors {
    /// Adds one.
    pub fn push(&mut self, vector: &[(u32, f32)]) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.entries.extend_from_slice(vector);
        self.starts.push(self.entries.len());
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, at: usize) -> &[(u32, f32)] {
        let (Some(from), Some(to)) = (self.starts.get(at), self.starts.get(at + 1)) else { return &[] };
        self.entries.get(*from..*to).unwrap_or(&[])
    }
}

/// Weights of every label for every row: `rows` times `lanes`, the bias in the last row.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Labels, rounded up to whole vectors of the processor.
    pub lanes: usize,
    /// Row by row.
    pub values: Vec<f32>,
}

/// Labels are padded to a multiple of this.
const WIDTH: usize = 8;

impl Weights {
    /// All zero.
    #[must_use]
    pub fn zero(rows: usize, labels: usize) -> Self {
        let lanes = labels.div_ceil(WIDTH).max(1) * WIDTH;
        Self { lanes, values: vec![0.0; rows * lanes] }
    }

    /// The row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f32] {
        self.values.get(row * self.lanes..(row + 1) * self.lanes).unwrap_or(&[])
    }

    /// Adds `by` times the row to `to`.
    pub fn add_row(&self, row: usize, by: f32, to: &mut [f32]) {
        for (sum, weight) in to.iter_mut().zip(self.row(row)) {
            *sum += by * weight;
        }
    }

    /// Scores of a vector into `out`, which has `lanes` places.
    pub fn score(&self, vector: &[(u32, f32)], out: &mut [f32]) {
        out.fill(0.0);
        for (row, value) in vector {
            self.add_row(*row as usize, *value, out);
        }
    }
}

/// How the separators are learned.
#[derive(Clone, Copy, Debug)]
pub struct Hinge {
    /// What an error costs.
    pub cost: f32,
    /// Passes over the texts.
    pub passes: u32,
    /// Order of the texts.
    pub seed: u64,
}

/// Learns weights for `rows` runs and a bias (row `rows`).
#[must_use]
pub fn separate(texts: &Vectors, labels: &[u32], kinds: usize, rows: usize, how: Hinge) -> Weights {
    let mut weights = Weights::zero(rows + 1, kinds);
    let lanes = weights.lanes;
    let bias = u32::try_from(rows).unwrap_or(u32::MAX);
    let mut alpha = vec![0.0_f32; texts.len() * lanes];
    let softness = 0.5 / how.cost;
    let mut order: Vec<usize> = (0..texts.len()).collect();
    let (mut score, mut step) = (vec![0.0_f32; lanes], vec![0.0_f32; lanes]);
    for pass in 0..how.passes {
        shuffle(&mut order, how.seed ^ u64::from(pass + 1));
        for text in &order {
            let vector = texts.get(*text);
            // Vectors have length one, the bias is one more.
            let quadratic = vector.iter().map(|(_, v)| v * v).sum::<f32>() + 1.0 + softness;
            weights.score(vector, &mut score);
            weights.add_row(rows, 1.0, &mut score);
            let own = labels.get(*text).map_or(usize::MAX, |l| *l as usize);
            let Some(alphas) = alpha.get_mut(text * lanes..(text + 1) * lanes) else { continue };
            let mut moved = false;
            for (lane, ((step, score), alpha)) in step.iter_mut().zip(&score).zip(alphas).enumerate() {
                let sign = if lane == own { 1.0 } else { -1.0 };
                let gradient = sign * score - 1.0 + softness * *alpha;
                let next = (*alpha - gradient / quadratic).max(0.0);
                *step = if lane < kinds { (next - *alpha) * sign } else { 0.0 };
                *alpha = next;
                moved |= step.abs() > 1e-5;
            }
            if moved {
                for (row, value) in vector.iter().chain(std::iter::once(&(bias, 1.0))) {
                    let from = *row as usize * lanes;
                    if let Some(row) = weights.values.get_mut(from..from + lanes) {
                        for (weight, step) in row.iter_mut().zip(&step) {
                            *weight += value * step;
                        }
                    }
                }
            }
        }
    }
    weights
}

/// Orders by a number mixed from seed and place: the same on every machine.
pub fn shuffle(order: &mut [usize], seed: u64) {
    order.sort_by_key(|at| mix(mix(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(*at as u64)));
}
