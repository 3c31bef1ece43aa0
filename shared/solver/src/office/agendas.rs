//! When a few items could be one meeting on a day: worked out once for each set of items and day that the search
//! asks for, and kept while there is room. What the rest of the plan takes away is looked at later, a few
//! operations for each start.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of the model")]

use super::{
    Model,
    meeting_cost::idle,
    rearrange::CHANGED,
    search::worth,
    state::NONE,
    together::{MOST, Sets, Together},
};

/// Most starts that are kept of a set on a day.
const STARTS: usize = 16;
/// Most orders looked at on a day, parts of orders with them: a bound where calendars are wide open.
const ORDERS: u32 = 4_000;
/// Places of the table; half of them are used at most.
const PLACES: usize = 1 << 16;
/// Starts kept in all.
const PAGES: usize = 1 << 18;
/// An item is not put where it costs so much more than at its best; the moves of one meeting may still.
pub(super) const MARGIN: i64 = 40;
/// Grains of a day that are looked at.
pub(super) const DAY: usize = 128;

/// A time at which a set of items can be a meeting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub grain: u16,
    /// The items in order, as places in the set.
    pub order: [u8; MOST],
    /// What it costs by itself, room and journeys apart.
    pub cost: i64,
}

/// A set on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnDay {
    from: u32,
    count: u32,
    /// The least it costs, room and journeys apart; nothing when it cannot be.
    pub least: Option<i64>,
}

impl OnDay {
    const NEVER: Self = Self { from: 0, count: 0, least: None };
}

/// What has been worked out. All room is made once; costs are in units of the last level.
pub(super) struct Agendas {
    known: Vec<(u64, OnDay)>,
    used: usize,
    pages: Vec<Start>,
    /// Grains of a day at which an item can be, for each item and day.
    fits: Vec<u128>,
    /// Grains of a day at which a meeting may begin, for each kind and day.
    open: Vec<u128>,
    /// Grains of a day behind which so many more belong to the same part of it.
    ends: Vec<u128>,
    best: Vec<(i64, [u8; MOST])>,
    found: u128,
    left: u32,
}

/// An order being put together.
#[derive(Clone, Copy)]
struct Walk<'a> {
    items: &'a [u16],
    day: usize,
    order: [u8; MOST],
    depth: usize,
    /// Grains of what is in the order.
    before: usize,
    /// Grains of the day at which it can begin.
    starts: u128,
}

impl Agendas {
    pub fn new(model: &Model, sets: &Sets) -> Self {
        let (day_len, days) = (model.minutes.len(), model.days.len());
        let bits = |day: usize, can: &dyn Fn(usize) -> bool| {
            (0..day_len.min(DAY)).filter(|at| can(day * day_len + at)).fold(0, |bits, at| bits | 1_u128 << at)
        };
        let all_days = |can: &dyn Fn(usize) -> bool| (0..days).map(|day| bits(day, can)).collect::<Vec<_>>();
        let fits = (0..model.items.len()).flat_map(|item| {
            let most = sets.cheapest[item] + MARGIN;
            all_days(&|grain| model.items[item].can_follow(grain) && worth(model.alone(item, grain)) <= most)
        });
        let open = model
            .kinds
            .iter()
            .flat_map(|kind| all_days(&|grain| kind.window[grain] && model.day_of(grain) >= kind.first_day));
        let ends = (0..=day_len).map(|len| bits(0, &|grain| grain + len <= model.part_end[grain]));
        Self {
            fits: fits.collect(),
            open: open.collect(),
            ends: ends.collect(),
            known: vec![(0, OnDay::NEVER); PLACES],
            used: 0,
            pages: Vec::with_capacity(PAGES + CHANGED * days * DAY),
            best: vec![(0, [0; MOST]); DAY],
            found: 0,
            left: 0,
        }
    }

    /// The starts of a set on a day, the cheapest first.
    pub fn starts(&self, on: OnDay) -> &[Start] {
        &self.pages[on.from as usize..(on.from + on.count) as usize]
    }

    /// Forgets everything when there is hardly room left: between two moves, for what a move has asked for holds
    /// until its end.
    pub fn make_room(&mut self) {
        if self.used > PLACES / 2 || self.pages.len() > PAGES {
            self.known.fill((0, OnDay::NEVER));
            self.pages.clear();
            self.used = 0;
        }
    }

    /// What a set of items can be on a day.
    pub fn on(&mut self, model: &Model, items: &[u16], set: &Together, day: usize) -> OnDay {
        let key = set.key_on(day);
        let mut place = key as usize % PLACES;
        while self.known[place].0 != 0 {
            if self.known[place].0 == key {
                return self.known[place].1;
            }
            place = (place + 1) % PLACES;
        }
        let on = self.work_out(model, items, set, day);
        self.known[place] = (key, on);
        self.used += 1;
        on
    }

    fn work_out(&mut self, model: &Model, items: &[u16], set: &Together, day: usize) -> OnDay {
        let kind = model.items[usize::from(items[0])].kind;
        let ends = self.ends.get(set.len).copied().unwrap_or(0);
        let begins = self.open[kind * model.days.len() + day] & ends;
        let from = self.pages.len();
        let mut pages = std::mem::take(&mut self.pages);
        self.at_each(model, items, set, day, begins, |start| pages.push(start));
        self.pages = pages;
        self.pages[from..].sort_unstable_by_key(|start| (start.cost, start.grain));
        self.pages.truncate(from + STARTS);
        let least = self.pages.get(from).map(|start| start.cost);
        OnDay { from: from as u32, count: (self.pages.len() - from) as u32, least }
    }

    /// Calls with each grain of a day, of those given, at which a set can be a meeting, in the best order there.
    pub fn at_each(
        &mut self,
        model: &Model,
        items: &[u16],
        set: &Together,
        day: usize,
        begins: u128,
        mut each: impl FnMut(Start),
    ) {
        let kind = model.items[usize::from(items[0])].kind;
        self.left = ORDERS;
        self.found = 0;
        self.follow(model, &Walk { items, day, order: [0; MOST], depth: 0, before: 0, starts: begins });
        let mut found = self.found;
        while found != 0 {
            let at = found.trailing_zeros() as usize;
            found &= found - 1;
            let grain = day * model.minutes.len() + at;
            let (cost, order) = self.best[at];
            let rhythm = model.weights.rhythm * i64::from(model.kinds[kind].rhythm[grain]);
            each(Start { grain: grain as u16, order, cost: set.fixed + cost + rhythm });
        }
    }

    /// Goes on with an order, from all its starts at once.
    fn follow(&mut self, model: &Model, walk: &Walk<'_>) {
        if walk.depth == walk.items.len() {
            self.price(model, walk);
            return;
        }
        for (place, &item) in walk.items.iter().enumerate() {
            let place = place as u8;
            let so_far = &walk.order[..walk.depth];
            let item = usize::from(item);
            let starts = walk.starts & self.fits[item * model.days.len() + walk.day] >> walk.before;
            if starts == 0 || self.left == 0 || so_far.contains(&place) {
                continue;
            }
            let facts = &model.items[item];
            let after_it = |&other: &u8| {
                let other = usize::from(walk.items[usize::from(other)]);
                facts.rules.iter().any(|&rule| model.rules[rule] == (item, other))
            };
            if !facts.rules.is_empty() && so_far.iter().any(after_it) {
                continue;
            }
            self.left -= 1;
            let mut next = Walk { depth: walk.depth + 1, before: walk.before + facts.len, starts, ..*walk };
            next.order[walk.depth] = place;
            self.follow(model, &next);
        }
    }

    /// Prices an order at each of its starts.
    fn price(&mut self, model: &Model, walk: &Walk<'_>) {
        let mut agenda = [NONE; MOST];
        for (item, &place) in agenda.iter_mut().zip(&walk.order[..walk.depth]) {
            *item = walk.items[usize::from(place)];
        }
        let agenda = &agenda[..walk.depth];
        let mut waiting = 0;
        idle(model, agenda, |item, who| {
            waiting += model.weights.waiting * i64::from(who.count_ones()) * model.items[item].len as i64;
        });
        let mut starts = walk.starts;
        while starts != 0 {
            let at = starts.trailing_zeros() as usize;
            starts &= starts - 1;
            let (mut cost, mut grain) = (waiting, walk.day * model.minutes.len() + at);
            for &item in agenda {
                cost += worth(model.alone(usize::from(item), grain));
                grain += model.items[usize::from(item)].len;
            }
            if self.found >> at & 1 == 0 || cost < self.best[at].0 {
                self.found |= 1 << at;
                self.best[at] = (cost, walk.order);
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::office::{
        Level,
        generate::{Sizes, planted},
        state::{Slot, State},
        together::Items,
    };

    /// What a set costs at each start of a day, in its best order: tried one by one in an empty plan.
    fn tried(model: &Model, sets: &Sets, items: &[u16], set: &Together, day: usize) -> Vec<(u16, i64)> {
        let mut state = State::new(model);
        let room = usize::from(sets.rooms[set.rooms.trailing_zeros() as usize]);
        let empty = i64::from((model.rooms[room].capacity - set.people) / 4) * model.weights.room_fit;
        let deferred: i64 = items.iter().map(|&item| sets.deferred[usize::from(item)]).sum();
        let mut found = Vec::new();
        for grain in day * model.minutes.len()..(day + 1) * model.minutes.len() {
            let mut best = None;
            for order in orders(items) {
                let kind = model.items[usize::from(items[0])].kind as u16;
                let mut slot = Slot { kind, room: room as u16, start: grain as u16, ..Slot::EMPTY };
                order.iter().enumerate().for_each(|(place, &item)| slot.insert(place, item));
                state.drop(0, slot);
                let own = state.own_cost(0);
                // Rules with items of other meetings are not a set's own.
                let place = |item: usize| order.iter().position(|&i| usize::from(i) == item);
                let kept = |&(first, second): &(usize, usize)| match (place(first), place(second)) {
                    (Some(first), Some(second)) => first < second,
                    _ => true,
                };
                if own.at(Level::Hard) == 0 && model.rules.iter().all(kept) {
                    let cost = worth(own) + deferred - empty;
                    best = Some(best.map_or(cost, |best: i64| best.min(cost)));
                }
                state.lift(0);
            }
            found.extend(best.map(|cost| (grain as u16, cost)));
        }
        found
    }

    /// Every order of some items.
    pub fn orders<T: Copy + PartialEq>(items: &[T]) -> Vec<Vec<T>> {
        if items.is_empty() {
            return vec![Vec::new()];
        }
        let from = |&first: &T| {
            let rest: Vec<T> = items.iter().copied().filter(|&item| item != first).collect();
            orders(&rest).into_iter().map(move |order| [vec![first], order].concat())
        };
        items.iter().flat_map(from).collect()
    }

    #[test]
    fn a_set_is_known_at_every_start_at_which_it_can_be_and_at_its_cost() {
        let (mut looked, mut rng) = (0, fastrand::Rng::with_seed(3));
        for seed in 0..6 {
            let mut problem = planted(Sizes { busy: 15, ..Sizes::MONTH }, seed).problem;
            problem.items[0].alone = true;
            problem.items[1].chair = Some(problem.agencies[2].code.clone());
            let model = Model::new(&problem, &calendar::Calendar::shipped()).expect("a sound problem");
            let sets = Sets::new(&model);
            let mut agendas = Agendas::new(&model, &sets);
            for _ in 0..60 {
                let mut items = Items::EMPTY;
                let first = rng.usize(0..model.items.len());
                for _ in 0..rng.usize(1..=4) {
                    let item = rng.usize(0..model.items.len());
                    if model.items[item].kind == model.items[first].kind
                        && !items.get().contains(&(item as u16))
                    {
                        items = items.with(item as u16).expect("few");
                    }
                }
                let set = sets.of(&model, items.get());
                if items.get().is_empty() || set.rooms == 0 {
                    continue;
                }
                let day = rng.usize(0..model.days.len());
                let on = agendas.on(&model, items.get(), &set, day);
                let known: Vec<(u16, i64)> = agendas.starts(on).iter().map(|s| (s.grain, s.cost)).collect();
                let tried = tried(&model, &sets, items.get(), &set, day);
                let about = format!("seed {seed}, {:?} on day {day}", items.get());
                for start in &known {
                    let one =
                        tried.iter().find(|(grain, _)| *grain == start.0).expect("a start that was tried");
                    // Beyond the margin an order that costs less may be left out.
                    assert!(start.1 == one.1 || one.1 > set.least + MARGIN && start.1 > one.1, "{about}");
                }
                let dearest = known.last().filter(|_| known.len() == STARTS).map_or(i64::MAX, |last| last.1);
                for (grain, cost) in tried {
                    let is_known = known.iter().any(|(known, _)| *known == grain);
                    assert!(is_known || cost > set.least + MARGIN || cost >= dearest, "{about}: {grain}");
                }
                looked += known.len();
            }
        }
        assert!(looked > 500, "{looked} starts looked at");
    }
}
