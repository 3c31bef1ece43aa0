//! Construction, and the large neighbourhood: a part of the plan is torn down and put together again.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are those of the model")]

use super::{
    Cost,
    search::Search,
    state::{NONE, Slot},
};

impl Search<'_> {
    /// Places what is deferred, least slack first.
    pub(super) fn construct(&mut self) {
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
                let at = if k % 2 == 0 {
                    k * facts.starts.len() / tries
                } else {
                    self.rng.usize(0..facts.starts.len())
                };
                for room in 0..model.rooms.len().min(8) {
                    let room =
                        if model.rooms.len() <= 8 { room } else { self.rng.usize(0..model.rooms.len()) };
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
        self.state.put_back(at, old);
    }

    /// Large neighbourhood: frees a day, an agency or an agenda, and inserts again.
    pub(super) fn rebuild_part(&mut self) {
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
}
