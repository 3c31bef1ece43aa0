//! The plan being searched, with the cost of every meeting kept up to date.
//!
//! What a meeting costs depends only on the meetings that run within two grains of it, so starts hang in a
//! list per grain, and a bitmap of grains leads past the empty ones. One walk over those neighbours prices a
//! start in *all* rooms, so that a move names a start and gets its best room for nothing.

#![expect(
    clippy::indexing_slicing,
    reason = "indices are those of a checked problem; the loop is the program"
)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "sizes are within the limits of Problem::check"
)]

use super::{Plan, Problem, Score, score};

/// No meeting.
const NONE: u16 = u16::MAX;

/// Where a meeting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub start: u16,
    pub end: u16,
    pub room: u8,
}

/// What the levels weigh against each other while searching.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weights {
    pub hard: i32,
    pub medium: i32,
}

/// The prices of one start in each of `R` rooms at most.
pub(super) struct Prices<const R: usize> {
    /// What it costs in any room.
    pub base: i32,
    /// What one room adds or saves.
    pub room: [i32; R],
}

#[derive(Clone)]
pub(super) struct Grid<const R: usize> {
    pub n: usize,
    pub grains: usize,
    pub rooms: usize,
    pub place: Vec<Place>,
    pub len: Vec<u16>,
    pub cost: Vec<i32>,
    pub score: Score,
    weights: Weights,
    /// Persons shared: required by both in the low byte, other in the high byte.
    pairs: Vec<u16>,
    reach: usize,
    head: Vec<u16>,
    next: Vec<u16>,
    occupied: Vec<u64>,
    /// Soft price of each room; and the missing seats of each meeting there.
    larger: Vec<i32>,
    seats: Vec<i32>,
    /// Both, weighed.
    room_price: Vec<i32>,
    /// The kind of length of each meeting, the starts it may have, and whether a grain is one.
    kind: Vec<u16>,
    starts: Vec<Vec<u16>>,
    allowed: Vec<bool>,
    /// Hard cost that no plan avoids.
    unavoidable: i64,
}

impl<const R: usize> Grid<R> {
    pub fn new(problem: &Problem, weights: Weights) -> Self {
        let (n, grains, rooms) = (problem.meetings.len(), problem.grains.len(), problem.rooms.len());
        let mut pairs = vec![0; n * n];
        for (i, a) in problem.meetings.iter().enumerate() {
            for (j, b) in problem.meetings.iter().enumerate().filter(|(j, _)| *j != i) {
                let required = score::shared(&a.required, &b.required);
                let other = score::shared(&a.required, &b.preferred)
                    + score::shared(&a.preferred, &b.required)
                    + score::shared(&a.preferred, &b.preferred);
                pairs[i * n + j] = required as u16 | (other as u16) << 8;
            }
        }
        let capacity = |r: usize| i64::from(problem.rooms[r].capacity);
        let larger =
            (0..rooms).map(|r| (0..rooms).map(|k| (capacity(k) - capacity(r)).max(0)).sum::<i64>() as i32);
        let seats = problem.meetings.iter().flat_map(|m| {
            let people = (m.required.len() + m.preferred.len()) as i64;
            (0..rooms).map(move |r| (people - capacity(r)).max(0) as i32)
        });
        let mut grid = Self {
            n,
            grains,
            rooms,
            place: vec![Place { start: 0, end: 0, room: 0 }; n],
            len: problem.meetings.iter().map(|m| m.duration as u16).collect(),
            cost: vec![0; n],
            score: Score::default(),
            weights,
            pairs,
            reach: problem.meetings.iter().map(|m| m.duration as usize).max().unwrap_or(0) + 2,
            head: vec![NONE; grains],
            next: vec![NONE; n],
            occupied: vec![0; grains / 64 + 1],
            larger: larger.collect(),
            seats: seats.collect(),
            room_price: vec![0; n * rooms],
            kind: vec![0; n],
            starts: Vec::new(),
            allowed: Vec::new(),
            unavoidable: 0,
        };
        grid.find_starts(problem);
        grid
    }

    /// The starts of each length that break no rule by themselves; where every start does, the least bad.
    fn find_starts(&mut self, problem: &Problem) {
        let mut kinds: Vec<(u16, i64)> = Vec::new();
        for i in 0..self.n {
            let length = self.len[i];
            let kind = kinds.iter().position(|k| k.0 == length).unwrap_or_else(|| {
                let price = |start: usize| {
                    let last = start + usize::from(length) - 1;
                    problem
                        .grains
                        .get(last)
                        .map_or(last as i64, |end| i64::from(end.0 != problem.grains[start].0))
                };
                let least = (0..self.grains).map(price).min().unwrap_or(0);
                let starts: Vec<u16> =
                    (0..self.grains).filter(|&s| price(s) == least).map(|s| s as u16).collect();
                self.allowed.extend((0..self.grains).map(|s| price(s) == least));
                self.starts.push(starts);
                kinds.push((length, least));
                kinds.len() - 1
            });
            self.kind[i] = kind as u16;
            self.unavoidable += kinds[kind].1;
        }
    }

    /// The starts a meeting may have.
    #[inline]
    pub fn starts(&self, i: usize) -> &[u16] {
        &self.starts[usize::from(self.kind[i])]
    }

    #[inline]
    pub fn may_start(&self, i: usize, start: i32) -> bool {
        start >= 0
            && (start as usize) < self.grains
            && self.allowed[usize::from(self.kind[i]) * self.grains + start as usize]
    }

    /// Puts every meeting where a plan says and prices all anew.
    pub fn load(&mut self, place: &[Place]) {
        self.head.fill(NONE);
        self.occupied.fill(0);
        self.place.copy_from_slice(place);
        for i in 0..self.n {
            self.hang(i);
        }
        self.reprice(self.weights);
    }

    /// Prices all anew under other weights.
    pub fn reprice(&mut self, weights: Weights) {
        self.weights = weights;
        for i in 0..self.n {
            for r in 0..self.rooms {
                let at = i * self.rooms + r;
                self.room_price[at] = self.larger[r] + weights.hard * self.seats[at];
            }
        }
        self.score = Score { hard: -self.unavoidable, ..Score::default() };
        for i in 0..self.n {
            let place = self.place[i];
            let prices = self.prices(i, place.start, NONE, i32::MAX);
            self.cost[i] = self.in_room(i, place.room, &prices);
            let (hard, medium, soft) = self.split(i, true);
            let (alone_hard, alone_soft) = self.alone(i, place);
            self.score.hard -= i64::from(hard) + i64::from(alone_hard);
            self.score.medium -= i64::from(medium);
            self.score.soft -= i64::from(soft) + i64::from(alone_soft);
        }
    }

    /// Seats missing, and the soft price of the place itself.
    #[inline]
    fn alone(&self, i: usize, place: Place) -> (i32, i32) {
        let room = usize::from(place.room);
        (self.seats[i * self.rooms + room], i32::from(place.end) - 1 + self.larger[room])
    }

    /// Calls with every other meeting that starts where it could matter to one that runs from `start` to `end`.
    #[inline(always)]
    fn each_near(&self, i: usize, start: u16, end: u16, mut visit: impl FnMut(usize, Place) -> bool) {
        let from = usize::from(start).saturating_sub(self.reach);
        let to = (usize::from(end) + 2).min(self.grains - 1);
        let (first, last) = (from >> 6, to >> 6);
        for word in first..=last {
            let mut bits = self.occupied[word];
            if word == first {
                bits &= u64::MAX << (from & 63);
            }
            if word == last {
                bits &= u64::MAX >> (63 - (to & 63));
            }
            while bits != 0 {
                let grain = (word << 6) | bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let mut j = self.head[grain];
                while j != NONE {
                    let at = usize::from(j);
                    if at != i && !visit(at, self.place[at]) {
                        return;
                    }
                    j = self.next[at];
                }
            }
        }
    }

    /// The prices of a start. Once they are known to pass `limit` in every room they are not finished.
    #[inline]
    pub fn prices(&self, i: usize, start: u16, skip: u16, limit: i32) -> Prices<R> {
        let end = start + self.len[i];
        let mut prices = Prices { base: i32::from(end) - 1, room: [0; R] };
        let mut moving = 0;
        let row = &self.pairs[i * self.n..(i + 1) * self.n];
        let Weights { hard, medium } = self.weights;
        self.each_near(i, start, end, |j, other| {
            let gap = i32::from(start.max(other.start)) - i32::from(end.min(other.end));
            if gap > 2 || j == usize::from(skip) {
                return true;
            }
            let shared = row[j];
            let (required, rest) = (i32::from(shared & 255), i32::from(shared >> 8));
            let there = &mut prices.room[usize::from(other.room) & (R - 1)];
            if gap < 0 {
                prices.base -= gap * (required * hard + rest * medium + 10);
                *there -= gap * hard;
            } else if gap == 0 {
                prices.base += 100;
            }
            if start != other.start {
                *there -= required + rest;
                moving += required + rest;
            }
            prices.base <= limit
        });
        prices.base += moving;
        prices
    }

    #[inline]
    pub fn in_room(&self, i: usize, room: u8, prices: &Prices<R>) -> i32 {
        let room = usize::from(room);
        prices.base + prices.room[room & (R - 1)] + self.room_price[i * self.rooms + room]
    }

    /// The best room at these prices, and the cost there.
    #[inline]
    pub fn best_room(&self, i: usize, prices: &Prices<R>) -> (i32, u8) {
        let fixed = &self.room_price[i * self.rooms..(i + 1) * self.rooms];
        let mut best = (i32::MAX, 0);
        for (room, (a, b)) in fixed.iter().zip(&prices.room).enumerate() {
            if a + b < best.0 {
                best = (a + b, room as u8);
            }
        }
        (prices.base + best.0, best.1)
    }

    /// What two meetings cost each other at two places.
    #[inline]
    pub fn between(&self, i: usize, a: Place, j: usize, b: Place) -> i32 {
        let (hard, medium, soft) = self.levels(i, a, j, b);
        hard * self.weights.hard + medium * self.weights.medium + soft
    }

    #[inline]
    fn levels(&self, i: usize, a: Place, j: usize, b: Place) -> (i32, i32, i32) {
        let gap = i32::from(a.start.max(b.start)) - i32::from(a.end.min(b.end));
        if gap > 2 {
            return (0, 0, 0);
        }
        let shared = self.pairs[i * self.n + j];
        let (required, rest) = (i32::from(shared & 255), i32::from(shared >> 8));
        let overlap = (-gap).max(0);
        let hard = overlap * (required + i32::from(a.room == b.room));
        let moving = if a.room != b.room && a.start != b.start { required + rest } else { 0 };
        (hard, overlap * rest, overlap * 10 + 100 * i32::from(gap == 0) + moving)
    }

    /// What a meeting and the others cost each other, by level; each pair once when `once`.
    fn split(&self, i: usize, once: bool) -> (i32, i32, i32) {
        let place = self.place[i];
        let mut sum = (0, 0, 0);
        self.each_near(i, place.start, place.end, |j, other| {
            if !once || j < i {
                let (hard, medium, soft) = self.levels(i, place, j, other);
                sum = (sum.0 + hard, sum.1 + medium, sum.2 + soft);
            }
            true
        });
        sum
    }

    /// Moves a meeting to a place that costs `cost` there.
    pub fn put(&mut self, i: usize, place: Place, cost: i32) {
        self.settle(i, -1);
        self.unhang(i);
        self.place[i] = place;
        self.hang(i);
        self.settle(i, 1);
        self.cost[i] = cost;
    }

    /// Adds (or takes away) what a meeting costs at its place: to the score, and to its neighbours.
    fn settle(&mut self, i: usize, sign: i32) {
        let place = self.place[i];
        let mut sum = (0, 0, 0);
        let mut cost = std::mem::take(&mut self.cost);
        let Weights { hard: by_hard, medium: by_medium } = self.weights;
        self.each_near(i, place.start, place.end, |j, other| {
            let (hard, medium, soft) = self.levels(i, place, j, other);
            sum = (sum.0 + hard, sum.1 + medium, sum.2 + soft);
            cost[j] += sign * (hard * by_hard + medium * by_medium + soft);
            true
        });
        self.cost = cost;
        let (hard, soft) = self.alone(i, place);
        self.score.hard -= i64::from(sign * (sum.0 + hard));
        self.score.medium -= i64::from(sign * sum.1);
        self.score.soft -= i64::from(sign * (sum.2 + soft));
    }

    fn hang(&mut self, i: usize) {
        let grain = usize::from(self.place[i].start);
        self.next[i] = self.head[grain];
        self.head[grain] = i as u16;
        self.occupied[grain >> 6] |= 1 << (grain & 63);
    }

    fn unhang(&mut self, i: usize) {
        let grain = usize::from(self.place[i].start);
        let mut at = self.head[grain];
        if usize::from(at) == i {
            self.head[grain] = self.next[i];
            if self.head[grain] == NONE {
                self.occupied[grain >> 6] &= !(1 << (grain & 63));
            }
            return;
        }
        while usize::from(self.next[usize::from(at)]) != i {
            at = self.next[usize::from(at)];
        }
        self.next[usize::from(at)] = self.next[i];
    }

    /// The plan as the command line writes it.
    pub fn plan(place: &[Place]) -> Plan {
        Plan {
            start: place.iter().map(|p| u32::from(p.start)).collect(),
            room: place.iter().map(|p| u32::from(p.room)).collect(),
        }
    }
}
