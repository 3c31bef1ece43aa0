//! A plan as items on half days. How the items of a half day are shared out to meetings, when, where and in which
//! order, is worked out (`divisions.rs`), so that a move (`half_moves.rs`) only says which items change places.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of half days")]

use super::{
    Cost, Level,
    divisions::{Beside, Division, Divisions},
    halves::each,
    meeting_cost::breaks,
    search::worth,
    state::{NONE, Slot},
};

/// Half days that one move changes at most.
pub(super) const CHANGED: usize = 3;
/// Items that one move takes elsewhere at most.
pub(super) const MOVED: usize = 16;
/// More than any half day may cost.
const DEAR: i64 = 1 << 40;

/// A half day and what it holds.
#[derive(Clone, Copy, Default)]
pub(super) struct Held {
    pub items: u64,
    /// Everybody who comes.
    all: u128,
    pub division: Division,
}

/// What a move changes: half days, and the items of each; items, and the half day of each.
#[derive(Default)]
pub(super) struct Change {
    pub count: usize,
    pub halves: [(usize, u64); CHANGED],
    pub moved: [(usize, u16); MOVED],
    pub moves: usize,
}

/// Items on half days.
pub(super) struct ByHalves<'a> {
    pub divisions: Divisions<'a>,
    /// The half day of each item, of those of published meetings too.
    pub at: Vec<u16>,
    /// Items that may be moved.
    pub items: Vec<usize>,
    /// Half days on which each could be.
    pub open_to: Vec<Vec<u16>>,
    pub held: Vec<Held>,
    /// Who comes on each day anyway.
    here: Vec<u128>,
    cost: i64,
    best: Vec<Held>,
    best_cost: i64,
}

/// A plan that is not to be changed here.
pub(super) struct Given {
    pub beside: Beside,
    pub here: Vec<u128>,
    /// The grain of each item that is in it.
    pub start: Vec<Option<usize>>,
}

impl<'a> ByHalves<'a> {
    pub fn new(divisions: Divisions<'a>) -> Self {
        let (halves, items) = (divisions.halves.all.len(), divisions.model.items.len());
        let open_to = (0..items).map(|item| divisions.halves.open_to(item).collect()).collect();
        Self {
            at: vec![NONE; items],
            items: Vec::with_capacity(items),
            open_to,
            held: vec![Held::default(); halves],
            here: vec![0; divisions.model.days.len()],
            cost: 0,
            best: vec![Held::default(); halves],
            best_cost: 0,
            divisions,
        }
    }

    /// Begins beside what is given, with these meetings as far as they suit.
    pub fn begin(&mut self, given: Given, meetings: &[Slot]) {
        self.divisions.renew(given.beside);
        self.here = given.here;
        self.items.clear();
        let halves = &self.divisions.halves;
        for (item, start) in given.start.iter().enumerate() {
            self.at[item] = start.map_or(NONE, |grain| halves.of_grain(grain) as u16);
            if start.is_none() && !self.open_to[item].is_empty() {
                self.items.push(item);
            }
        }
        self.held.fill(Held::default());
        for slot in meetings {
            self.take_in(slot);
        }
        self.cost = (0..self.held.len()).map(|half| self.divide_first(half)).sum();
        self.cost += self.disorder();
        let left_out = self.items.iter().filter(|item| self.at[**item] == NONE);
        self.cost += left_out.map(|&item| self.divisions.deferred(item)).sum::<i64>();
        let days = self.divisions.halves.of_day.iter().filter(|(from, to)| from < to);
        self.cost += days.map(|(first, _)| self.journeys(*first)).sum::<i64>();
        self.keep();
    }

    /// Takes in a meeting, unless an item of it could not be where it is.
    fn take_in(&mut self, slot: &Slot) {
        let half = self.divisions.halves.of_grain(usize::from(slot.start));
        let items = slot.items().iter().map(|&item| usize::from(item));
        if items.clone().all(|item| self.divisions.halves.stay(item, half).begins != 0) {
            let set = items.fold(0, |set, item| set | 1_u64 << item);
            self.held[half].items |= set;
            self.held[half].division.expect(set);
        }
    }

    /// Divides a half day whose items were taken in, or leaves them out; tells what it costs.
    fn divide_first(&mut self, half: usize) -> i64 {
        let Held { items, division, .. } = self.held[half];
        let Some(division) = self.divisions.of(items, half, DEAR, &division) else {
            self.held[half] = Held::default();
            return 0;
        };
        self.held[half] = Held { items, all: self.divisions.attending(items), division };
        each(items).for_each(|item| self.at[item] = half as u16);
        division.cost
    }

    fn keep(&mut self) {
        self.best_cost = self.cost;
        self.best.copy_from_slice(&self.held);
    }

    /// The best plan's meetings.
    pub fn meetings(&self) -> impl Iterator<Item = Slot> + '_ {
        self.best.iter().enumerate().flat_map(move |(half, held)| {
            held.division.meetings().iter().map(move |meets| {
                let time = self.divisions.time(meets);
                let first = self.divisions.halves.all[half].first;
                let kind = self.divisions.model.items[usize::from(time.order[0])].kind as u16;
                let start = (first + usize::from(time.at)) as u16;
                let mut slot = Slot { kind, room: meets.room, start, ..Slot::EMPTY };
                for (place, &item) in time.order[..usize::from(time.count)].iter().enumerate() {
                    slot.insert(place, u16::from(item));
                }
                slot
            })
        })
    }

    /// Rules of order that are broken; within a half day its division keeps them.
    fn disorder(&self) -> i64 {
        let place = |item: usize| (self.at[item] != NONE).then(|| usize::from(self.at[item]));
        let broken = |&&(first, second): &&(usize, usize)| {
            breaks(place(first).map(|half| (half, half)), place(second).map(|half| (half, half)))
        };
        let mut one = Cost::default();
        one.add(Level::Hard, 1);
        self.divisions.model.rules.iter().filter(broken).count() as i64 * worth(one)
    }

    fn journeys(&self, half: usize) -> i64 {
        let day = self.divisions.halves.all[half].day;
        let (from, to) = self.divisions.halves.of_day[day];
        let all = self.held[from..to].iter().fold(0, |all, held| all | held.all) & !self.here[day];
        self.divisions.model.weights.journey * i64::from(all.count_ones())
    }

    /// The journeys to the half days of a change, each day once.
    fn all_journeys(&self, change: &Change) -> i64 {
        let days = &self.divisions.halves.all;
        let halves = &change.halves[..change.count];
        let first =
            |k: &usize| !halves[..*k].iter().any(|(half, _)| days[*half].day == days[halves[*k].0].day);
        (0..halves.len()).filter(first).map(|k| self.journeys(halves[k].0)).sum()
    }

    /// Makes a change if it costs no more than this.
    pub fn try_out(&mut self, mut change: Change, slack: i64) {
        let ordered = change.moved[..change.moves]
            .iter()
            .any(|(item, _)| !self.divisions.model.items[*item].rules.is_empty());
        let mut before = self.all_journeys(&change) + if ordered { self.disorder() } else { 0 };
        let mut old = [Held::default(); CHANGED];
        for (k, old) in old.iter_mut().enumerate().take(change.count) {
            let (half, items) = change.halves[k];
            *old = self.held[half];
            before += old.division.cost;
            self.held[half].items = items;
            self.held[half].all = self.divisions.attending(items);
        }
        let mut after = self.swap_places(&mut change);
        after += self.all_journeys(&change) + if ordered { self.disorder() } else { 0 };
        if !self.divide(&change, slack + before - after) {
            for (k, old) in old.iter().enumerate().take(change.count) {
                self.held[change.halves[k].0] = *old;
            }
            self.swap_places(&mut change);
            return;
        }
        after += (0..change.count).map(|k| self.held[change.halves[k].0].division.cost).sum::<i64>();
        self.cost += after - before;
        if self.cost < self.best_cost {
            self.keep();
        }
    }

    /// Gives each moved item its place and remembers the old one; tells what items left out or taken in change.
    fn swap_places(&mut self, change: &mut Change) -> i64 {
        let mut cost = 0;
        for (item, half) in &mut change.moved[..change.moves] {
            std::mem::swap(&mut self.at[*item], half);
            let deferred = self.divisions.deferred(*item);
            cost += i64::from(self.at[*item] == NONE) * deferred - i64::from(*half == NONE) * deferred;
        }
        cost
    }

    /// Divides the changed half days anew, if all together they cost no more than this.
    fn divide(&mut self, change: &Change, most: i64) -> bool {
        let mut left = most;
        let mut least = [0; CHANGED];
        for (k, least) in least.iter_mut().enumerate().take(change.count) {
            let (half, items) = change.halves[k];
            let Some(at_least) = self.divisions.least(items, half) else { return false };
            *least = at_least;
            left -= at_least;
        }
        if left < 0 {
            return false;
        }
        for (k, least) in least.iter().enumerate().take(change.count) {
            let (half, items) = change.halves[k];
            let before = self.held[half].division;
            let Some(division) = self.divisions.of(items, half, least + left, &before) else { return false };
            left -= division.cost - least;
            self.held[half].division = division;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        budget::Budget,
        office::{
            Model, Plan,
            generate::{Sizes, planted},
            search::Search,
            state::State,
        },
    };

    /// What a plan costs of which the first meetings are published and the others found by half days.
    fn worth_of(model: &Model, published: &Plan, by_halves: &ByHalves<'_>) -> i64 {
        let mut state = State::load(model, published);
        for slot in by_halves.meetings() {
            let at = state.free_slot().expect("a place");
            state.drop(at, slot);
        }
        worth(state.cost)
    }

    #[test]
    fn what_it_counts_is_what_the_plan_costs() {
        for seed in 0..6 {
            let planted = planted(Sizes { busy: 20, ..Sizes::MONTH }, seed);
            let mut problem = planted.problem;
            if seed % 2 == 1 {
                problem.published = planted.plan.into_iter().take(4).collect();
                problem.published.iter_mut().for_each(|meeting| meeting.frozen = true);
                // Of a given meeting only its half day is known here, not whether it is before another on it.
                problem.items.iter_mut().for_each(|item| item.after.clear());
            }
            problem.agencies[3].delegations = 2;
            problem.items[0].alone = true;
            problem.items[1].chair = Some(problem.agencies[2].code.clone());
            let model = Model::new(&problem, &calendar::Calendar::shipped()).expect("a sound problem");
            let published = crate::office::published(&model);
            let mut search = Search::new(&model, Some(&published), Budget::Iterations(0), seed);
            let mut by_halves = search.by_halves().expect("it suits");
            by_halves.begin(search.given(), &[]);
            let nothing = worth_of(&model, &published, &by_halves) - by_halves.best_cost;
            for round in 0..20 {
                for _ in 0..300 {
                    by_halves.step(40.0, &mut search.rng);
                }
                let counted = by_halves.best_cost + nothing;
                assert_eq!(worth_of(&model, &published, &by_halves), counted, "seed {seed}, round {round}");
                let meetings: Vec<Slot> = by_halves.meetings().collect();
                by_halves.begin(search.given(), &meetings);
                let taken_in = by_halves.best_cost + nothing;
                assert!(taken_in <= counted, "seed {seed}, round {round}: {counted}, then {taken_in}");
                assert_eq!(worth_of(&model, &published, &by_halves), taken_in, "seed {seed}, round {round}");
            }
            let left_out = by_halves.at.iter().filter(|at| **at == NONE).count();
            assert_eq!(left_out, 0, "seed {seed}");
        }
    }
}
