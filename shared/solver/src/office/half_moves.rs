//! The moves by half days: which half day an item meets on is drawn, for one item or a few.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "slack is a small number")]

use fastrand::Rng;

use super::{
    by_halves::{ByHalves, CHANGED, Change, MOVED},
    halves::each,
    state::NONE,
};

impl ByHalves<'_> {
    /// Tries one move at a temperature.
    pub fn step(&mut self, temperature: f64, rng: &mut Rng) {
        if self.items.is_empty() {
            return;
        }
        let change = match rng.u8(0..100) {
            0..68 => self.relocate(rng),
            68..80 => self.exchange(rng),
            80..94 => self.push_on(rng),
            _ => self.take_meeting(rng),
        };
        if let Some(change) = change {
            let slack = -temperature * (1.0 - rng.f64()).ln();
            self.try_out(change, slack as i64);
        }
    }

    fn an_item(&self, rng: &mut Rng) -> usize {
        self.items[rng.usize(0..self.items.len())]
    }

    /// Any half day on which an item could be.
    fn a_half(&self, item: usize, rng: &mut Rng) -> u16 {
        let open = &self.open_to[item];
        open[rng.usize(0..open.len())]
    }

    /// Items go to half days, from theirs or from none.
    fn change(&self, moves: impl IntoIterator<Item = (usize, u16)>) -> Option<Change> {
        let mut change = Change::default();
        for (item, to) in moves {
            let open = to == NONE || self.divisions.halves.stay(item, usize::from(to)).begins != 0;
            if change.moves == MOVED || !open {
                return None;
            }
            change.moved[change.moves] = (item, to);
            change.moves += 1;
            let from = self.at[item];
            for (half, there) in [(from, false), (to, true)].into_iter().filter(|(half, _)| *half != NONE) {
                let half = usize::from(half);
                let known = change.halves[..change.count].iter().position(|(known, _)| *known == half);
                let at = known.unwrap_or(change.count);
                if at == CHANGED {
                    return None;
                }
                if at == change.count {
                    change.halves[at] = (half, self.held[half].items);
                    change.count += 1;
                }
                let items = &mut change.halves[at].1;
                *items = if there { *items | 1 << item } else { *items & !(1 << item) };
            }
        }
        Some(change)
    }

    fn relocate(&self, rng: &mut Rng) -> Option<Change> {
        let item = self.an_item(rng);
        let to = self.a_half(item, rng);
        if to == self.at[item] { None } else { self.change([(item, to)]) }
    }

    fn exchange(&self, rng: &mut Rng) -> Option<Change> {
        let (i, j) = (self.an_item(rng), self.an_item(rng));
        if self.at[i] == self.at[j] { None } else { self.change([(i, self.at[j]), (j, self.at[i])]) }
    }

    /// An item goes to another's half day, and that one elsewhere.
    fn push_on(&self, rng: &mut Rng) -> Option<Change> {
        let (i, j) = (self.an_item(rng), self.an_item(rng));
        let (from, there, to) = (self.at[i], self.at[j], self.a_half(j, rng));
        let apart = from != there && there != to && from != to;
        if apart { self.change([(i, there), (j, to)]) } else { None }
    }

    /// A meeting, or all of a half day, goes elsewhere; or two half days change places.
    fn take_meeting(&self, rng: &mut Rng) -> Option<Change> {
        let item = self.an_item(rng);
        let (from, to) = (self.at[item], self.a_half(item, rng));
        if from == NONE || to == NONE || from == to {
            return None;
        }
        let held = &self.held[usize::from(from)];
        let meeting = held.division.meetings().iter().find(|meets| meets.items >> item & 1 == 1);
        let goes = if rng.bool() { held.items } else { meeting.map_or(0, |meets| meets.items) };
        let comes = if rng.u8(0..3) == 0 { self.held[usize::from(to)].items } else { 0 };
        self.change(each(goes).map(|item| (item, to)).chain(each(comes).map(|item| (item, from))))
    }
}
