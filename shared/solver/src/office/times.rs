//! When each of the meetings that share a half day's items out is, and where: none takes an agency or a room from
//! another.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of half days")]

use super::{
    candidates::{Candidate, Time},
    divisions::{Division, Divisions, Meets},
};

impl Divisions<'_> {
    /// Looks for times of the picked meetings: those with the fewest first.
    pub(super) fn find_times(&mut self) {
        if self.picked.cost >= self.best.cost {
            return;
        }
        let count = usize::from(self.picked.count);
        let candidates = &self.candidates;
        self.picked.meetings[..count]
            .sort_by_key(|meets| candidates.times(candidates.get(meets.candidate)).len());
        self.timed = Division { cost: self.picked.cost, ..Division::default() };
        self.put_next();
    }

    fn put_next(&mut self) {
        let next = self.timed.meetings().len();
        if next == self.picked.meetings().len() {
            if self.timed.cost < self.best.cost && self.in_order() {
                self.best = self.timed;
            }
            return;
        }
        let meets = self.picked.meetings[next];
        let candidate = *self.candidates.get(meets.candidate);
        let others = self.timed.cost - candidate.least;
        for time in 0..self.candidates.times(&candidate).len() {
            let at = self.candidates.times(&candidate)[time];
            if self.left == 0 || others + at.cost >= self.best.cost {
                return;
            }
            self.left -= 1;
            let Some(rank) = self.free_room(&candidate, &at) else { continue };
            let room = self.sets.rooms[rank];
            let empty = (self.model.rooms[usize::from(room)].capacity - candidate.people) / 4;
            let cost = others + at.cost + self.model.weights.room_fit * i64::from(empty);
            if cost >= self.best.cost {
                continue;
            }
            let before = self.timed;
            self.timed.cost = cost;
            self.timed.push(Meets { time: time as u8, room, ..meets });
            self.occupy(&at, rank);
            self.put_next();
            self.occupy(&at, rank);
            self.timed = before;
        }
    }

    /// The rank of the smallest room that is free at a time, if everybody is.
    fn free_room(&self, candidate: &Candidate, at: &Time) -> Option<usize> {
        let from = usize::from(at.at);
        let mut rooms = candidate.rooms;
        let mut anybody = 0;
        for grain in from..from + usize::from(candidate.len) {
            anybody |= self.taken[grain];
            rooms &= !self.rooms[grain];
        }
        let free = anybody & candidate.all == 0 || self.each_free(at);
        (rooms != 0 && free).then(|| rooms.trailing_zeros() as usize)
    }

    fn each_free(&self, at: &Time) -> bool {
        let mut grain = usize::from(at.at);
        at.order[..usize::from(at.count)].iter().all(|&item| {
            let facts = &self.model.items[usize::from(item)];
            let taken = self.taken[grain..grain + facts.len].iter().fold(0, |all, taken| all | taken);
            grain += facts.len;
            taken & facts.all_set == 0
        })
    }

    /// Takes agencies and the room of a meeting, or gives them back: nobody else has them meanwhile.
    fn occupy(&mut self, at: &Time, rank: usize) {
        let mut grain = usize::from(at.at);
        for &item in &at.order[..usize::from(at.count)] {
            let facts = &self.model.items[usize::from(item)];
            for taken in grain..grain + facts.len {
                self.taken[taken] ^= facts.all_set;
                self.rooms[taken] ^= 1 << rank;
            }
            grain += facts.len;
        }
    }

    /// Whether the meetings keep the rules of order between them.
    fn in_order(&self) -> bool {
        let all = self.timed.meetings().iter().fold(0, |all, meets| all | meets.items);
        self.model.rules.iter().all(|&(first, second)| {
            if all >> first & 1 == 0 || all >> second & 1 == 0 {
                return true;
            }
            let begins =
                |item: usize| self.timed.meetings().iter().find_map(|meets| self.begins(meets, item));
            begins(first) <= begins(second)
        })
    }

    fn begins(&self, meets: &Meets, item: usize) -> Option<usize> {
        let time = self.time(meets);
        let mut grain = usize::from(time.at);
        for &other in &time.order[..usize::from(time.count)] {
            if usize::from(other) == item {
                return Some(grain);
            }
            grain += self.model.items[usize::from(other)].len;
        }
        None
    }

    /// When a meeting is.
    pub fn time(&self, meets: &Meets) -> &Time {
        &self.candidates.times(self.candidates.get(meets.candidate))[usize::from(meets.time)]
    }
}
