//! The moves by sets: which items meet is drawn; when, where and in which order is then the best there is beside
//! the rest (`place.rs`).

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are those of the model")]

use super::{search::Search, state::NONE, together::Items};

/// Meetings that one move changes at most.
pub(super) const CHANGED: usize = 3;

/// Meetings to be changed: which, and the items that each has then.
#[derive(Clone, Copy)]
pub(super) struct Rearrangement {
    count: usize,
    of: [(usize, Items); CHANGED],
}

impl Rearrangement {
    fn new(of: &[(usize, Items)]) -> Self {
        let mut all = Self { count: of.len(), of: [(0, Items::EMPTY); CHANGED] };
        all.of[..of.len()].copy_from_slice(of);
        all
    }

    pub fn get(&self) -> &[(usize, Items)] {
        &self.of[..self.count]
    }
}

impl Search<'_> {
    /// One move.
    pub(super) fn rearrange(&mut self) {
        if self.state.at.is_empty() {
            return;
        }
        let drawn = match self.rng.u8(0..100) {
            0..50 => self.relocate(),
            50..75 => self.exchange(),
            75..85 => self.rotate(),
            85..88 => self.set_apart(),
            88..91 => self.join(),
            91..93 => self.divide(),
            93..97 => self.again(1),
            _ => self.again(2),
        };
        if let Some(drawn) = drawn {
            self.try_out(drawn.get());
        }
    }

    fn items_at(&self, at: usize) -> Option<Items> {
        if at < self.state.model.published.len() || !self.may_change(at) {
            return None;
        }
        Items::of(&self.state.slots[at])
    }

    /// Any meeting that may change, those with more items more often.
    fn a_meeting(&mut self) -> Option<(usize, Items)> {
        for _ in 0..8 {
            let item = self.an_item();
            let at = self.state.at[usize::from(item)];
            if at != NONE {
                return Some((usize::from(at), self.items_at(usize::from(at))?));
            }
        }
        None
    }

    fn an_item(&mut self) -> u16 {
        self.rng.usize(0..self.state.at.len()) as u16
    }

    fn meets_at(&self, item: u16) -> u16 {
        self.state.at[usize::from(item)]
    }

    fn kind_of(&self, item: u16) -> usize {
        self.state.model.items[usize::from(item)].kind
    }

    /// An item goes to a meeting, from its own or from none.
    fn moved(&self, item: u16, to: usize, items: Items) -> Option<Rearrangement> {
        let joined = (to, items.with(item)?);
        if self.meets_at(item) == NONE {
            return Some(Rearrangement::new(&[joined]));
        }
        let from = usize::from(self.meets_at(item));
        Some(Rearrangement::new(&[joined, (from, self.items_at(from)?.without(item))]))
    }

    fn relocate(&mut self) -> Option<Rearrangement> {
        let item = self.an_item();
        let (to, items) = self.a_meeting()?;
        let like = *items.get().first()?;
        if usize::from(self.meets_at(item)) == to || self.kind_of(like) != self.kind_of(item) {
            return None;
        }
        self.moved(item, to, items)
    }

    fn set_apart(&mut self) -> Option<Rearrangement> {
        let item = self.an_item();
        let to = self.state.free_slot().filter(|&to| self.may_change(to))?;
        self.moved(item, to, Items::EMPTY)
    }

    /// Two items of one kind, not of one meeting.
    fn two_items(&mut self) -> Option<(u16, u16)> {
        let (i, j) = (self.an_item(), self.an_item());
        (self.kind_of(i) == self.kind_of(j) && self.meets_at(i) != self.meets_at(j)).then_some((i, j))
    }

    /// Each meeting gives an item away and gets another; an item on no agenda gives its place.
    fn handed(&self, given: &[(u16, u16)]) -> Option<Rearrangement> {
        let mut changed = Rearrangement::new(&[]);
        for &(out, into) in given.iter().filter(|(out, _)| self.meets_at(*out) != NONE) {
            let at = usize::from(self.meets_at(out));
            changed.of[changed.count] = (at, self.items_at(at)?.without(out).with(into)?);
            changed.count += 1;
        }
        Some(changed)
    }

    fn exchange(&mut self) -> Option<Rearrangement> {
        let (i, j) = self.two_items()?;
        self.handed(&[(i, j), (j, i)])
    }

    fn rotate(&mut self) -> Option<Rearrangement> {
        let (i, j) = self.two_items()?;
        let k = self.an_item();
        let third = self.meets_at(k) != self.meets_at(i) && self.meets_at(k) != self.meets_at(j);
        if !third || self.kind_of(k) != self.kind_of(i) {
            return None;
        }
        self.handed(&[(i, j), (j, k), (k, i)])
    }

    fn join(&mut self) -> Option<Rearrangement> {
        let ((a, first), (b, second)) = (self.a_meeting()?, self.a_meeting()?);
        let (one, other) = (*first.get().first()?, *second.get().first()?);
        if a == b || self.kind_of(one) != self.kind_of(other) {
            return None;
        }
        let both = second.get().iter().try_fold(first, |both, &item| both.with(item))?;
        Some(Rearrangement::new(&[(a, both), (b, Items::EMPTY)]))
    }

    fn divide(&mut self) -> Option<Rearrangement> {
        let (at, items) = self.a_meeting()?;
        let to = self.state.free_slot().filter(|&to| self.may_change(to))?;
        let (mut stays, mut goes) = (items, Items::EMPTY);
        for &item in items.get() {
            if self.rng.bool() {
                (stays, goes) = (stays.without(item), goes.with(item)?);
            }
        }
        let both = !stays.get().is_empty() && !goes.get().is_empty();
        both.then(|| Rearrangement::new(&[(at, stays), (to, goes)]))
    }

    /// The same meetings at their best times.
    fn again(&mut self, many: usize) -> Option<Rearrangement> {
        let first = self.a_meeting()?;
        if many == 1 {
            return Some(Rearrangement::new(&[first]));
        }
        let second = self.a_meeting()?;
        (first.0 != second.0).then(|| Rearrangement::new(&[first, second]))
    }
}
