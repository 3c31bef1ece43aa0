//! Simulated annealing over a [`Grid`], in rounds: the first cools from hot with mild weights, so that the
//! search walks through conflicts; the later ones start from the best plan with weights that admit none.

#![expect(
    clippy::indexing_slicing,
    reason = "indices are those of a checked problem; the loop is the program"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sizes are within the limits of Problem::check"
)]

use std::time::Duration;

use fastrand::Rng;

use super::{
    Plan, Problem, Score,
    grid::{Grid, Place, Weights},
};
use crate::budget::{Budget, Meter, Stop};

/// How to search.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// When to end.
    pub budget: Budget,
    /// The same seed and iterations give the same plan.
    pub seed: u64,
    /// So many searches with so many seeds; the best wins.
    pub threads: usize,
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The plan.
    pub plan: Plan,
    /// Its score.
    pub score: Score,
    /// Moves tried by the search that found it.
    pub iterations: u64,
    /// CPU time until the first plan without a hard conflict.
    pub feasible_after: Option<Duration>,
    /// The seed that found it.
    pub seed: u64,
}

/// A stretch of the search.
struct Round {
    /// The part of the budget at which it ends.
    until: f64,
    hot: f64,
    weights: Weights,
}

/// Temperature of the end of each round, in units of soft.
const COLD: f64 = 2.0;
const HOTTEST: f64 = 3_000.0;
const MILD: Weights = Weights { hard: 10_000, medium: 1_000 };
const STRICT: Weights = Weights { hard: 20_000, medium: 4_000 };
/// Nearly all of it cools slowly once: measured on sets of 50 to 800 meetings, a second long round finds less.
const ROUNDS: [Round; 3] = [
    Round { until: 0.9, hot: HOTTEST, weights: MILD },
    Round { until: 0.95, hot: 300.0, weights: STRICT },
    Round { until: 1.0, hot: 150.0, weights: STRICT },
];
/// Moves between two looks at the clock.
const STRIDE: u64 = 1_000;
/// Of 128 moves so many are swaps, jumps anywhere, and jumps to the side of another meeting; the rest shifts.
const SWAPS: u32 = 30;
const JUMPS: u32 = 8;
const BESIDE: u32 = 15;
/// Logarithms to draw from: how much worse a plan may get at temperature 1.
const DRAWS: usize = 4_096;

/// Solves. `progress` hears of CPU time and best score about once a second.
#[must_use]
pub fn solve(
    problem: &Problem,
    options: &Options,
    stop: &Stop,
    progress: &mut dyn FnMut(Duration, Score),
) -> Outcome {
    let one = |seed: u64, progress: &mut dyn FnMut(Duration, Score)| {
        if problem.rooms.len() <= 8 {
            Search::<8>::new(problem, options.budget, seed).run(problem, stop, progress)
        } else {
            Search::<64>::new(problem, options.budget, seed).run(problem, stop, progress)
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..options.threads.max(1) as u64)
            .map(|k| scope.spawn(move || one(options.seed.wrapping_add(k), &mut |_, _| {})))
            .collect();
        let mut best = one(options.seed, progress);
        for other in others.into_iter().filter_map(|handle| handle.join().ok()) {
            if other.score > best.score {
                best = other;
            }
        }
        best
    })
}

struct Search<const R: usize> {
    grid: Grid<R>,
    rng: Rng,
    seed: u64,
    best: Vec<Place>,
    best_score: Score,
    feasible_after: Option<Duration>,
    meter: Meter,
    draws: Vec<f32>,
    temperature: f32,
}

impl<const R: usize> Search<R> {
    fn new(problem: &Problem, budget: Budget, seed: u64) -> Self {
        let meter = Meter::start(budget);
        let mut grid = Grid::new(problem, MILD);
        let mut rng = Rng::with_seed(seed);
        let place: Vec<Place> = (0..grid.n)
            .map(|i| {
                let starts = grid.starts(i);
                let start = starts[rng.usize(0..starts.len())];
                Place { start, end: start + grid.len[i], room: rng.usize(0..grid.rooms) as u8 }
            })
            .collect();
        grid.load(&place);
        let draws = (0..DRAWS).map(|k| -((k as f64 + 0.5) / DRAWS as f64).ln() as f32);
        Self {
            best: place,
            best_score: grid.score,
            seed,
            grid,
            rng,
            feasible_after: None,
            meter,
            draws: draws.collect(),
            temperature: 0.0,
        }
    }

    fn run(mut self, problem: &Problem, stop: &Stop, progress: &mut dyn FnMut(Duration, Score)) -> Outcome {
        let (mut iterations, mut told, mut begun) = (0, Duration::ZERO, 0.0);
        for round in &ROUNDS {
            let best = std::mem::take(&mut self.best);
            self.grid.load(&best);
            self.best = best;
            self.grid.reprice(round.weights);
            // A plan with hard conflicts is no place to go on from coolly.
            let hot = if self.best_score.hard < 0 { HOTTEST } else { round.hot };
            loop {
                let used = self.meter.used(iterations);
                if used >= round.until || stop.asked() {
                    break;
                }
                let through = (used - begun) / (round.until - begun);
                self.temperature = (hot * (COLD / hot).powf(through)) as f32;
                for _ in 0..STRIDE {
                    self.step();
                }
                iterations += STRIDE;
                let elapsed = self.meter.elapsed();
                if elapsed > told + Duration::from_secs(1) {
                    told = elapsed;
                    progress(elapsed, self.best_score);
                    self.check(problem);
                }
            }
            begun = round.until;
            self.check(problem);
        }
        Outcome {
            plan: Grid::<R>::plan(&self.best),
            score: self.best_score,
            iterations,
            feasible_after: self.feasible_after,
            seed: self.seed,
        }
    }

    /// The fast score is the full one.
    fn check(&self, problem: &Problem) {
        debug_assert_eq!(
            super::score(problem, &Grid::<R>::plan(&self.grid.place)),
            Some(self.grid.score),
            "the fast score is the full one"
        );
    }

    #[inline]
    fn step(&mut self) {
        let bits = self.rng.u64(..);
        let n = self.grid.n;
        let i = (((bits >> 32) * n as u64) >> 32) as usize;
        let slack = (self.temperature * self.draws[(bits as usize) & (DRAWS - 1)]) as i32;
        let kind = ((bits >> 12) & 127) as u32;
        if kind < SWAPS {
            self.swap(i, slack);
            return;
        }
        let start = if kind < SWAPS + JUMPS {
            let starts = self.grid.starts(i);
            i32::from(starts[self.rng.usize(0..starts.len())])
        } else if kind < SWAPS + JUMPS + BESIDE {
            // With the free grain that the score wants between two meetings.
            let other = self.grid.place[self.rng.usize(0..n)];
            if bits & 1 << 20 == 0 {
                i32::from(other.end) + 1
            } else {
                i32::from(other.start) - 1 - i32::from(self.grid.len[i])
            }
        } else {
            // By nothing: only the room.
            i32::from(self.grid.place[i].start) + ((bits >> 20) & 15) as i32 - 8
        };
        if self.grid.may_start(i, start) {
            self.shift(i, start as u16, slack);
        }
    }

    #[inline]
    fn shift(&mut self, i: usize, start: u16, slack: i32) {
        let limit = self.grid.cost[i] + slack;
        if i32::from(start + self.grid.len[i]) > limit {
            return;
        }
        let prices = self.grid.prices(i, start, u16::MAX, limit);
        let (cost, room) = self.grid.best_room(i, &prices);
        let place = Place { start, end: start + self.grid.len[i], room };
        if cost <= limit && place != self.grid.place[i] {
            self.grid.put(i, place, cost);
            self.keep();
        }
    }

    /// Two meetings change places, each keeping the other's begin or end.
    fn swap(&mut self, i: usize, slack: i32) {
        let g = &self.grid;
        let j = self.rng.usize(0..g.n);
        if i == j {
            return;
        }
        let (a, b) = (g.place[i], g.place[j]);
        let how = self.rng.u8(..);
        let begins = |other: Place, len: u16, by_begin: bool| {
            if by_begin { i32::from(other.start) } else { i32::from(other.end) - i32::from(len) }
        };
        let (to_i, to_j) = (begins(b, g.len[i], how & 1 == 0), begins(a, g.len[j], how & 2 == 0));
        if !g.may_start(i, to_i) || !g.may_start(j, to_j) {
            return;
        }
        let limit = g.cost[i] + g.cost[j] - g.between(i, a, j, b) + slack;
        let prices = g.prices(i, to_i as u16, j as u16, limit);
        let (cost_i, room_i) = g.best_room(i, &prices);
        if cost_i > limit {
            return;
        }
        let at_i = Place { start: to_i as u16, end: to_i as u16 + g.len[i], room: room_i };
        let mut prices = g.prices(j, to_j as u16, i as u16, limit - cost_i);
        let (start, end) = (to_j as u16, to_j as u16 + g.len[j]);
        for room in 0..g.rooms {
            prices.room[room] += g.between(j, Place { start, end, room: room as u8 }, i, at_i);
        }
        let (cost_j, room_j) = g.best_room(j, &prices);
        if cost_i + cost_j > limit {
            return;
        }
        let at_j = Place { start, end, room: room_j };
        let mutual = g.between(i, at_i, j, at_j);
        self.grid.put(i, at_i, 0);
        self.grid.put(j, at_j, cost_j);
        self.grid.cost[i] = cost_i + mutual;
        self.keep();
    }

    #[inline]
    fn keep(&mut self) {
        if self.grid.score > self.best_score {
            self.best_score = self.grid.score;
            self.best.copy_from_slice(&self.grid.place);
            if self.feasible_after.is_none() && self.best_score.hard == 0 {
                self.feasible_after = Some(self.meter.elapsed());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::{generate, score};

    #[test]
    fn every_meetings_cost_stays_that_of_pricing_anew() {
        for seed in 0..6 {
            let problem = generate(40, seed);
            let mut search = Search::<8>::new(&problem, Budget::Iterations(0), seed);
            search.temperature = 2_000.0;
            for _ in 0..300 {
                for _ in 0..20 {
                    search.step();
                }
                let now = Grid::<8>::plan(&search.grid.place);
                assert_eq!(score(&problem, &now), Some(search.grid.score));
                let mut anew = search.grid.clone();
                anew.reprice(MILD);
                assert_eq!(anew.cost, search.grid.cost, "seed {seed}");
            }
        }
    }
}
