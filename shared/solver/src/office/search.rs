//! A search for a plan: what it holds, what it keeps as the best, when it takes a change. How it goes on is told in
//! `rounds.rs`.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "sizes are those of the model"
)]

use std::time::Duration;

use fastrand::Rng;

use super::{
    Cost, Model, Plan,
    agendas::Agendas,
    state::{Slot, State},
    together::Sets,
};
use crate::budget::{Budget, Meter, Stop};

/// How to search.
#[derive(Clone, Debug)]
pub struct Options {
    /// When to end.
    pub budget: Budget,
    /// The same seed and iterations give the same plan.
    pub seed: u64,
    /// So many searches with so many seeds; the best wins.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { budget: Budget::Cpu(Duration::from_secs(2)), seed: 1, threads: 1 }
    }
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The plan.
    pub plan: Plan,
    /// Its cost.
    pub cost: Cost,
    /// Moves tried.
    pub iterations: u64,
    /// CPU time until this plan was found.
    pub found_after: Duration,
    /// The seed that found it.
    pub seed: u64,
}

/// What a unit of each level weighs while annealing; the best plan is told by the levels themselves. Attendance
/// weighs so much that no set of items is looked at which gives it up for comfort.
const PRICES: [i64; 5] = [120, 400, 8, 41, 1];

/// What a cost weighs while annealing, in units of the last level.
pub(super) fn worth(cost: Cost) -> i64 {
    cost.0.iter().zip(PRICES).map(|(amount, price)| amount * price).sum()
}

pub(super) struct Search<'a> {
    pub state: State<'a>,
    pub(super) rng: Rng,
    best: Vec<Slot>,
    pub best_cost: Cost,
    pub(super) found_after: Duration,
    pub(super) meter: Meter,
    pub(super) temperature: f64,
    pub(super) open: Vec<u16>,
    pub(super) loose: Vec<u16>,
    pub(super) bits: Vec<u64>,
    pub(super) sets: Sets,
    pub(super) agendas: Agendas,
    /// Journeys to a set and the day.
    pub(super) days: Vec<(i64, u16)>,
    /// Slots that may change; all when empty.
    pub only: Vec<bool>,
}

impl<'a> Search<'a> {
    pub fn new(model: &'a Model, from: Option<&Plan>, budget: Budget, seed: u64) -> Self {
        let state = from.map_or_else(|| State::new(model), |plan| State::load(model, plan));
        let (slots, items) = (state.slots.len(), model.items.len());
        let sets = Sets::new(model);
        Self {
            best: state.slots.clone(),
            best_cost: state.cost,
            state,
            rng: Rng::with_seed(seed),
            found_after: Duration::ZERO,
            meter: Meter::start(budget),
            temperature: 0.0,
            open: Vec::with_capacity(slots),
            loose: Vec::with_capacity(items),
            bits: vec![0; model.grains.div_ceil(64)],
            agendas: Agendas::new(model, &sets),
            sets,
            days: Vec::with_capacity(model.days.len()),
            only: Vec::new(),
        }
    }

    pub(super) fn keep(&mut self) {
        if self.state.cost < self.best_cost {
            self.best_cost = self.state.cost;
            self.best.copy_from_slice(&self.state.slots);
            // A lifted slot keeps its last content; it counts as empty.
            for at in 0..self.best.len() {
                if !self.state.is_open(at) {
                    self.best[at].count = 0;
                }
            }
            self.found_after = self.meter.elapsed();
        }
    }

    /// Back to the best plan.
    pub(super) fn restore(&mut self) {
        for at in 0..self.best.len() {
            self.state.lift(at);
        }
        for at in 0..self.best.len() {
            self.state.drop(at, self.best[at]);
        }
    }

    pub(super) fn may_change(&self, slot: usize) -> bool {
        !self.state.frozen(slot) && self.only.get(slot).is_none_or(|only| *only)
    }

    pub(super) fn find_open(&mut self) {
        self.open.clear();
        for at in 0..self.state.slots.len() {
            if self.state.is_open(at) && self.may_change(at) {
                self.open.push(at as u16);
            }
        }
    }

    pub(super) fn any_open(&mut self) -> Option<usize> {
        self.find_open();
        if self.open.is_empty() {
            None
        } else {
            Some(usize::from(self.open[self.rng.usize(0..self.open.len())]))
        }
    }

    /// By how much a change may make the plan worse: drawn before it is tried, so that most need not be.
    pub(super) fn slack(&mut self) -> f64 {
        if self.temperature > 0.0 { -self.temperature * (1.0 - self.rng.f64()).ln() } else { 0.0 }
    }

    /// Whether the change from one cost to the state's is taken.
    pub(super) fn takes(&self, before: Cost, least: i64, slack: f64) -> bool {
        let change = worth(self.state.cost) - worth(before);
        debug_assert!(change >= least, "{change} is below {least}, the least it could be");
        change as f64 <= slack
    }

    /// The exact order of every agenda, taken where it is no worse.
    pub(super) fn polish(&mut self) {
        for at in 0..self.state.slots.len() {
            if !self.state.is_open(at) || !self.may_change(at) || self.state.slots[at].count < 3 {
                continue;
            }
            let mut slot = self.state.slots[at];
            super::agenda::reorder(self.state.model, &mut slot);
            let before = self.state.cost;
            let old = self.state.lift(at);
            self.state.drop(at, slot);
            if self.state.cost > before {
                self.state.lift(at);
                self.state.put_back(at, old);
            }
        }
        self.keep();
    }
}

/// Solves a model, from nothing or from a plan.
pub fn solve(
    model: &Model,
    from: Option<&Plan>,
    options: &Options,
    stop: &Stop,
    progress: &mut dyn FnMut(Duration, Cost),
) -> Outcome {
    let one = |seed: u64, progress: &mut dyn FnMut(Duration, Cost)| {
        let mut outcome = Search::new(model, from, options.budget, seed).run(stop, progress);
        outcome.seed = seed;
        debug_assert_eq!(outcome.cost, super::cost(model, &outcome.plan), "the fast score is the full one");
        outcome
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..options.threads.max(1) as u64)
            .map(|k| scope.spawn(move || one(options.seed.wrapping_add(k), &mut |_, _| {})))
            .collect();
        let mut best = one(options.seed, progress);
        for other in others.into_iter().filter_map(|handle| handle.join().ok()) {
            if other.cost < best.cost {
                best = other;
            }
        }
        best
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::{cost, generate, state};

    #[test]
    fn the_fast_cost_is_the_full_one_after_any_moves() {
        for seed in 0..8 {
            let planted = generate::planted(generate::Sizes::MONTH, seed);
            let mut problem = planted.problem;
            if seed % 2 == 0 {
                problem.published = planted.plan;
            }
            for (at, kind) in problem.kinds.iter_mut().enumerate() {
                kind.spacing_days = 2 * u32::try_from(at).unwrap_or(0);
            }
            for agency in problem.agencies.iter_mut().step_by(5) {
                agency.delegations = 2;
            }
            problem.items[0].alone = true;
            problem.items[1].chair = Some(problem.agencies[3].code.clone());
            let model = Model::new(&problem, &calendar::Calendar::shipped()).expect("a sound problem");
            let mut search = Search::new(&model, None, Budget::Iterations(0), seed);
            search.temperature = 5_000.0;
            for round in 0..400 {
                for _ in 0..10 {
                    search.step();
                }
                if round % 100 == 99 {
                    search.rebuild_part();
                    search.polish();
                    search.restore();
                    assert_eq!(search.state.cost, search.best_cost);
                }
                let plan = search.state.plan();
                assert_eq!(search.state.cost, cost(&model, &plan), "seed {seed}, round {round}");
                let loaded = state::State::load(&model, &plan);
                assert_eq!(loaded.cost, search.state.cost);
                let open = |state: &state::State<'_>| {
                    (state.here.clone(), state.taken.clone(), state.rooms_taken.clone())
                };
                assert_eq!(open(&loaded), open(&search.state), "seed {seed}, round {round}");
            }
        }
    }
}
