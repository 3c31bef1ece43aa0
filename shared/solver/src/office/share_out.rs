//! Which sets share the items of a half day out to meetings. A bound on what is tried makes it quick where much would
//! fit.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of half days")]

use super::{
    candidates::{Candidate, Entry},
    divisions::{Division, Divisions, MEETINGS, Meets, Rest},
    halves::{KINDS, each},
    together::MOST,
};

/// Candidates taken into a division, and times tried, before a search gives up.
const TRIES: u32 = 60;

impl Divisions<'_> {
    /// The best division of some items that costs no more than this, if one was found.
    pub(super) fn search(
        &mut self,
        items: u64,
        half: usize,
        most: i64,
        before: &Division,
    ) -> Option<Division> {
        let rest = self.rest(items, half)?;
        self.half = half;
        let place = self.halves.all[half];
        for at in 0..place.len {
            self.taken[at] = self.beside.taken[place.first + at];
            self.rooms[at] = self.beside.rooms[place.first + at];
        }
        self.left = TRIES;
        self.best = Division { cost: most + 1, ..Division::default() };
        self.near(items, before);
        self.picked = Division::default();
        if self.collect(&rest) {
            self.share_out(rest);
        }
        (self.best.cost <= most).then_some(self.best)
    }

    /// Collects the candidates that are large enough to be of a better division: what one leaves to the others
    /// must not be too much for them.
    fn collect(&mut self, rest: &Rest) -> bool {
        let mut large = [(0, 0); KINDS];
        for (kind, large) in large.iter_mut().enumerate().take(self.model.kinds.len()) {
            if rest.count[kind] > 0 {
                let Some(least) = self.large_enough(rest, kind) else { return false };
                *large = least;
            }
        }
        self.among.clear();
        for low in each(rest.items) {
            let from = self.among.len();
            let (count, len) = large[self.model.items[low].kind];
            let large = |entry: &Entry| usize::from(entry.count) >= count && usize::from(entry.len) >= len;
            self.candidates.among(rest.items, self.half, low, large, &mut self.among);
            self.spans[low] = (from as u32, self.among.len() as u32);
        }
        true
    }

    /// The fewest items and grains of a meeting of a kind in a division better than the best so far; nothing when
    /// there is none.
    fn large_enough(&self, rest: &Rest, kind: usize) -> Option<(usize, usize)> {
        let (facts, opened) = (&self.model.kinds[kind], self.model.weights.opened);
        let budget = self.best.cost - 1 - self.picked.cost - rest.least;
        let fewest = self.fewest(rest);
        let others = fewest.iter().sum::<i64>() - fewest[kind];
        let free = (MEETINGS - self.picked.meetings().len()) as i64 - others;
        let many = if opened > 0 { (budget.div_euclid(opened) - others).min(free) } else { free };
        if budget < 0 || many < fewest[kind].max(1) {
            return None;
        }
        let behind = many as usize - 1;
        let count = usize::from(rest.count[kind]).saturating_sub(facts.max_items * behind);
        Some((count, usize::from(rest.len[kind]).saturating_sub(facts.max_grains * behind)))
    }

    /// Tries what was there before, with what is new beside the items of one of its meetings or by itself.
    fn near(&mut self, items: u64, before: &Division) {
        let new = before.meetings().iter().fold(items, |new, meets| new & !meets.items);
        for joined in 0..=before.meetings().len() {
            self.picked = Division::default();
            let known = (0..=before.meetings().len()).all(|k| {
                let stays = before.meetings().get(k).map_or(0, |meets| meets.items & items);
                let set = if k == joined { stays | new } else { stays };
                set == 0 || self.pick(set)
            });
            if known {
                self.find_times();
            }
            if new == 0 {
                break;
            }
        }
    }

    fn pick(&mut self, set: u64) -> bool {
        let Some(at) = self.candidates.find_set(set, self.half) else { return false };
        let candidate = self.timed_at(at);
        if self.picked.meetings().len() == MEETINGS || self.candidates.times(&candidate).is_empty() {
            return false;
        }
        self.picked.push(Meets { candidate: at, items: set, ..Meets::default() });
        self.picked.cost += candidate.least;
        true
    }

    fn timed_at(&mut self, at: u32) -> Candidate {
        self.candidates.timed(self.model, &self.sets, &self.halves, &mut self.agendas, at)
    }

    /// Shares out what is left: the lowest item is in one of the candidates that have it as their lowest.
    fn share_out(&mut self, rest: Rest) {
        let low = rest.items.trailing_zeros() as usize;
        let kind = self.model.items[low].kind;
        let Some((count, len)) = self.large_enough(&rest, kind) else { return };
        let (from, to) = self.spans[low];
        // Those of more items first: fewer meetings.
        let largest = usize::from(rest.count[kind]).min(self.model.kinds[kind].max_items).min(MOST);
        for size in (count.max(1)..=largest).rev() {
            for at in from..to {
                let entry = self.among[at as usize];
                let large = usize::from(entry.count) == size && usize::from(entry.len) >= len;
                if entry.items & !rest.items != 0 || !large {
                    continue;
                }
                if self.picked.cost + self.candidates.get(entry.at).least >= self.best.cost {
                    continue;
                }
                if self.left == 0 {
                    return;
                }
                self.left -= 1;
                self.take(rest, kind, entry.at);
            }
        }
    }

    /// Takes a candidate into the division, and goes on with the rest.
    fn take(&mut self, rest: Rest, kind: usize, at: u32) {
        let candidate = self.timed_at(at);
        let mut left = Rest { items: rest.items & !candidate.items, ..rest };
        left.least -= each(candidate.items).map(|item| self.halves.stay(item, self.half).least).sum::<i64>();
        left.count[kind] -= candidate.items.count_ones() as u16;
        left.len[kind] -= u16::from(candidate.len);
        let bound = self.picked.cost
            + candidate.least
            + left.least
            + self.model.weights.opened * self.fewest(&left).iter().sum::<i64>();
        if self.candidates.times(&candidate).is_empty() || bound >= self.best.cost {
            return;
        }
        let before = self.picked;
        self.picked.push(Meets { candidate: at, items: candidate.items, ..Meets::default() });
        self.picked.cost += candidate.least;
        if left.items == 0 {
            self.find_times();
        } else {
            self.share_out(left);
        }
        self.picked = before;
    }
}
