//! How sure the first proposal may say it is: beta calibration (Kull et al. 2017) on texts not seen.

use serde::{Deserialize, Serialize};

/// From a chance to what came true among texts with that chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    a: f64,
    b: f64,
    c: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { a: 1.0, b: 1.0, c: 0.0 }
    }
}

/// Pull towards no change: few texts move it little.
const RIDGE: f64 = 2.0;
/// Pull of the whole curve's level: it moves for many texts only.
const LEVEL: f64 = 50.0;
const STEPS: usize = 50;
/// The curve rises everywhere, and a guess stays a guess even where all that was seen came true.
const FLATTEST: f64 = 0.25;
const STEEPEST: f64 = 2.0;

fn ends(chance: f64) -> (f64, f64) {
    let chance = chance.clamp(1e-6, 1.0 - 1e-6);
    (chance.ln(), -(1.0 - chance).ln())
}

impl Calibration {
    /// Learns it from chances of the first label and whether it was right.
    #[must_use]
    pub fn learn(seen: &[(f64, bool)]) -> Self {
        let start = Self::default();
        let mut at = start;
        for _ in 0..STEPS {
            let mut gradient = [RIDGE * (at.a - start.a), RIDGE * (at.b - start.b), LEVEL * (at.c - start.c)];
            let mut hessian = [[RIDGE, 0.0, 0.0], [0.0, RIDGE, 0.0], [0.0, 0.0, LEVEL]];
            for (chance, right) in seen {
                let (low, high) = ends(*chance);
                let p = at.of(*chance);
                let miss = p - if *right { 1.0 } else { 0.0 };
                let x = [low, high, 1.0];
                for ((g, row), xi) in gradient.iter_mut().zip(&mut hessian).zip(x) {
                    *g += miss * xi;
                    for (cell, xj) in row.iter_mut().zip(x) {
                        *cell += p * (1.0 - p) * xi * xj;
                    }
                }
            }
            let flat = hessian.iter().flatten().copied().collect();
            let step = crate::stack::solve(flat, gradient.to_vec(), 3);
            let [da, db, dc] = [0, 1, 2].map(|i| step.get(i).copied().unwrap_or_default().clamp(-1.0, 1.0));
            let bound = |slope: f64| slope.clamp(FLATTEST, STEEPEST);
            at = Self { a: bound(at.a - da), b: bound(at.b - db), c: at.c - dc };
        }
        at
    }

    /// The calibrated chance.
    #[must_use]
    pub fn of(&self, chance: f64) -> f64 {
        let (low, high) = ends(chance);
        let logit = self.a * low + self.b * high + self.c;
        1.0 / (1.0 + (-logit).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judge_that_is_too_sure_is_brought_down_and_order_is_kept() {
        let seen: Vec<(f64, bool)> =
            (0..1000).map(|i| if i % 2 == 0 { (0.99, i % 10 != 0) } else { (0.6, i % 4 == 1) }).collect();
        let learned = Calibration::learn(&seen);
        assert!((learned.of(0.99) - 0.8).abs() < 0.03, "{}", learned.of(0.99));
        assert!((learned.of(0.6) - 0.5).abs() < 0.05, "{}", learned.of(0.6));
        let curve: Vec<f64> = (1..100).map(|p| learned.of(f64::from(p) / 100.0)).collect();
        assert!(curve.is_sorted());
    }

    #[test]
    fn nothing_seen_changes_nothing() {
        let same = Calibration::learn(&[]);
        assert!((same.of(0.7) - 0.7).abs() < 1e-9);
    }
}
