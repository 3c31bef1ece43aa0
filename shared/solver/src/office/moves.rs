//! The moves of the search: each changes one meeting or two, and is taken or undone.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes are those of the model")]

use super::{
    Level,
    search::{Search, worth},
    state::{NONE, Slot},
};

/// Below this temperature a hard conflict is never taken into a plan that has none.
const WARM: f64 = 20.0;

impl Search<'_> {
    /// A move of one meeting or two; every second one of sets.
    pub(super) fn step(&mut self) {
        if self.rng.bool() {
            self.rearrange();
            return;
        }
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
        if self.hopeless(&slot) {
            return;
        }
        let (slack, least) = (self.slack(), worth(self.state.least_change(&[(at, slot)])));
        if least as f64 > slack {
            return;
        }
        let before = self.state.cost;
        let old = self.state.lift(at);
        self.state.drop(at, slot);
        if self.takes(before, least, slack) {
            self.keep();
        } else {
            self.state.lift(at);
            self.state.put_back(at, old);
        }
    }

    /// Changes two meetings, either of which may be empty before or after.
    fn change_two(&mut self, a: (usize, Slot), b: (usize, Slot)) {
        if self.hopeless(&a.1) || self.hopeless(&b.1) {
            return;
        }
        let (slack, least) = (self.slack(), worth(self.state.least_change(&[a, b])));
        if least as f64 > slack {
            return;
        }
        let before = self.state.cost;
        let old = (self.state.lift(a.0), self.state.lift(b.0));
        self.state.drop(a.0, a.1);
        self.state.drop(b.0, b.1);
        if self.takes(before, least, slack) {
            self.keep();
        } else {
            self.state.lift(a.0);
            self.state.lift(b.0);
            self.state.put_back(a.0, old.0);
            self.state.put_back(b.0, old.1);
        }
    }

    /// Whether a meeting would break a hard rule by itself while the plan breaks none and it is cool: known
    /// from a few bits, without lifting anything.
    fn hopeless(&self, slot: &Slot) -> bool {
        self.temperature <= WARM && self.state.cost.at(Level::Hard) == 0 && !self.fits(slot)
    }

    /// Whether each item of a meeting could be where it is by itself.
    fn fits(&self, slot: &Slot) -> bool {
        let mut at = usize::from(slot.start);
        slot.items().iter().enumerate().all(|(place, &item)| {
            let facts = &self.state.model.items[usize::from(item)];
            let fits = if place == 0 { facts.can_begin(at) } else { facts.can_follow(at) };
            at += facts.len;
            fits
        })
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
            let fits = if before == 0 { &facts.start_bits } else { &facts.inside_bits };
            for (at, bits) in self.bits.iter_mut().enumerate() {
                let word = |at: usize| fits.get(at).copied().unwrap_or(0);
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
        let fits = self.fits(slot);
        if (!fits || self.rng.u8(0..4) == 0)
            && let Some(start) = self.a_start(slot)
        {
            slot.start = start;
            if self.rng.bool() {
                slot.room = self.rng.usize(0..self.state.model.rooms.len()) as u16;
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        budget::Budget,
        office::{Model, Window, generate},
    };

    #[test]
    fn an_agenda_goes_on_behind_the_hours_in_which_it_may_begin() {
        let mut problem = generate::planted(generate::Sizes { busy: 0, ..generate::Sizes::MONTH }, 7).problem;
        let (from, to) = (problem.from, problem.to);
        for kind in &mut problem.kinds {
            kind.windows = vec![Window { from, to, from_minute: 510, to_minute: 525 }];
        }
        for item in &mut problem.items {
            (item.statutory, item.earliest, item.internal) = (None, None, None);
            item.kind.clone_from(&problem.kinds[0].name);
        }
        let model = Model::new(&problem, &calendar::Calendar::shipped()).expect("a sound problem");
        let mut search = Search::new(&model, None, Budget::Iterations(0), 1);
        let mut slot = Slot::EMPTY;
        slot.insert(0, 0);
        slot.insert(1, 1);
        slot.start = search.a_start(&slot).expect("a start for both");
        assert!(search.fits(&slot));
        assert!(model.kinds[0].window[usize::from(slot.start)]);
    }
}
