//! Simulated annealing over a [`Grid`].
#![expect(clippy::indexing_slicing, reason = "indices are those of a checked problem; the loop is the program")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "sizes are within the limits of Problem::check"
)]

use std::time::Duration;

use fastrand::Rng;

use super::{
    Plan, Problem, Score,
    grid::{Grid, Place, Weights},
};
use crate::budget::{Budget, Meter, Stop, thread_cpu};

/// How to search.
#[derive(Clone, Debug)]
pub struct Options {
    /// When to end.
    pub budget: Budget,
    /// The same seed and iterations give the same plan.
    pub seed: u64,
    /// Experiments.
    pub tune: Tune,
}

/// Experiments.
#[derive(Clone, Copy, Debug)]
pub struct Tune {
    pub hot: f64,
    pub cold: f64,
    pub hard: i32,
    pub medium: i32,
    pub rounds: u32,
    pub first: f64,
    pub medium2: i32,
    pub reheat: f64,
    pub swap: u32,
    pub random: u32,
    pub after: u32,
}

impl Default for Tune {
    fn default() -> Self {
        Self { hot: 3000.0, cold: 2.0, hard: 10000, medium: 1000, rounds: 2, first: 0.6, medium2: 4000, reheat: 0.05, swap: 30, random: 8, after: 15 }
    }
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The plan.
    pub plan: Plan,
    /// Its score.
    pub score: Score,
    /// Moves tried.
    pub iterations: u64,
    /// CPU time until the first plan without a hard conflict.
    pub feasible_after: Option<Duration>,
}

/// Solves.
pub fn solve(problem: &Problem, options: &Options, stop: &Stop, progress: &mut dyn FnMut(Duration, Score)) -> Outcome {
    if problem.rooms.len() <= 8 {
        Search::<8>::new(problem, options).run(options, stop, progress)
    } else {
        Search::<64>::new(problem, options).run(options, stop, progress)
    }
}

struct Search<const R: usize> {
    grid: Grid<R>,
    rng: Rng,
    best: Vec<Place>,
    best_score: Score,
    feasible_after: Option<Duration>,
    meter: Meter,
    logs: Vec<f32>,
    temperature: f32,
    tune: Tune,
}

impl<const R: usize> Search<R> {
    fn new(problem: &Problem, options: &Options) -> Self {
        let meter = Meter::start(options.budget);
        let tune = options.tune;
        let mut grid = Grid::new(problem, Weights { hard: tune.hard, medium: tune.medium });
        let mut rng = Rng::with_seed(options.seed);
        let place: Vec<Place> = (0..grid.n)
            .map(|i| {
                let starts = grid.starts(i);
                let start = starts[rng.usize(0..starts.len())];
                Place { start, end: start + grid.len[i], room: rng.usize(0..grid.rooms) as u8 }
            })
            .collect();
        grid.load(&place);
        let logs = (0..4096).map(|k| -((f64::from(k) + 0.5) / 4096.0).ln() as f32).collect();
        Self { best: place, best_score: grid.score, grid, rng, feasible_after: None, meter, logs, temperature: 0.0, tune }
    }

    fn run(mut self, options: &Options, stop: &Stop, progress: &mut dyn FnMut(Duration, Score)) -> Outcome {
        let t = options.tune;
        let mut iterations = 0_u64;
        let mut told = thread_cpu();
        let mut round = 0;
        loop {
            let used = self.meter.used(iterations);
            if used >= 1.0 || stop.asked() {
                break;
            }
            let (now_round, through) = if used < t.first { (0, used / t.first) } else {
                let x = (used - t.first) / (1.0 - t.first) * f64::from(t.rounds);
                (1 + x as u32, x.fract())
            };
            if now_round != round {
                round = now_round;
                let best = self.best.clone();
                self.grid.load(&best);
                self.grid.reprice(Weights { hard: t.hard, medium: t.medium2 });
            }
            let hot = if round == 0 { t.hot } else { t.hot * t.reheat };
            self.temperature = (hot * (t.cold / hot).powf(through)) as f32;
            for _ in 0..1000 {
                self.step();
            }
            iterations += 1000;
            let now = thread_cpu();
            if now - told > Duration::from_secs(1) {
                told = now;
                progress(self.meter.elapsed(), self.best_score);
            }
        }
        Outcome { plan: Grid::<R>::plan(&self.best), score: self.best_score, iterations, feasible_after: self.feasible_after }
    }

    #[inline]
    fn slack(&mut self, bits: u64) -> i32 {
        (self.temperature * self.logs[(bits & 4095) as usize]) as i32
    }

    #[inline]
    fn step(&mut self) {
        let bits = self.rng.u64(..);
        let n = self.grid.n;
        let i = (((bits >> 32) * n as u64) >> 32) as usize;
        let slack = self.slack(bits);
        let kind = ((bits >> 12) & 127) as u32;
        let t = self.tune;
        if kind < t.swap {
            self.swap(i, slack);
        } else {
            let place = self.grid.place[i];
            let start = if kind < t.swap + t.random {
                let starts = self.grid.starts(i);
                i32::from(starts[self.rng.usize(0..starts.len())])
            } else if kind < t.swap + t.random + t.after {
                let j = self.rng.usize(0..n);
                let other = self.grid.place[j];
                if bits & (1 << 20) == 0 { i32::from(other.end) + 1 } else { i32::from(other.start) - 1 - i32::from(self.grid.len[i]) }
            } else {
                // 0: only the room.
                let by = ((bits >> 20) & 15) as i32;
                let by = by - 8;
                i32::from(place.start) + by
            };
            if self.grid.may_start(i, start) {
                self.shift(i, start as u16, slack);
            }
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
        if cost > limit {
            return;
        }
        let place = Place { start, end: start + self.grid.len[i], room };
        if place == self.grid.place[i] {
            return;
        }
        self.grid.put(i, place, cost);
        self.keep();
    }

    fn swap(&mut self, i: usize, slack: i32) {
        let n = self.grid.n;
        let j = self.rng.usize(0..n);
        if i == j {
            return;
        }
        let g = &self.grid;
        let (a, b) = (g.place[i], g.place[j]);
        let how = self.rng.u8(..);
        let to_i = if how & 1 == 0 { i32::from(b.start) } else { i32::from(b.end) - i32::from(g.len[i]) };
        let to_j = if how & 2 == 0 { i32::from(a.start) } else { i32::from(a.end) - i32::from(g.len[j]) };
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
