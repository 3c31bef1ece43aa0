//! The plan being searched. A meeting is lifted off, changed, and dropped again; both keep every load, every
//! rule and the cost up to date, so that a move costs what it touches and nothing is allocated.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of the model")]

use super::{
    Constraint, Cost, Level, Meeting, Model, Plan,
    loads::Loads,
    meeting_cost::{self, LONGEST, Look},
};

/// No slot, no item.
pub(super) const NONE: u16 = u16::MAX;

/// A meeting, or an empty place for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub kind: u16,
    pub room: u16,
    pub start: u16,
    pub count: u16,
    pub items: [u16; LONGEST],
}

impl Slot {
    pub const EMPTY: Self = Self { kind: 0, room: 0, start: 0, count: 0, items: [NONE; LONGEST] };

    pub fn items(&self) -> &[u16] {
        &self.items[..usize::from(self.count)]
    }

    pub fn insert(&mut self, place: usize, item: u16) {
        let count = usize::from(self.count);
        self.items.copy_within(place..count, place + 1);
        self.items[place] = item;
        self.count += 1;
    }

    pub fn remove(&mut self, place: usize) -> u16 {
        let item = self.items[place];
        self.items.copy_within(place + 1..usize::from(self.count), place);
        self.count -= 1;
        item
    }

    pub fn is_full(&self) -> bool {
        usize::from(self.count) == LONGEST
    }
}

/// A meeting that was lifted off, to be put back as it was.
#[derive(Clone, Copy)]
pub(super) struct Lifted {
    pub slot: Slot,
    own: (Cost, u128),
}

impl Lifted {
    pub const NOTHING: Self = Self { slot: Slot::EMPTY, own: (Cost([0; 5]), 0) };
}

/// The state. Slots `0..published` are those of the published meetings.
#[derive(Clone)]
pub(super) struct State<'a> {
    pub model: &'a Model,
    pub slots: Vec<Slot>,
    /// The slot, start and end of each item.
    pub at: Vec<u16>,
    pub start: Vec<u16>,
    pub(super) end: Vec<u16>,
    pub cost: Cost,
    /// What each meeting costs by itself, and its agencies; as they were when it was dropped.
    pub(super) own: Vec<(Cost, u128)>,
    /// Of the cost: optional agencies that are needed twice at once.
    pub(super) optional_twice: i64,
    pub(super) down: Vec<bool>,
    pub(super) loads: Loads,
    /// Who comes on each day.
    pub here: Vec<u128>,
    /// Agencies for which one meeting more would be too much, per grain.
    pub taken: Vec<u128>,
    /// Rooms that are taken, by rank, per grain.
    pub rooms_taken: Vec<u128>,
}

impl<'a> State<'a> {
    /// Nothing planned.
    pub fn new(model: &'a Model) -> Self {
        let (items, grains) = (model.items.len(), model.grains);
        let slots = model.published.len() + items + 1;
        let mut state = Self {
            model,
            slots: vec![Slot::EMPTY; slots],
            at: vec![NONE; items],
            start: vec![0; items],
            end: vec![0; items],
            cost: Cost::default(),
            own: vec![(Cost::default(), 0); slots],
            optional_twice: 0,
            down: vec![false; slots],
            loads: Loads::new(model),
            here: vec![0; model.days.len()],
            taken: vec![0; grains],
            rooms_taken: vec![0; grains],
        };
        for (rank, room) in model.rooms_by_rank().enumerate() {
            for grain in (0..grains).filter(|&grain| model.rooms[room].busy[grain]) {
                state.rooms_taken[grain] |= 1 << rank;
            }
        }
        for item in 0..items {
            state.cost.add_all(meeting_cost::deferred_cost(model, item), 1);
        }
        for slot in 0..model.published.len() {
            let cancelled = state.cancelled(slot);
            state.cost.add_all(cancelled, 1);
        }
        state
    }

    /// Takes over a plan.
    pub fn load(model: &'a Model, plan: &Plan) -> Self {
        let mut state = Self::new(model);
        let mut free = model.published.len();
        for meeting in &plan.meetings {
            let at = meeting.published.unwrap_or_else(|| {
                free += 1;
                free - 1
            });
            let mut slot = Slot {
                kind: meeting.kind as u16,
                room: meeting.room as u16,
                start: meeting.start as u16,
                ..Slot::EMPTY
            };
            for &item in meeting.items.iter().take(LONGEST) {
                slot.insert(usize::from(slot.count), item as u16);
            }
            state.drop(at, slot);
        }
        state
    }

    /// The plan as it stands.
    pub fn plan(&self) -> Plan {
        let published = self.model.published.len();
        let meetings = self.slots.iter().enumerate().filter(|(at, slot)| self.down[*at] && slot.count > 0);
        let mut meetings: Vec<Meeting> = meetings
            .map(|(at, slot)| Meeting {
                published: (at < published).then_some(at),
                kind: usize::from(slot.kind),
                start: usize::from(slot.start),
                room: usize::from(slot.room),
                items: slot.items().iter().map(|&i| usize::from(i)).collect(),
            })
            .collect();
        meetings.sort_by_key(|m| (m.start, m.room));
        Plan { meetings }
    }

    pub fn frozen(&self, slot: usize) -> bool {
        self.model.published.get(slot).is_some_and(|p| p.frozen)
    }

    pub fn is_open(&self, slot: usize) -> bool {
        self.down[slot]
    }

    /// An empty place for a meeting of one's own.
    pub fn free_slot(&self) -> Option<usize> {
        (self.model.published.len()..self.slots.len()).find(|&at| !self.down[at])
    }

    /// Lifts a meeting off, if one is there: its items count as deferred until it is dropped.
    pub fn lift(&mut self, at: usize) -> Lifted {
        if !self.down[at] {
            return Lifted::NOTHING;
        }
        let lifted = Lifted { slot: self.slots[at], own: self.own[at] };
        self.settle(at, &lifted.slot, -1);
        self.down[at] = false;
        lifted
    }

    /// Puts a meeting down; an empty one stays lifted.
    pub fn drop(&mut self, at: usize, slot: Slot) {
        let own = if slot.count > 0 { self.alone(at, &slot) } else { Lifted::NOTHING.own };
        self.put_back(at, Lifted { slot, own });
    }

    /// Puts a meeting back as it was.
    pub fn put_back(&mut self, at: usize, lifted: Lifted) {
        debug_assert!(!self.down[at], "a meeting is lifted before another is dropped in its place");
        self.slots[at] = lifted.slot;
        if lifted.slot.count > 0 {
            self.own[at] = lifted.own;
            self.settle(at, &lifted.slot, 1);
            self.down[at] = true;
        }
    }

    /// What a meeting costs by itself rather than not at all.
    pub fn own_cost(&self, at: usize) -> Cost {
        if self.down[at] { self.own[at].0 } else { Cost::default() }
    }

    /// Takes the journeys to a meeting away, or gives them back.
    pub fn travel_if_open(&mut self, at: usize, sign: i64) {
        if self.down[at] {
            self.travel(at, sign);
        }
    }

    /// The least by which changes of meetings can change the cost: what each costs by itself and the journeys
    /// are known without lifting one, and meetings can clash no less than not at all.
    pub fn least_change(&mut self, changes: &[(usize, Slot)]) -> Cost {
        let before = self.cost;
        let mut change = Cost::default();
        for (at, _) in changes {
            if self.down[*at] {
                change.add_all(self.own[*at].0, -1);
                self.travel(*at, -1);
            }
        }
        let mut sets = [0_u128; 2];
        for ((at, slot), set) in changes.iter().zip(&mut sets).filter(|((_, slot), _)| slot.count > 0) {
            let (own, all) = self.alone(*at, slot);
            change.add_all(own, 1);
            self.journeys(all, self.model.day_of(usize::from(slot.start)), 1);
            *set = all;
        }
        change.add_all(self.cost, 1);
        change.add_all(before, -1);
        for ((_, slot), set) in changes.iter().zip(sets).filter(|((_, slot), _)| slot.count > 0) {
            self.journeys(set, self.model.day_of(usize::from(slot.start)), -1);
        }
        for (at, _) in changes {
            self.travel_if_open(*at, 1);
        }
        change.add(Level::Hard, -self.cost.at(Level::Hard));
        change.add(Level::Attendance, -self.optional_twice);
        change
    }

    /// What it costs that a published meeting is not held.
    fn cancelled(&self, at: usize) -> Cost {
        let mut cost = Cost::default();
        if let Some(published) = self.model.published.get(at) {
            meeting_cost::cancelled(self.model, at, published, &mut |c, _, amount| {
                cost.add(c.level(), amount * self.model.weights.of(c));
            });
        }
        cost
    }

    /// What a meeting costs by itself rather than not at all, and the agencies that come.
    fn alone(&self, at: usize, slot: &Slot) -> (Cost, u128) {
        let model = self.model;
        let mut cost = Cost::default();
        let mut add = |c: Constraint, _, amount: i64| cost.add(c.level(), amount * model.weights.of(c));
        let published = (at < model.published.len()).then_some(at);
        let (kind, start, room) = (usize::from(slot.kind), usize::from(slot.start), usize::from(slot.room));
        meeting_cost::look(model, Look { published, kind, start, room, items: slot.items() }, &mut add);
        let (mut all, mut grain) = (0, start);
        for &item in slot.items() {
            let i = usize::from(item);
            cost.add_all(model.alone(i, grain), 1);
            cost.add_all(meeting_cost::deferred_cost(model, i), -1);
            all |= model.items[i].all_set;
            grain += model.items[i].len;
        }
        cost.add_all(self.cancelled(at), -1);
        (cost, all)
    }
}
