//! How many near-identical texts the index of repeats finds, against comparing all with all.

use std::{collections::HashSet, time::Instant};

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::repeats::{Index, NEAR_IDENTICAL, Sketch, Structure, counted};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Texts.
    pub texts: usize,
    /// Pairs with cosine .8 and more over runs of two and three characters.
    pub near_identical: usize,
    /// Share of them among the candidates.
    pub recall: f64,
    /// Candidates of the index, whose texts are then compared.
    pub candidates: usize,
    /// Share of near-identical ones among the candidates; after comparing, every pair shown is one.
    pub precision: f64,
    /// Milliseconds to sketch one text.
    pub sketch_ms: f64,
    /// Milliseconds to find the candidates of one text.
    pub query_ms: f64,
}

/// Tries the index on texts, with text alone.
#[must_use]
pub fn repeats(texts: &[String]) -> Found {
    let runs: Vec<Vec<(u64, u32)>> = texts.iter().map(|t| counted(t)).collect();
    let truth = near_identical(&runs);
    let start = Instant::now();
    let sketches: Vec<Option<Sketch>> = runs.iter().map(|r| Sketch::of_runs(r)).collect();
    let sketching = start.elapsed();
    let mut index = Index::default();
    let nowhere = Structure::default();
    let mut found: HashSet<(usize, usize)> = HashSet::new();
    let start = Instant::now();
    for (at, sketch) in sketches.iter().enumerate() {
        let Some(sketch) = sketch else { continue };
        found.extend(index.candidates(sketch, &nowhere).into_iter().map(|c| (c.id, at)));
        index.add(at, sketch, &nowhere);
    }
    let querying = start.elapsed();
    let hit = truth.iter().filter(|pair| found.contains(pair)).count() as f64;
    let each = |of: std::time::Duration| of.as_secs_f64() * 1000.0 / texts.len().max(1) as f64;
    Found {
        texts: texts.len(),
        near_identical: truth.len(),
        recall: if truth.is_empty() { 1.0 } else { hit / truth.len() as f64 },
        candidates: found.len(),
        precision: if found.is_empty() { 1.0 } else { hit / found.len() as f64 },
        sketch_ms: each(sketching),
        query_ms: each(querying),
    }
}

/// All pairs with a cosine of at least [`NEAR_IDENTICAL`], each compared.
fn near_identical(runs: &[Vec<(u64, u32)>]) -> Vec<(usize, usize)> {
    let length = |of: &[(u64, u32)]| of.iter().map(|(_, n)| f64::from(*n).powi(2)).sum::<f64>().sqrt();
    let lengths: Vec<f64> = runs.iter().map(|r| length(r)).collect();
    let mut postings: FxHashMap<u64, Vec<(usize, u32)>> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (at, (own, size)) in runs.iter().zip(&lengths).enumerate() {
        let mut dots = vec![0.0_f64; at];
        for (run, count) in own {
            let met = postings.entry(*run).or_default();
            for (other, times) in met.iter() {
                dots.iter_mut()
                    .skip(*other)
                    .take(1)
                    .for_each(|d| *d += f64::from(*count) * f64::from(*times));
            }
            met.push((at, *count));
        }
        let like = dots.iter().zip(&lengths).enumerate();
        let like = like.filter(|(_, (dot, other))| **dot > 0.0 && **dot >= NEAR_IDENTICAL * size * **other);
        pairs.extend(like.map(|(other, _)| (other, at)));
    }
    pairs
}
