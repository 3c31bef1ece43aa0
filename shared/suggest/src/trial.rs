//! How many near-identical texts the index of repeats finds, against comparing all with all.

use std::{collections::HashSet, time::Instant};

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::{
    grams::mix,
    repeats::{Index, MINIMA, NEAR_IDENTICAL, Sketch, Structure, counted},
};

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

/// How long a full index takes to answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AtScale {
    /// Submissions in the index.
    pub submissions: usize,
    /// Queries asked.
    pub queries: usize,
    /// Share of queries that found the text itself.
    pub found: f64,
    /// Milliseconds to sketch a text and find its candidates: mean.
    pub mean_ms: f64,
    /// The same, the slowest of a hundred.
    pub p99_ms: f64,
    /// The same, the slowest.
    pub worst_ms: f64,
}

/// Most queries of [`at_scale`].
const QUERIES_AT_MOST: usize = 2000;

/// Fills an index with the texts and, up to `submissions`, sketches drawn from theirs, minimum by minimum:
/// two of them share as many minima as two texts that have nothing to do with each other. Then asks.
#[must_use]
pub fn at_scale(texts: &[String], submissions: usize) -> AtScale {
    let nowhere = Structure::default();
    let sketches: Vec<(usize, Sketch)> =
        texts.iter().enumerate().filter_map(|(at, text)| Some((at, Sketch::of(text)?))).collect();
    let mut index = Index::with_room_for(submissions);
    for (at, sketch) in &sketches {
        index.add(*at, sketch, &nowhere);
    }
    for number in index.len()..submissions {
        let mut drawn = [0_u8; MINIMA];
        for (at, byte) in drawn.iter_mut().enumerate() {
            let dice = mix((number as u64) << 8 | at as u64) as usize % sketches.len().max(1);
            *byte = sketches.get(dice).and_then(|(_, s)| s.0.get(at)).copied().unwrap_or_default();
        }
        index.add(number, &Sketch(drawn), &nowhere);
    }
    let mut times = Vec::new();
    let mut found = 0_u32;
    for (at, _) in sketches.iter().take(QUERIES_AT_MOST) {
        let Some(text) = texts.get(*at) else { continue };
        let start = Instant::now();
        let candidates =
            Sketch::of(text).map(|sketch| index.candidates(&sketch, &nowhere)).unwrap_or_default();
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        found += u32::from(candidates.iter().any(|c| c.shared == MINIMA));
    }
    times.sort_by(f64::total_cmp);
    let asked = times.len().max(1) as f64;
    AtScale {
        submissions: index.len(),
        queries: times.len(),
        found: f64::from(found) / asked,
        mean_ms: times.iter().sum::<f64>() / asked,
        p99_ms: times.get(times.len() * 99 / 100).copied().unwrap_or_default(),
        worst_ms: times.last().copied().unwrap_or_default(),
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
