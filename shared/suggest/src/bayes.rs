//! Naive Bayes over the same vectors: weak alone, a good second opinion where a label has few texts.

use crate::solve::{Vectors, Weights};

/// Complement naive Bayes (Rennie et al. 2003): what the other labels' texts say about a run.
#[must_use]
pub fn complement(texts: &Vectors, labels: &[u32], kinds: usize, rows: usize, smooth: f32) -> Weights {
    let mut weights = Weights::zero(rows + 1, kinds);
    let lanes = weights.lanes;
    for text in 0..texts.len() {
        let own = labels.get(text).map_or(0, |l| *l as usize);
        for (row, value) in texts.get(text) {
            if let Some(weight) = weights.values.get_mut(*row as usize * lanes + own) {
                *weight += value;
            }
        }
    }
    let mut totals = vec![0.0_f32; lanes];
    for row in 0..rows {
        for (total, weight) in totals.iter_mut().zip(weights.row(row)) {
            *total += weight;
        }
    }
    let all: f32 = totals.iter().sum();
    let smoothed = smooth * rows as f32;
    for row in weights.values.chunks_exact_mut(lanes).take(rows) {
        let sum: f32 = row.iter().sum();
        for (weight, total) in row.iter_mut().zip(&totals) {
            let inside = (*weight + smooth) / (total + smoothed);
            let outside = (sum - *weight + smooth) / (all - total + smoothed);
            *weight = (inside / outside).ln();
        }
    }
    weights
}
