//! Opinions of several judges about each label, weighed into chances that are true to what was seen.
//!
//! A conditional logit: one weight per judge, shared by all labels, learned on texts that the judges had
//! not seen. Shared weights cannot overfit; a weight below one cools judges that are too sure.

/// What the judges say of one text: per label, one number a judge; and the true label.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `labels` times `judges`.
    pub opinions: Vec<f32>,
    /// The true label.
    pub label: usize,
}

/// Chances of the labels under these weights, into `chances`.
pub fn chances(opinions: &[f32], weights: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.extend(
        opinions
            .chunks_exact(weights.len().max(1))
            .map(|of| of.iter().zip(weights).map(|(o, w)| f64::from(*o) * w).sum::<f64>()),
    );
    let most = out.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    out.iter_mut().for_each(|v| *v = (*v - most).exp());
    let sum: f64 = out.iter().sum();
    out.iter_mut().for_each(|v| *v /= sum);
}

/// Learns the weights by Newton's method.
#[must_use]
pub fn weigh(seen: &[Seen], judges: usize, ridge: f64) -> Vec<f64> {
    let mut weights = vec![0.0_f64; judges];
    let mut probabilities = Vec::new();
    for _ in 0..30 {
        let mut gradient: Vec<f64> = weights.iter().map(|w| w * ridge).collect();
        let mut hessian = vec![0.0; judges * judges];
        for (at, row) in hessian.chunks_exact_mut(judges).enumerate() {
            row.iter_mut().skip(at).take(1).for_each(|d| *d = ridge);
        }
        for text in seen {
            chances(&text.opinions, &weights, &mut probabilities);
            let mut mean = vec![0.0; judges];
            for (label, (of, p)) in text.opinions.chunks_exact(judges).zip(&probabilities).enumerate() {
                let miss = p - if label == text.label { 1.0 } else { 0.0 };
                for (at, o) in of.iter().map(|o| f64::from(*o)).enumerate() {
                    if let (Some(g), Some(m)) = (gradient.get_mut(at), mean.get_mut(at)) {
                        *g += miss * o;
                        *m += p * o;
                    }
                }
                if *p > 1e-9 {
                    let of: Vec<f64> = of.iter().map(|o| f64::from(*o)).collect();
                    outer(&mut hessian, judges, &of, *p);
                }
            }
            outer(&mut hessian, judges, &mean, -1.0);
        }
        let step = solve(hessian, gradient, judges);
        // Newton's step may be too long where the curve is flat: halve it until the loss falls.
        let before = loss(seen, &weights, ridge);
        let mut scale = 1.0;
        let shorter =
            |scale: f64| -> Vec<f64> { weights.iter().zip(&step).map(|(w, s)| w - scale * s).collect() };
        while scale > 1e-6 && loss(seen, &shorter(scale), ridge) > before {
            scale *= 0.5;
        }
        weights = shorter(scale);
        if step.iter().all(|s| (scale * s).abs() < 1e-6) {
            break;
        }
    }
    weights
}

fn loss(seen: &[Seen], weights: &[f64], ridge: f64) -> f64 {
    let mut probabilities = Vec::new();
    let misses = seen.iter().map(|text| {
        chances(&text.opinions, weights, &mut probabilities);
        -probabilities.get(text.label).copied().unwrap_or_default().max(1e-300).ln()
    });
    misses.sum::<f64>() + 0.5 * ridge * weights.iter().map(|w| w * w).sum::<f64>()
}

fn outer(matrix: &mut [f64], size: usize, vector: &[f64], by: f64) {
    for (row, a) in matrix.chunks_exact_mut(size).zip(vector) {
        if *a != 0.0 {
            for (cell, b) in row.iter_mut().zip(vector) {
                *cell += by * a * b;
            }
        }
    }
}

/// Solves a symmetric positive system by elimination.
pub(crate) fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>, size: usize) -> Vec<f64> {
    for pivot in 0..size {
        let row: Vec<f64> = matrix.get(pivot * size..(pivot + 1) * size).unwrap_or(&[]).to_vec();
        let value = right.get(pivot).copied().unwrap_or_default();
        let top = row.get(pivot).copied().unwrap_or(1.0);
        for below in pivot + 1..size {
            let Some(cells) = matrix.get_mut(below * size..(below + 1) * size) else { continue };
            let factor = cells.get(pivot).copied().unwrap_or_default() / top;
            cells.iter_mut().zip(&row).for_each(|(c, r)| *c -= factor * r);
            right.iter_mut().skip(below).take(1).for_each(|r| *r -= factor * value);
        }
    }
    let mut found = vec![0.0; size];
    for at in (0..size).rev() {
        let row = matrix.get(at * size..(at + 1) * size).unwrap_or(&[]);
        let known: f64 = row.iter().zip(&found).skip(at + 1).map(|(c, f)| c * f).sum();
        let top = row.get(at).copied().unwrap_or(1.0);
        let value = right.get(at).copied().unwrap_or_default();
        found.iter_mut().skip(at).take(1).for_each(|f| *f = (value - known) / top);
    }
    found
}
