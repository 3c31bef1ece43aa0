//! Anneals a [`State`]: shifts, other rooms, items between agendas, meetings opened, merged and split, swaps;
//! then tears a part down and rebuilds it; restarts from the best plan so far.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "sizes are those of the model")]

use std::time::Duration;

use fastrand::Rng;

use super::{
    Cost, Model, Plan,
    state::{NONE, Slot, State},
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

/// Temperature of the start, in units of the last level.
const HOT: f64 = 60.0;
/// Temperature of the later rounds' starts.
const REHEATED: f64 = 15.0;
/// Temperature of the end of a round.
const COLD: f64 = 0.8;
/// Parts rebuilt between two rounds.
const REBUILDS: usize = 4;
/// Moves between two looks at the clock.
const STRIDE: u64 = 200;
/// What a unit of each level weighs while annealing; the best plan is told by the levels themselves.
const PRICES: [f64; 5] = [120.0, 400.0, 8.0, 8.0, 1.0];

pub(super) struct Search<'a> {
    pub state: State<'a>,
    rng: Rng,
    best: Vec<Slot>,
    pub best_cost: Cost,
    found_after: Duration,
    meter: Meter,
    temperature: f64,
    open: Vec<u16>,
    loose: Vec<u16>,
    bits: Vec<u64>,
    /// Slots that may change; all when empty.
    pub only: Vec<bool>,
}

impl<'a> Search<'a> {
    pub fn new(model: &'a Model, from: Option<&Plan>, budget: Budget, seed: u64) -> Self {
        let state = from.map_or_else(|| State::new(model), |plan| State::load(model, plan));
        let (slots, items) = (state.slots.len(), model.items.len());
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
            only: Vec::new(),
        }
    }

    /// Searches until the budget is used up.
    pub fn run(mut self, stop: &Stop, progress: &mut dyn FnMut(Duration, Cost)) -> Outcome {
        let mut done = 0;
        self.construct();
        self.keep();
        let mut told = Duration::ZERO;
        'search: for round in 0.. {
            // One long cooling, then shorter ones from the best plan.
            let begun = self.meter.used(done);
            let (share, hot) = if round == 0 { (0.5, HOT) } else { (0.125, REHEATED) };
            loop {
                let used = self.meter.used(done);
                if used >= 1.0 || stop.asked() {
                    break 'search;
                }
                let through = (used - begun) / share;
                if through >= 1.0 {
                    break;
                }
                self.temperature = hot * (COLD / hot).powf(through);
                for _ in 0..STRIDE {
                    self.step();
                }
                done += STRIDE;
                let elapsed = self.meter.elapsed();
                if elapsed > told + Duration::from_secs(1) {
                    told = elapsed;
                    progress(elapsed, self.best_cost);
                }
            }
            self.restore();
            self.polish();
            for _ in 0..REBUILDS {
                self.rebuild_part();
                done += STRIDE;
            }
        }
        self.restore();
        self.polish();
        Outcome {
            plan: self.state.plan(),
            cost: self.state.cost,
            iterations: done,
            found_after: self.found_after,
            seed: 0,
        }
    }

    fn worth(cost: Cost) -> f64 {
        cost.0.iter().zip(PRICES).map(|(&amount, price)| amount as f64 * price).sum()
    }

    pub fn keep(&mut self) {
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
    pub fn restore(&mut self) {
        for at in 0..self.best.len() {
            self.state.lift(at);
        }
        for at in 0..self.best.len() {
            self.state.drop(at, self.best[at]);
        }
    }

    fn may_change(&self, slot: usize) -> bool {
        !self.state.frozen(slot) && self.only.get(slot).is_none_or(|only| *only)
    }

    fn find_open(&mut self) {
        self.open.clear();
        for at in 0..self.state.slots.len() {
            if self.state.is_open(at) && self.may_change(at) {
                self.open.push(at as u16);
            }
        }
    }

    fn any_open(&mut self) -> Option<usize> {
        self.find_open();
        if self.open.is_empty() { None } else { Some(usize::from(self.open[self.rng.usize(0..self.open.len())])) }
    }

    /// Whether the change from one cost to the state's is taken.
    fn takes(&mut self, before: Cost) -> bool {
        let change = Self::worth(self.state.cost) - Self::worth(before);
        change <= 0.0 || (self.temperature > 0.0 && self.rng.f64() < (-change / self.temperature).exp())
    }

    fn step(&mut self) {
        match self.rng.u8(0..100) {
            0..25 => self.shift(),
            25..32 => self.reroom(),
            32..62 => self.move_item(),
            62..76 => self.open_with_item(),
            76..84 => self.swap_items(),
            84..90 => self.reorder(),
            90..94 => self.merge(),
            94..97 => self.split(),
            _ => self.defer(),
        }
    }

    /// Changes one meeting.
    fn change(&mut self, at: usize, slot: Slot) {
        let before = self.state.cost;
        let old = self.state.lift(at);
        self.state.drop(at, slot);
        if self.takes(before) {
            self.keep();
        } else {
            self.state.lift(at);
            self.state.drop(at, old);
        }
    }

    /// Changes two meetings, either of which may be empty before or after.
    fn change_two(&mut self, a: (usize, Slot), b: (usize, Slot)) {
        let before = self.state.cost;
        let old = (self.state.lift(a.0), self.state.lift(b.0));
        self.state.drop(a.0, a.1);
        self.state.drop(b.0, b.1);
        if self.takes(before) {
            self.keep();
        } else {
            self.state.lift(a.0);
            self.state.lift(b.0);
            self.state.drop(a.0, old.0);
            self.state.drop(b.0, old.1);
        }
    }

    /// A start at which every item of a meeting could be by itself: the AND of their bits, each moved by what
    /// comes before it.
    fn a_start(&mut self, slot: &Slot) -> Option<u16> {
        let model = self.state.model;
        self.bits.fill(u64::MAX);
        let mut before = 0;
        for &item in slot.items() {
            let facts = &model.items[usize::from(item)];
            let (words, by) = (before / 64, before % 64);
            for (at, bits) in self.bits.iter_mut().enumerate() {
                let word = |at: usize| facts.start_bits.get(at).copied().unwrap_or(0);
                let high = if by == 0 { 0 } else { word(at + words + 1) << (64 - by) };
                *bits &= word(at + words) >> by | high;
            }
            before += facts.len;
        }
        let many: u32 = self.bits.iter().map(|bits| bits.count_ones()).sum();
        if many == 0 {
            return None;
        }
        let mut left = self.rng.u32(0..many);
        for (at, word) in self.bits.iter().enumerate() {
            if left >= word.count_ones() {
                left -= word.count_ones();
                continue;
            }
            let mut word = *word;
            for _ in 0..left {
                word &= word - 1;
            }
            return Some((at * 64) as u16 + word.trailing_zeros() as u16);
        }
        None
    }

    /// Gives a changed meeting a time at which all its items can be, now and then or when it has none.
    fn retime(&mut self, slot: &mut Slot) {
        if slot.count == 0 {
            return;
        }
        let model = self.state.model;
        let mut at = usize::from(slot.start);
        let fits = slot.items().iter().all(|&item| {
            let facts = &model.items[usize::from(item)];
            let fits = facts.start_bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1);
            at += facts.len;
            fits
        });
        if (!fits || self.rng.u8(0..4) == 0)
            && let Some(start) = self.a_start(slot)
        {
            slot.start = start;
            if self.rng.bool() {
                slot.room = self.rng.usize(0..model.rooms.len()) as u16;
            }
        }
    }

    fn shift(&mut self) {
        let Some(at) = self.any_open() else { return };
        let mut slot = self.state.slots[at];
        if self.rng.u8(0..3) == 0 {
            let by = self.rng.i32(-4..=4);
            let start = i32::from(slot.start) + by;
            if start < 0 || start as usize >= self.state.model.grains {
                return;
            }
            slot.start = start as u16;
        } else {
            let Some(start) = self.a_start(&slot) else { return };
            slot.start = start;
            if self.rng.bool() {
                slot.room = self.rng.usize(0..self.state.model.rooms.len()) as u16;
            }
        }
        self.change(at, slot);
    }

    fn reroom(&mut self) {
        let Some(at) = self.any_open() else { return };
        let mut slot = self.state.slots[at];
        slot.room = self.rng.usize(0..self.state.model.rooms.len()) as u16;
        self.change(at, slot);
    }

    /// An item and where it comes from: its meeting without it, or nothing when it is deferred.
    fn take_item(&mut self) -> Option<(u16, usize, Slot)> {
        let item = self.rng.usize(0..self.state.at.len().max(1));
        let from = *self.state.at.get(item)?;
        if from == NONE {
            return Some((item as u16, usize::MAX, Slot::EMPTY));
        }
        let from = usize::from(from);
        if !self.may_change(from) {
            return None;
        }
        let mut slot = self.state.slots[from];
        let place = slot.items().iter().position(|&i| usize::from(i) == item)?;
        slot.remove(place);
        if place == 0 && self.rng.bool() && slot.count > 0 {
            slot.start = (usize::from(slot.start) + self.state.model.items[item].len) as u16;
        }
        (usize::from(slot.start) < self.state.model.grains).then_some((item as u16, from, slot))
    }

    fn move_item(&mut self) {
        let Some((item, from, rest)) = self.take_item() else { return };
        let Some(to) = self.any_open() else { return };
        let kind = self.state.model.items[usize::from(item)].kind;
        let mut slot = if to == from { rest } else { self.state.slots[to] };
        if usize::from(slot.kind) != kind || slot.is_full() {
            return;
        }
        let place = self.rng.usize(0..=usize::from(slot.count));
        slot.insert(place, item);
        if place == 0 && self.rng.bool() {
            slot.start = slot.start.saturating_sub(self.state.model.items[usize::from(item)].len as u16);
        }
        self.retime(&mut slot);
        if to == from || from == usize::MAX {
            self.change(to, slot);
        } else {
            self.change_two((from, rest), (to, slot));
        }
    }

    fn open_with_item(&mut self) {
        let Some((item, from, rest)) = self.take_item() else { return };
        let facts = &self.state.model.items[usize::from(item)];
        let Some(to) = self.state.free_slot() else { return };
        if facts.starts.is_empty() || self.only.get(to).is_some_and(|only| !only) {
            return;
        }
        let start = facts.starts[self.rng.usize(0..facts.starts.len())];
        let room = self.rng.usize(0..self.state.model.rooms.len()) as u16;
        let mut slot = Slot { kind: facts.kind as u16, room, start, ..Slot::EMPTY };
        slot.insert(0, item);
        if from == usize::MAX {
            self.change(to, slot);
        } else {
            self.change_two((from, rest), (to, slot));
        }
    }

    fn swap_items(&mut self) {
        let n = self.state.at.len();
        if n < 2 {
            return;
        }
        let (i, j) = (self.rng.usize(0..n), self.rng.usize(0..n));
        let (a, b) = (self.state.at[i], self.state.at[j]);
        if i == j || self.state.model.items[i].kind != self.state.model.items[j].kind {
            return;
        }
        let swapped = |slot: &mut Slot| {
            for item in &mut slot.items {
                let new = if usize::from(*item) == i { j } else { i };
                if usize::from(*item) == i || usize::from(*item) == j {
                    *item = new as u16;
                }
            }
        };
        match (a, b) {
            (NONE, NONE) => {}
            (NONE, only) | (only, NONE) => {
                let at = usize::from(only);
                let mut slot = self.state.slots[at];
                swapped(&mut slot);
                if self.may_change(at) {
                    self.change(at, slot);
                }
            }
            _ => {
                let (a, b) = (usize::from(a), usize::from(b));
                let (mut first, mut second) = (self.state.slots[a], self.state.slots[b]);
                swapped(&mut first);
                swapped(&mut second);
                self.retime(&mut first);
                self.retime(&mut second);
                if self.may_change(a) && a == b {
                    self.change(a, first);
                } else if self.may_change(a) && self.may_change(b) {
                    self.change_two((a, first), (b, second));
                }
            }
        }
    }

    fn reorder(&mut self) {
        let Some(at) = self.any_open() else { return };
        let mut slot = self.state.slots[at];
        let count = usize::from(slot.count);
        if count < 2 {
            return;
        }
        let (from, to) = (self.rng.usize(0..count), self.rng.usize(0..count));
        let item = slot.remove(from);
        slot.insert(to, item);
        self.retime(&mut slot);
        self.change(at, slot);
    }

    fn merge(&mut self) {
        let (Some(a), Some(b)) = (self.any_open(), self.any_open()) else { return };
        let (mut into, from) = (self.state.slots[a], self.state.slots[b]);
        if a == b || into.kind != from.kind || usize::from(into.count + from.count) > into.items.len() {
            return;
        }
        for &item in from.items() {
            into.insert(usize::from(into.count), item);
        }
        self.retime(&mut into);
        self.change_two((b, Slot::EMPTY), (a, into));
    }

    fn split(&mut self) {
        let Some(at) = self.any_open() else { return };
        let mut first = self.state.slots[at];
        let Some(to) = self.state.free_slot() else { return };
        if first.count < 2 || self.only.get(to).is_some_and(|only| !only) {
            return;
        }
        let keep = self.rng.u16(1..first.count);
        let mut second = Slot { count: 0, ..first };
        while first.count > keep {
            let item = first.remove(usize::from(first.count) - 1);
            second.insert(0, item);
        }
        if let Some(start) = self.a_start(&second) {
            second.start = start;
            second.room = self.rng.usize(0..self.state.model.rooms.len()) as u16;
            self.change_two((at, first), (to, second));
        }
    }

    fn defer(&mut self) {
        if let Some((_, from, rest)) = self.take_item()
            && from != usize::MAX
        {
            self.change(from, rest);
        }
    }

    /// Places what is deferred, least slack first.
    pub fn construct(&mut self) {
        let model = self.state.model;
        self.loose.clear();
        for item in 0..model.items.len() {
            if self.state.at[item] == NONE {
                self.loose.push(item as u16);
            }
        }
        self.loose.sort_by_key(|&i| {
            let facts = &model.items[usize::from(i)];
            (facts.starts.len(), std::cmp::Reverse(facts.len * facts.required_set.count_ones() as usize))
        });
        self.insert_loose();
    }

    fn insert_loose(&mut self) {
        for k in 0..self.loose.len() {
            let item = self.loose[k];
            if self.state.at[usize::from(item)] == NONE {
                self.insert_best(item);
            }
        }
    }

    /// Puts an item where it costs least, or leaves it deferred.
    fn insert_best(&mut self, item: u16) {
        let model = self.state.model;
        let facts = &model.items[usize::from(item)];
        let before = self.state.cost;
        let mut best = (before, usize::MAX, Slot::EMPTY);
        self.find_open();
        for k in 0..self.open.len() {
            let at = usize::from(self.open[k]);
            let old = self.state.slots[at];
            if usize::from(old.kind) != facts.kind || old.is_full() {
                continue;
            }
            for place in 0..=usize::from(old.count) {
                let mut slot = old;
                slot.insert(place, item);
                self.try_slot(at, slot, &mut best);
            }
        }
        if let Some(to) = self.state.free_slot().filter(|&to| self.only.get(to).is_none_or(|only| *only)) {
            let tries = facts.starts.len().min(24);
            for k in 0..tries {
                // Half spread over the whole time, half at random.
                let at = if k % 2 == 0 { k * facts.starts.len() / tries } else { self.rng.usize(0..facts.starts.len()) };
                for room in 0..model.rooms.len().min(8) {
                    let room = if model.rooms.len() <= 8 { room } else { self.rng.usize(0..model.rooms.len()) };
                    let kind = facts.kind as u16;
                    let mut slot = Slot { kind, room: room as u16, start: facts.starts[at], ..Slot::EMPTY };
                    slot.insert(0, item);
                    self.try_slot(to, slot, &mut best);
                }
            }
        }
        if best.1 != usize::MAX {
            self.state.lift(best.1);
            self.state.drop(best.1, best.2);
        }
    }

    fn try_slot(&mut self, at: usize, slot: Slot, best: &mut (Cost, usize, Slot)) {
        let old = self.state.lift(at);
        self.state.drop(at, slot);
        if self.state.cost < best.0 {
            *best = (self.state.cost, at, slot);
        }
        self.state.lift(at);
        self.state.drop(at, old);
    }

    /// Large neighbourhood: frees a day, an agency or an agenda, and inserts again.
    fn rebuild_part(&mut self) {
        let model = self.state.model;
        self.loose.clear();
        let day = self.rng.usize(0..model.days.len());
        let agency = self.rng.usize(0..model.agencies.len());
        let how = self.rng.u8(0..3);
        let one = self.any_open().unwrap_or(usize::MAX);
        for at in 0..self.state.slots.len() {
            if !self.state.is_open(at) || !self.may_change(at) {
                continue;
            }
            let mut slot = self.state.slots[at];
            let whole = match how {
                0 => model.day_of(usize::from(slot.start)).abs_diff(day) <= 1,
                1 => false,
                _ => at == one,
            };
            let kept = slot;
            slot.count = 0;
            for &item in kept.items() {
                let hit = how == 1 && model.items[usize::from(item)].all_set >> agency & 1 == 1;
                if whole || hit {
                    self.loose.push(item);
                } else {
                    slot.insert(usize::from(slot.count), item);
                }
            }
            if slot.count < kept.count {
                self.state.lift(at);
                self.state.drop(at, slot);
            }
        }
        self.rng.shuffle(&mut self.loose);
        for item in 0..self.state.at.len() {
            if self.state.at[item] == NONE && !self.loose.contains(&(item as u16)) {
                self.loose.push(item as u16);
            }
        }
        self.insert_loose();
        self.keep();
    }

    /// The exact order of every agenda, taken where it is no worse.
    pub fn polish(&mut self) {
        for at in 0..self.state.slots.len() {
            if !self.state.is_open(at) || !self.may_change(at) || self.state.slots[at].count < 3 {
                continue;
            }
            let old = self.state.slots[at];
            let mut slot = old;
            super::agenda::reorder(self.state.model, &mut slot);
            let before = self.state.cost;
            self.state.lift(at);
            self.state.drop(at, slot);
            if self.state.cost > before {
                self.state.lift(at);
                self.state.drop(at, old);
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
                assert_eq!(state::State::load(&model, &plan).cost, search.state.cost);
            }
        }
    }
}
