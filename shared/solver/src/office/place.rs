//! Puts sets of items where they cost least beside the rest of the plan, if that may be taken.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are those of the model")]

use super::{
    agendas::Start,
    rearrange::CHANGED,
    search::{Search, worth},
    state::{Lifted, Slot},
    together::{Items, Together},
};

impl Search<'_> {
    /// Changes meetings to other items, and takes it or undoes it.
    pub(super) fn try_out(&mut self, changed: &[(usize, Items)]) {
        self.agendas.make_room();
        let mut sets = [Together::default(); CHANGED];
        for ((_, items), set) in
            changed.iter().zip(&mut sets).filter(|((_, items), _)| !items.get().is_empty())
        {
            *set = self.sets.of(self.state.model, items.get());
            if set.rooms == 0 {
                return;
            }
        }
        let slack = self.slack();
        let Some(most) = self.promise(changed, &sets, slack as i64) else { return };
        let before = worth(self.state.cost);
        let mut old = [Lifted::NOTHING; CHANGED];
        for ((at, _), old) in changed.iter().zip(&mut old) {
            *old = self.state.lift(*at);
        }
        let mut placed = 0;
        for (((at, items), set), most) in changed.iter().zip(&sets).zip(most) {
            if !items.get().is_empty() {
                let Some(slot) = self.best_place(items.get(), set, most) else { break };
                self.state.drop(*at, slot);
            }
            placed += 1;
        }
        if placed == changed.len() && (worth(self.state.cost) - before) as f64 <= slack {
            self.keep();
            return;
        }
        for (at, _) in &changed[..placed] {
            self.state.lift(*at);
        }
        for ((at, _), old) in changed.iter().zip(old) {
            self.state.put_back(*at, old);
        }
    }

    /// The most that each meeting may cost, room apart, so that all of it may be taken; nothing when it never may.
    /// Nothing is lifted for it: meetings could clash no less than not at all.
    fn promise(
        &mut self,
        changed: &[(usize, Items)],
        sets: &[Together],
        slack: i64,
    ) -> Option<[i64; CHANGED]> {
        let before = worth(self.state.cost);
        for (at, _) in changed {
            self.state.travel_if_open(*at, -1);
        }
        let mut left = slack + before - worth(self.state.cost);
        for (at, items) in changed {
            left += worth(self.state.own_cost(*at));
            left += items.get().iter().map(|&item| self.sets.deferred[usize::from(item)]).sum::<i64>();
        }
        let promised = self.share(changed, sets, left);
        for (at, _) in changed {
            self.state.travel_if_open(*at, 1);
        }
        promised
    }

    /// Shares out what all meetings may cost: each must leave the others the least that they cost.
    fn share(
        &mut self,
        changed: &[(usize, Items)],
        sets: &[Together],
        mut left: i64,
    ) -> Option<[i64; CHANGED]> {
        let model = self.state.model;
        let mut least = [0; CHANGED];
        let filled = |k: &usize| !changed[*k].1.get().is_empty();
        for k in (0..changed.len()).filter(filled) {
            let fewest = self.state.here.iter().map(|here| (sets[k].all & !here).count_ones()).min();
            least[k] = sets[k].least + model.weights.journey * i64::from(fewest.unwrap_or(0));
            left -= least[k];
        }
        if left < 0 {
            return None;
        }
        for k in (0..changed.len()).filter(filled) {
            let mut best = None;
            self.days_within(&sets[k], least[k] + left);
            for n in 0..self.days.len() {
                let (journeys, day) = self.days[n];
                if best.is_some_and(|best| sets[k].least + journeys >= best) {
                    break;
                }
                let on = self.agendas.on(model, changed[k].1.get(), &sets[k], usize::from(day));
                best = on.least.map(|least| least + journeys).into_iter().chain(best).min();
            }
            let best = best.filter(|&best| best <= least[k] + left)?;
            left -= best - least[k];
            least[k] = best;
        }
        Some(least.map(|least| least + left))
    }

    /// The days on which a set could cost no more than this, with the journeys, the fewest first.
    fn days_within(&mut self, set: &Together, most: i64) {
        let journey = self.state.model.weights.journey;
        self.days.clear();
        for (day, here) in self.state.here.iter().enumerate() {
            let journeys = journey * i64::from((set.all & !here).count_ones());
            if set.least + journeys <= most {
                self.days.push((journeys, day as u16));
            }
        }
        self.days.sort_unstable();
    }

    /// The best time and room of some items beside the rest, that costs no more than this.
    fn best_place(&mut self, items: &[u16], set: &Together, most: i64) -> Option<Slot> {
        let model = self.state.model;
        let mut best = (most.saturating_add(1), None);
        self.days_within(set, most);
        for n in 0..self.days.len() {
            let (journeys, day) = self.days[n];
            if set.least + journeys >= best.0 {
                break;
            }
            let on = self.agendas.on(model, items, set, usize::from(day));
            for start in self.agendas.starts(on) {
                let cost = start.cost + journeys;
                if cost >= best.0 {
                    break;
                }
                let Some(room) = self.free_room(items, set, start) else { continue };
                let empty = (model.rooms[usize::from(room)].capacity - set.people) / 4;
                let cost = cost + model.weights.room_fit * i64::from(empty);
                if cost < best.0 {
                    best = (cost, Some((*start, room)));
                }
            }
        }
        let (start, room) = best.1?;
        let kind = model.items[usize::from(items[0])].kind as u16;
        let mut slot = Slot { kind, room, start: start.grain, ..Slot::EMPTY };
        for (at, &place) in start.order[..items.len()].iter().enumerate() {
            slot.insert(at, items[usize::from(place)]);
        }
        Some(slot)
    }

    /// The smallest room that is free, if everybody is.
    fn free_room(&self, items: &[u16], set: &Together, start: &Start) -> Option<u16> {
        let (mut grain, mut rooms, mut clash) = (usize::from(start.grain), set.rooms, 0);
        for &place in &start.order[..items.len()] {
            let facts = &self.state.model.items[usize::from(items[usize::from(place)])];
            for at in grain..grain + facts.len {
                clash |= facts.all_set & self.state.taken[at];
                rooms &= !self.state.rooms_taken[at];
            }
            grain += facts.len;
        }
        (clash == 0 && rooms != 0).then(|| self.sets.rooms[rooms.trailing_zeros() as usize])
    }
}
