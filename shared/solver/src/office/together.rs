//! A set of items that could meet, and what holds of it whenever that is: who comes, which rooms fit.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of the model")]

use super::{
    Model, meeting_cost, plan,
    search::worth,
    state::{NONE, Slot},
};

/// Most items of a set. Longer agendas are left to the moves of one meeting.
pub(super) const MOST: usize = 8;

/// Items, in rising order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Items {
    count: usize,
    items: [u16; MOST],
}

impl Items {
    pub const EMPTY: Self = Self { count: 0, items: [NONE; MOST] };

    /// Those of a meeting, unless they are too many.
    pub fn of(slot: &Slot) -> Option<Self> {
        let mut of = Self { count: slot.items().len(), ..Self::EMPTY };
        of.items.get_mut(..of.count)?.copy_from_slice(slot.items());
        of.items[..of.count].sort_unstable();
        Some(of)
    }

    pub fn get(&self) -> &[u16] {
        &self.items[..self.count]
    }

    pub fn without(mut self, item: u16) -> Self {
        if let Some(at) = self.get().iter().position(|&i| i == item) {
            self.items.copy_within(at + 1..self.count, at);
            self.count -= 1;
        }
        self
    }

    pub fn with(mut self, item: u16) -> Option<Self> {
        if self.count == MOST {
            return None;
        }
        let at = self.get().partition_point(|&i| i < item);
        self.items.copy_within(at..self.count, at + 1);
        self.items[at] = item;
        self.count += 1;
        Some(self)
    }
}

/// What holds of a set of items on every day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Together {
    key: u64,
    /// Everybody who comes.
    pub all: u128,
    /// Rooms that fit, one bit each by their rank; none when the items may not be one meeting.
    pub rooms: u128,
    /// Seats that are needed.
    pub people: u32,
    /// Grains in all.
    pub len: usize,
    /// What it costs at any time, and the least that it costs at its best; room and journeys apart, in units of
    /// the last level.
    pub fixed: i64,
    pub least: i64,
}

impl Together {
    /// The number of the set on a day. Should two ever share one, a meeting is put where it does not fit, which
    /// its cost shows.
    pub const fn key_on(&self, day: usize) -> u64 {
        let key = self.key ^ (day as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if key == 0 { 1 } else { key }
    }
}

/// What is known of each item, for sets to be made of.
pub(super) struct Sets {
    /// A random number for each; a set's is all of theirs together (Zobrist 1970).
    numbers: Vec<u64>,
    /// What each costs at its best time by itself.
    pub cheapest: Vec<i64>,
    /// What it costs to leave each on no agenda.
    pub deferred: Vec<i64>,
    /// Rooms by rank, the smallest first.
    pub rooms: Vec<u16>,
}

impl Sets {
    pub fn new(model: &Model) -> Self {
        let mut rng = fastrand::Rng::with_seed(model.items.len() as u64);
        let cheapest = |item: usize| {
            let can = (0..model.grains).filter(|&grain| model.items[item].can_follow(grain));
            can.map(|grain| worth(model.alone(item, grain))).min().unwrap_or(0)
        };
        let items = 0..model.items.len();
        Self {
            numbers: items.clone().map(|_| rng.u64(..)).collect(),
            cheapest: items.clone().map(cheapest).collect(),
            deferred: items.map(|item| worth(meeting_cost::deferred_cost(model, item))).collect(),
            rooms: model.rooms_by_rank().map(|room| room as u16).collect(),
        }
    }

    /// What holds of a set.
    pub fn of(&self, model: &Model, items: &[u16]) -> Together {
        let mut set = Together::default();
        let (mut needs, mut guests, mut chairs, mut alone, mut pinned) = (0, 0, 0_u128, false, None);
        for &item in items {
            let facts = &model.items[usize::from(item)];
            set.key ^= self.numbers[usize::from(item)];
            set.all |= facts.all_set;
            set.len += facts.len;
            set.least += self.cheapest[usize::from(item)];
            needs |= facts.needs;
            guests = facts.guests.max(guests);
            chairs |= facts.chair.map_or(0, |chair| 1 << chair);
            alone |= facts.alone;
            pinned = pinned.or(facts.pin.2);
        }
        set.people = plan::bits(set.all).map(|a| model.agencies[a].seats).sum::<u32>() + guests;
        let more_chairs = i64::from(chairs.count_ones().saturating_sub(1));
        set.fixed = model.weights.opened + model.weights.chairs * more_chairs;
        set.least += set.fixed;
        let facts = || items.iter().map(|&item| &model.items[usize::from(item)]);
        let apart =
            || facts().any(|item| items.iter().any(|&other| item.apart.contains(&usize::from(other))));
        let kind = facts().next().map(|item| &model.kinds[item.kind]);
        let may = kind.is_some_and(|kind| items.len() <= kind.max_items && set.len <= kind.max_grains)
            && !(alone && items.len() > 1)
            && facts().all(|item| item.pin.2.is_none() || item.pin.2 == pinned)
            && !apart();
        for (rank, &room) in self.rooms.iter().enumerate().filter(|_| may) {
            let (at, room) = (usize::from(room), &model.rooms[usize::from(room)]);
            let fits = room.capacity >= set.people && needs & !room.equipment == 0;
            set.rooms |= u128::from(fits && pinned.is_none_or(|pin| pin == at)) << rank;
        }
        set
    }
}
