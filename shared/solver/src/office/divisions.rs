//! The best division of a half day's items into meetings, each at a time and in a room beside the others: a branch and
//! bound over [`Candidates`], first which sets share the items out (`share_out.rs`), then when each of them is
//! (`times.rs`). What was found is kept.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of half days")]

use super::{
    Model,
    agendas::Agendas,
    candidates::{Candidates, Entry},
    halves::{GRAINS, Halves, ITEMS, KINDS, each},
    together::Sets,
};

/// Most meetings of a half day.
pub(super) const MEETINGS: usize = 6;
/// Places of the table.
const PLACES: usize = 1 << 16;

/// A meeting of a half day.
#[derive(Clone, Copy, Default)]
pub(super) struct Meets {
    pub candidate: u32,
    pub items: u64,
    /// Which of its times, and which room.
    pub time: u8,
    pub room: u16,
}

/// The meetings of a half day.
#[derive(Clone, Copy, Default)]
pub(super) struct Division {
    pub cost: i64,
    pub(super) count: u8,
    pub(super) meetings: [Meets; MEETINGS],
}

impl Division {
    pub fn meetings(&self) -> &[Meets] {
        &self.meetings[..usize::from(self.count)]
    }

    /// Says that these items were one of the meetings, to be tried first.
    pub fn expect(&mut self, items: u64) {
        if self.meetings().len() < MEETINGS {
            self.push(Meets { items, ..Meets::default() });
        }
    }

    pub fn push(&mut self, meets: Meets) {
        self.meetings[usize::from(self.count)] = meets;
        self.count += 1;
    }
}

/// What else takes agencies and rooms: the published meetings.
#[derive(Default)]
pub(super) struct Beside {
    /// Agencies that are taken, per grain of the horizon.
    pub taken: Vec<u128>,
    /// Rooms by rank.
    pub rooms: Vec<u128>,
}

/// What is known of the items of a half day: a division, or that none was found that costs no more.
#[derive(Clone, Copy, Default)]
struct Known {
    items: u64,
    cost: i64,
    half: u16,
    found: bool,
}

/// Items of a half day that are still to be shared out.
#[derive(Clone, Copy, Default)]
pub(super) struct Rest {
    pub items: u64,
    /// The least that they cost by themselves.
    pub least: i64,
    pub count: [u16; KINDS],
    pub len: [u16; KINDS],
}

/// Searches divisions and keeps what it found.
pub(super) struct Divisions<'a> {
    pub model: &'a Model,
    pub halves: Halves,
    pub(super) sets: Sets,
    pub(super) agendas: Agendas,
    pub(super) candidates: Candidates,
    pub beside: Beside,
    known: Vec<Known>,
    known_divisions: Vec<Division>,
    /// Candidates among the items at hand, and where those of each lowest item are.
    pub(super) among: Vec<Entry>,
    pub(super) spans: [(u32, u32); ITEMS],
    pub(super) half: usize,
    pub(super) left: u32,
    pub(super) picked: Division,
    pub(super) timed: Division,
    pub(super) best: Division,
    pub(super) taken: [u128; GRAINS],
    pub(super) rooms: [u128; GRAINS],
}

impl<'a> Divisions<'a> {
    /// Nothing where the model does not suit.
    pub fn new(model: &'a Model) -> Option<Self> {
        let sets = Sets::new(model);
        let halves = Halves::new(model, &sets)?;
        let candidates = Candidates::new(model, &sets, &halves);
        Some(Self {
            model,
            halves,
            agendas: Agendas::new(model, &sets),
            sets,
            candidates,
            beside: Beside::default(),
            known: vec![Known::default(); PLACES],
            known_divisions: vec![Division::default(); PLACES],
            among: Vec::with_capacity(1 << 12),
            spans: [(0, 0); ITEMS],
            half: 0,
            left: 0,
            picked: Division::default(),
            timed: Division::default(),
            best: Division::default(),
            taken: [0; GRAINS],
            rooms: [0; GRAINS],
        })
    }

    /// Everybody who comes for some items.
    pub fn attending(&self, items: u64) -> u128 {
        each(items).fold(0, |all, item| all | self.model.items[item].all_set)
    }

    /// What leaving an item out costs.
    pub fn deferred(&self, item: usize) -> i64 {
        self.sets.deferred[item]
    }

    /// Forgets what was found beside other meetings.
    pub fn renew(&mut self, beside: Beside) {
        self.beside = beside;
        self.known.fill(Known::default());
    }

    /// The least that some items cost on a half day, journeys apart; nothing when one cannot be there.
    pub fn least(&self, items: u64, half: usize) -> Option<i64> {
        let rest = self.rest(items, half)?;
        Some(rest.least + self.model.weights.opened * self.fewest(&rest).iter().sum::<i64>())
    }

    pub(super) fn rest(&self, items: u64, half: usize) -> Option<Rest> {
        let mut rest = Rest { items, ..Rest::default() };
        for item in each(items) {
            let (facts, stay) = (&self.model.items[item], self.halves.stay(item, half));
            if stay.begins == 0 {
                return None;
            }
            rest.least += stay.least;
            rest.count[facts.kind] += 1;
            rest.len[facts.kind] += facts.len as u16;
        }
        Some(rest)
    }

    /// The fewest meetings of each kind.
    pub(super) fn fewest(&self, rest: &Rest) -> [i64; KINDS] {
        let mut fewest = [0; KINDS];
        for ((kind, fewest), (count, len)) in
            self.model.kinds.iter().zip(&mut fewest).zip(rest.count.iter().zip(&rest.len))
        {
            let by_count = usize::from(*count).div_ceil(kind.max_items);
            *fewest = by_count.max(usize::from(*len).div_ceil(kind.max_grains)) as i64;
        }
        fewest
    }

    /// The best division of some items that costs no more than this, if one was found. What the half day held
    /// before is tried first.
    pub fn of(&mut self, items: u64, half: usize, most: i64, before: &Division) -> Option<Division> {
        if items == 0 {
            return (most >= 0).then(Division::default);
        }
        let hash = (items ^ (half as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .wrapping_mul(0xd6e8_feb8_6659_fd93);
        let place = (hash >> 32) as usize % PLACES;
        let known = self.known[place];
        if known.items == items && usize::from(known.half) == half && (known.found || most <= known.cost) {
            return (known.found && known.cost <= most).then(|| self.known_divisions[place]);
        }
        let found = self.search(items, half, most, before);
        let cost = found.map_or(most, |division| division.cost);
        self.known[place] = Known { items, cost, half: half as u16, found: found.is_some() };
        self.known_divisions[place] = found.unwrap_or_default();
        found
    }
}
