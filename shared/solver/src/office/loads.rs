//! What the meetings of a plan take of agencies, rooms and days: counted up and down as each is dropped and lifted.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of the model")]

use super::{
    Constraint, Level, Model, meeting_cost,
    plan::bits,
    state::{NONE, Slot, State},
};

/// Counts: meetings per agency and grain, per room and grain, per agency and day.
#[derive(Clone)]
pub(super) struct Loads {
    required: Vec<u8>,
    optional: Vec<u8>,
    rooms: Vec<u8>,
    visits: Vec<u8>,
    broken: Vec<bool>,
    /// Each room's rank, if it has one.
    ranks: Vec<Option<usize>>,
}

impl Loads {
    pub fn new(model: &Model) -> Self {
        let mut ranks = vec![None; model.rooms.len()];
        for (rank, room) in model.rooms_by_rank().enumerate() {
            ranks[room] = Some(rank);
        }
        Self {
            required: vec![0; model.agencies.len() * model.grains],
            optional: vec![0; model.agencies.len() * model.grains],
            rooms: vec![0; model.rooms.len() * model.grains],
            visits: vec![0; model.agencies.len() * model.days.len()],
            broken: vec![false; model.rules.len()],
            ranks,
        }
    }
}

const fn set_bit(bits: &mut u128, bit: usize, on: bool) {
    if on {
        *bits |= 1 << bit;
    } else {
        *bits &= !(1 << bit);
    }
}

impl State<'_> {
    pub(super) fn settle(&mut self, at: usize, slot: &Slot, sign: i64) {
        let model = self.model;
        let (kind, start, room) = (usize::from(slot.kind), usize::from(slot.start), usize::from(slot.room));
        self.cost.add_all(self.own[at].0, sign);
        let mut grain = start;
        for &item in slot.items() {
            let i = usize::from(item);
            let (from, to) = (grain, grain + model.items[i].len);
            self.attend(i, from, to.min(model.grains), sign);
            self.at[i] = if sign > 0 { at as u16 } else { NONE };
            (self.start[i], self.end[i]) = (from as u16, to as u16);
            grain = to;
        }
        self.travel(at, sign);
        self.room(room, start, grain.min(model.grains), sign);
        if model.kinds[kind].spacing > 0 {
            self.spacing(at, kind, start, sign);
        }
        for &item in slot.items() {
            self.follow_rules(usize::from(item));
        }
    }

    /// The journeys to a meeting as it was dropped.
    pub(super) fn travel(&mut self, at: usize, sign: i64) {
        let day = self.model.day_of(usize::from(self.slots[at].start));
        self.journeys(self.own[at].1, day, sign);
    }

    fn attend(&mut self, item: usize, from: usize, to: usize, sign: i64) {
        let model = self.model;
        let facts = &model.items[item];
        let optional_weight = model.weights.of(Constraint::OptionalTwice);
        let mut twice = (0, 0);
        let mut visit = |agency: usize, required: bool| {
            let delegations = i64::from(model.agencies[agency].delegations);
            for grain in agency * model.grains + from..agency * model.grains + to {
                let (r, o) = (&mut self.loads.required[grain], &mut self.loads.optional[grain]);
                let price = |r: u8, o: u8| {
                    let (r, o) = (i64::from(r), i64::from(o));
                    let hard = (r - delegations).max(0);
                    (hard, (r + o - delegations).max(0) - hard)
                };
                let before = price(*r, *o);
                let load = if required { &mut *r } else { &mut *o };
                *load = if sign > 0 { load.saturating_add(1) } else { load.saturating_sub(1) };
                let after = price(*r, *o);
                twice = (twice.0 + after.0 - before.0, twice.1 + after.1 - before.1);
                let full = i64::from(*r) + i64::from(*o) >= delegations;
                set_bit(&mut self.taken[grain - agency * model.grains], agency, full);
            }
        };
        for agency in facts.required() {
            visit(agency, true);
        }
        for &agency in &facts.optional {
            visit(agency, false);
        }
        self.cost.add(Level::Hard, twice.0);
        self.cost.add(Level::Attendance, twice.1 * optional_weight);
        self.optional_twice += twice.1 * optional_weight;
    }

    pub(super) fn journeys(&mut self, all: u128, day: usize, sign: i64) {
        let weight = self.model.weights.journey;
        let days = self.model.days.len();
        for agency in bits(all) {
            let visits = &mut self.loads.visits[agency * days + day];
            let before = i64::from(*visits > 0);
            *visits = if sign > 0 { visits.saturating_add(1) } else { visits.saturating_sub(1) };
            let comes = *visits > 0;
            set_bit(&mut self.here[day], agency, comes);
            self.cost.add(Level::Comfort, weight * (i64::from(comes) - before));
        }
    }

    fn room(&mut self, room: usize, from: usize, to: usize, sign: i64) {
        let grains = self.model.grains;
        let mut twice = 0;
        for grain in from..to {
            let taken = &mut self.loads.rooms[room * grains + grain];
            let before = i64::from(taken.saturating_sub(1));
            *taken = if sign > 0 { taken.saturating_add(1) } else { taken.saturating_sub(1) };
            twice += i64::from(taken.saturating_sub(1)) - before;
            if let Some(rank) = self.loads.ranks[room] {
                let now = *taken > 0 || self.model.rooms[room].busy[grain];
                set_bit(&mut self.rooms_taken[grain], rank, now);
            }
        }
        self.cost.add(Level::Hard, twice);
    }

    fn spacing(&mut self, at: usize, kind: usize, start: usize, sign: i64) {
        let model = self.model;
        let on = model.days[model.day_of(start)];
        let close = self.slots.iter().enumerate().filter(|(other, slot)| {
            *other != at
                && self.down[*other]
                && usize::from(slot.kind) == kind
                && (model.days[model.day_of(usize::from(slot.start))] - on).num_days().abs()
                    < model.kinds[kind].spacing
        });
        let close = close.count() as i64;
        self.cost.add(Level::Hard, sign * close);
    }

    fn follow_rules(&mut self, item: usize) {
        let place =
            |i: usize| (self.at[i] != NONE).then(|| (usize::from(self.start[i]), usize::from(self.end[i])));
        let mut change = 0;
        for &rule in &self.model.items[item].rules {
            let (first, second) = self.model.rules[rule];
            let now = meeting_cost::breaks(place(first), place(second));
            change += i64::from(now) - i64::from(self.loads.broken[rule]);
            self.loads.broken[rule] = now;
        }
        self.cost.add(Level::Hard, change);
    }
}
