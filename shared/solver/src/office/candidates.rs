//! The sets of items that could be one meeting on a half day (`meeting_sets.rs`), to be looked up. Their times, orders
//! and costs are worked out when first asked for.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of half days")]

use super::{
    Model,
    agendas::Agendas,
    halves::{Halves, each},
    meeting_sets::{MeetingSet, listed, meeting_sets},
    together::{MOST, Sets},
};

/// Most candidates.
const CANDIDATES: usize = 1 << 20;
/// Of each half day and number of items, where all are too many.
const FEW: usize = 2_000;

/// Most times: beyond it no candidate is timed any more.
const TIMES: usize = 1 << 22;

/// A set of items on a half day.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub items: u64,
    /// Everybody who comes.
    pub all: u128,
    /// The least it costs, room and journeys apart.
    pub least: i64,
    /// Rooms that fit, one bit each by their rank.
    pub rooms: u128,
    /// Seats that are needed.
    pub people: u32,
    pub len: u8,
    pub half: u16,
    /// Grains at which it can begin.
    begins: u32,
    /// Its times, once they are worked out.
    times: Option<(u32, u8)>,
}

/// A time of a candidate.
#[derive(Clone, Copy)]
pub(super) struct Time {
    /// Grain of the half day.
    pub at: u8,
    pub count: u8,
    /// The items in order.
    pub order: [u8; MOST],
    /// What it costs, room and journeys apart.
    pub cost: i64,
}

/// A candidate as it is found.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub items: u64,
    pub at: u32,
    pub count: u8,
    pub len: u8,
}

/// All candidates of a model.
pub(super) struct Candidates {
    all: Vec<Candidate>,
    /// The items of each and where it is, by half day and the two lowest items.
    index: Vec<Entry>,
    /// For each half day and two lowest items: the first of the index.
    groups: Vec<u32>,
    times: Vec<Time>,
    width: usize,
}

/// The two lowest items of a set; the one that there is twice.
const fn lowest(items: u64) -> (usize, usize) {
    let (low, rest) = (items.trailing_zeros(), items & (items - 1));
    (low as usize, if rest == 0 { low } else { rest.trailing_zeros() } as usize)
}

impl Candidates {
    /// All sets; where those are too many, for each half day and number of items those that bring the fewest
    /// agencies: sets of the same agencies are worth a meeting.
    pub fn new(model: &Model, sets: &Sets, halves: &Halves) -> Self {
        let all = Self::with(model, sets, halves, usize::MAX);
        all.or_else(|| Self::with(model, sets, halves, FEW)).unwrap_or_else(|| Self::none(model, halves))
    }

    fn none(model: &Model, halves: &Halves) -> Self {
        let width = model.items.len() + 1;
        let groups = vec![0; halves.all.len() * width * width + 1];
        Self { all: Vec::new(), index: Vec::new(), groups, times: Vec::new(), width }
    }

    /// Nothing when there are too many.
    fn with(model: &Model, sets: &Sets, halves: &Halves, most: usize) -> Option<Self> {
        let mut new = Self { groups: Vec::new(), ..Self::none(model, halves) };
        for half in 0..halves.all.len() {
            let from = new.all.len();
            for set in meeting_sets(model, sets, halves, half, most, CANDIDATES - from)? {
                new.add(model, halves, half, &set);
            }
            new.index_from(from);
        }
        new.groups.push(new.index.len() as u32);
        Some(new)
    }

    /// Makes the index of a half day's candidates.
    fn index_from(&mut self, from: usize) {
        let width = self.width;
        // Those of more items first, then those of less cost: so they are tried.
        self.all[from..]
            .sort_unstable_by_key(|c| (std::cmp::Reverse(c.items.count_ones()), c.least, c.items));
        let begun = self.index.len();
        self.index.extend(self.all[from..].iter().zip(from..).map(|(c, at)| Entry {
            items: c.items,
            at: at as u32,
            count: c.items.count_ones() as u8,
            len: c.len,
        }));
        self.index[begun..].sort_unstable_by_key(|entry| (lowest(entry.items), entry.at));
        let group_of = |entry: &Entry| lowest(entry.items).0 * width + lowest(entry.items).1;
        let mut at = begun;
        for group in 0..width * width {
            while self.index.get(at).is_some_and(|entry| group_of(entry) < group) {
                at += 1;
            }
            self.groups.push(at as u32);
        }
    }

    fn add(&mut self, model: &Model, halves: &Halves, half: usize, found: &MeetingSet) {
        let place = halves.all[half];
        let kind = model.items[found.items.trailing_zeros() as usize].kind;
        let rhythm = &model.kinds[kind].rhythm[place.first..place.first + place.len];
        let rhythm = i64::from(rhythm.iter().min().copied().unwrap_or(0));
        let least = each(found.items).map(|item| halves.stay(item, half).least).sum::<i64>();
        self.all.push(Candidate {
            items: found.items,
            all: found.set.all,
            least: found.set.fixed + least + model.weights.rhythm * rhythm,
            rooms: found.set.rooms,
            people: found.set.people,
            len: found.set.len as u8,
            half: half as u16,
            begins: found.begins,
            times: None,
        });
    }

    /// Adds each candidate of a half day that has no other items than these, whose lowest item is this one, and
    /// which is large enough.
    pub fn among(
        &self,
        items: u64,
        half: usize,
        low: usize,
        large: impl Fn(&Entry) -> bool,
        found: &mut Vec<Entry>,
    ) {
        for second in std::iter::once(low).chain(each(items >> low >> 1).map(|above| low + 1 + above)) {
            let entries = self.group(half, low, second);
            found.extend(entries.iter().filter(|entry| entry.items & !items == 0 && large(entry)));
        }
    }

    /// The candidate of exactly these items.
    pub fn find_set(&self, items: u64, half: usize) -> Option<u32> {
        let (low, second) = lowest(items);
        let entry = self.group(half, low, second).iter().find(|entry| entry.items == items);
        entry.map(|entry| entry.at)
    }

    fn group(&self, half: usize, low: usize, second: usize) -> &[Entry] {
        let group = (half * self.width + low) * self.width + second;
        &self.index[self.groups[group] as usize..self.groups[group + 1] as usize]
    }

    /// A candidate.
    pub fn get(&self, at: u32) -> &Candidate {
        &self.all[at as usize]
    }

    /// A candidate whose times are worked out.
    pub fn timed(
        &mut self,
        model: &Model,
        sets: &Sets,
        halves: &Halves,
        agendas: &mut Agendas,
        at: u32,
    ) -> Candidate {
        let candidate = self.all[at as usize];
        if candidate.times.is_some() {
            return candidate;
        }
        if self.times.len() >= TIMES {
            self.all[at as usize].times = Some((0, 0));
            return self.all[at as usize];
        }
        let (list, count) = listed(candidate.items);
        let set = sets.of(model, &list[..count]);
        let place = halves.all[usize::from(candidate.half)];
        let from = self.times.len();
        let begins = u128::from(candidate.begins) << (place.first - place.day * model.minutes.len());
        agendas.at_each(model, &list[..count], &set, place.day, begins, |start| {
            let mut order = [0; MOST];
            for (item, &place) in order.iter_mut().zip(&start.order[..count]) {
                *item = list[usize::from(place)] as u8;
            }
            let at = (usize::from(start.grain) - place.first) as u8;
            self.times.push(Time { at, count: count as u8, order, cost: start.cost });
        });
        self.times[from..].sort_unstable_by_key(|time| (time.cost, time.at));
        let candidate = &mut self.all[at as usize];
        candidate.times = Some((from as u32, (self.times.len() - from) as u8));
        if let Some(first) = self.times.get(from) {
            candidate.least = first.cost;
        }
        *candidate
    }

    /// The times of a candidate, the cheapest first.
    pub fn times(&self, candidate: &Candidate) -> &[Time] {
        let (from, count) = candidate.times.unwrap_or((0, 0));
        &self.times[from as usize..from as usize + usize::from(count)]
    }
}
