//! How a search goes on: rounds of annealing, by half days (`half_moves.rs`) where they suit the model, and by
//! meetings (`moves.rs`) and sets of items (`rearrange.rs`); after each, the best plan so far is polished, and a few
//! parts of it are torn down and rebuilt.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]

use std::time::Duration;

use super::{
    Cost,
    by_halves::{ByHalves, Given},
    divisions::{Beside, Divisions},
    search::{Outcome, Search},
    state::{NONE, Slot},
};
use crate::budget::Stop;

/// Temperature of the end of a round, in units of the last level.
const COLD: f64 = 2.0;
/// Parts rebuilt between two rounds.
const REBUILDS: usize = 4;
/// Moves between two looks at the clock.
const STRIDE: u64 = 200;

/// A round of annealing.
struct Round {
    /// Of the budget.
    share: f64,
    /// Temperature of the start.
    hot: f64,
    /// Whether by half days.
    halves: bool,
}

impl Round {
    /// One long cooling, then shorter ones from the best plan.
    const fn of(round: u32, by_halves: bool) -> Self {
        match (by_halves, round) {
            (true, 0) => Self { share: 0.3, hot: 8.0, halves: true },
            (true, _) if round.is_multiple_of(2) => Self { share: 0.1, hot: 3.5, halves: true },
            (true, _) => Self { share: 0.005, hot: 6.0, halves: false },
            (false, 0) => Self { share: 0.5, hot: 30.0, halves: false },
            (false, _) => Self { share: 0.125, hot: 6.0, halves: false },
        }
    }
}

impl<'a> Search<'a> {
    /// Searches until the budget is used up.
    pub fn run(mut self, stop: &Stop, progress: &mut dyn FnMut(Duration, Cost)) -> Outcome {
        let mut done = 0;
        self.construct();
        self.keep();
        let mut by_halves = self.by_halves();
        let mut told = Duration::ZERO;
        for round in 0.. {
            let Round { share, hot, halves } = Round::of(round, by_halves.is_some());
            let mut by_halves = by_halves.as_mut().filter(|_| halves);
            if let Some(by_halves) = &mut by_halves {
                let meetings = if round == 0 { Vec::new() } else { self.own_meetings() };
                by_halves.begin(self.given(), &meetings);
            }
            let begun = self.meter.used(done);
            let over = loop {
                let used = self.meter.used(done);
                let through = (used - begun) / share;
                if used >= 1.0 || stop.asked() || through >= 1.0 {
                    break used >= 1.0 || stop.asked();
                }
                self.temperature = hot * (COLD / hot).powf(through);
                for _ in 0..STRIDE {
                    match &mut by_halves {
                        Some(by_halves) => by_halves.step(self.temperature, &mut self.rng),
                        None => self.step(),
                    }
                }
                done += STRIDE;
                let elapsed = self.meter.elapsed();
                if elapsed > told + Duration::from_secs(1) {
                    told = elapsed;
                    if let Some(by_halves) = &by_halves {
                        self.take_over(by_halves);
                        self.lift_own();
                    }
                    progress(elapsed, self.best_cost);
                }
            };
            if let Some(by_halves) = by_halves {
                self.take_over(by_halves);
            }
            self.restore();
            self.polish();
            if over {
                break;
            }
            for _ in 0..REBUILDS {
                self.rebuild_part();
                done += STRIDE;
            }
        }
        Outcome {
            plan: self.state.plan(),
            cost: self.state.cost,
            iterations: done,
            found_after: self.found_after,
            seed: 0,
        }
    }

    /// The moves by half days, where they suit the model and what they may not change is not to be changed at all.
    pub(super) fn by_halves(&self) -> Option<ByHalves<'a>> {
        if !self.only.is_empty() || self.state.model.published.iter().any(|published| !published.frozen) {
            return None;
        }
        Divisions::new(self.state.model).map(ByHalves::new)
    }

    /// Lifts all meetings but the published.
    fn lift_own(&mut self) {
        for at in self.state.model.published.len()..self.state.slots.len() {
            self.state.lift(at);
        }
    }

    /// Lifts all meetings but the published, and tells what is left.
    pub(super) fn given(&mut self) -> Given {
        self.lift_own();
        let start = |item: usize| (self.state.at[item] != NONE).then(|| usize::from(self.state.start[item]));
        Given {
            beside: Beside { taken: self.state.taken.clone(), rooms: self.state.rooms_taken.clone() },
            here: self.state.here.clone(),
            start: (0..self.state.at.len()).map(start).collect(),
        }
    }

    /// All meetings but the published.
    fn own_meetings(&self) -> Vec<Slot> {
        let own = self.state.model.published.len()..self.state.slots.len();
        own.filter(|at| self.state.is_open(*at)).map(|at| self.state.slots[at]).collect()
    }

    /// Puts the meetings found by half days beside the published.
    fn take_over(&mut self, by_halves: &ByHalves<'_>) {
        for slot in by_halves.meetings() {
            if let Some(at) = self.state.free_slot() {
                self.state.drop(at, slot);
            }
        }
        self.keep();
    }
}
