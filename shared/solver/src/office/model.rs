//! A checked problem with every name resolved: grains, flags per grain, and what each item costs at each start.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]

use chrono::NaiveDate;

use super::{Constraint, Cost, Entities, Weights, calendar_cost::item_at, resolve};
use crate::error::ProblemError;

/// Firmly taken.
pub const FIRM: u8 = 1;
/// Perhaps taken.
pub const TENTATIVE: u8 = 2;
/// Out of office.
pub const OUT: u8 = 4;
/// Not known.
pub const UNKNOWN: u8 = 8;
/// What a required agency cannot attend in.
pub const NOT_FREE: u8 = FIRM | OUT | UNKNOWN;

/// A checked problem.
#[derive(Clone, Debug)]
pub struct Model {
    /// Minutes of a grain.
    pub grain_minutes: u32,
    /// The day of asking.
    pub today: NaiveDate,
    /// The working days.
    pub days: Vec<NaiveDate>,
    /// First minute of each grain of a day.
    pub minutes: Vec<u32>,
    /// Grains in all.
    pub grains: usize,
    /// For each grain, the grain after its part of the day.
    pub part_end: Vec<usize>,
    /// The agencies.
    pub agencies: Vec<AgencyFacts>,
    /// The rooms.
    pub rooms: Vec<RoomFacts>,
    /// The kinds.
    pub kinds: Vec<KindFacts>,
    /// The items.
    pub items: Vec<ItemFacts>,
    /// Pairs of items: the first ends before the second begins.
    pub rules: Vec<(usize, usize)>,
    /// The published meetings.
    pub published: Vec<PublishedFacts>,
    /// The weights.
    pub weights: Weights,
    /// What each item costs at each start by itself.
    pub(super) calendar: Vec<Cost>,
}

/// An agency.
#[derive(Clone, Debug)]
pub struct AgencyFacts {
    /// Its code.
    pub code: String,
    /// Meetings it can attend at once.
    pub delegations: u8,
    /// Seats of a delegation.
    pub seats: u32,
    /// Whether it has a calendar at all.
    pub known: bool,
    /// Flags per grain.
    pub busy: Vec<u8>,
}

/// A room.
#[derive(Clone, Debug)]
pub struct RoomFacts {
    /// Its name.
    pub name: String,
    /// Seats.
    pub capacity: u32,
    /// Equipment, one bit each.
    pub equipment: u64,
    /// Whether it is taken, per grain.
    pub busy: Vec<bool>,
}

/// A kind of meeting.
#[derive(Clone, Debug)]
pub struct KindFacts {
    /// Its name.
    pub name: String,
    /// Whether such a meeting may begin here, per grain.
    pub window: Vec<bool>,
    /// The first day with enough notice.
    pub first_day: usize,
    /// Most items.
    pub max_items: usize,
    /// Most grains.
    pub max_grains: usize,
    /// Days between two such meetings.
    pub spacing: i64,
    /// Preferences missed by a start, per grain.
    pub rhythm: Vec<u8>,
}

/// An item.
#[derive(Clone, Debug)]
pub struct ItemFacts {
    /// Its number.
    pub id: String,
    /// Its kind.
    pub kind: usize,
    /// Its length in grains.
    pub len: usize,
    /// Its priority.
    pub priority: i64,
    /// Must be there: the lead, the chair.
    pub lead: Vec<usize>,
    /// Must be there, or a quorum of them.
    pub others: Vec<usize>,
    /// How many of the others suffice.
    pub quorum: usize,
    /// Should be there.
    pub optional: Vec<usize>,
    /// The required as bits.
    pub required_set: u128,
    /// All attendees as bits.
    pub all_set: u128,
    /// The chair.
    pub chair: Option<usize>,
    /// First day it may be on, last by law, last by the office: as dates.
    pub earliest: Option<NaiveDate>,
    /// By law.
    pub statutory: Option<NaiveDate>,
    /// By the office.
    pub internal: Option<NaiveDate>,
    /// Items not on the same agenda.
    pub apart: Vec<usize>,
    /// Rules it is part of.
    pub rules: Vec<usize>,
    /// Equipment it needs, one bit each.
    pub needs: u64,
    /// Seats for others.
    pub guests: u32,
    /// Confidential.
    pub alone: bool,
    /// A person's decision on day, minute, room.
    pub pin: (Option<NaiveDate>, Option<u32>, Option<usize>),
    /// The published meeting it is on.
    pub published: Option<usize>,
    /// Starts at which it breaks no hard rule by itself.
    pub starts: Vec<u16>,
    /// The same, one bit a grain.
    pub(super) start_bits: Vec<u64>,
    /// Grains at which it breaks none by itself behind others on an agenda, one bit a grain.
    pub(super) inside_bits: Vec<u64>,
}

fn has_bit(bits: &[u64], at: usize) -> bool {
    bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

impl ItemFacts {
    /// Whether it breaks no hard rule by itself as the first of an agenda.
    pub(super) fn can_begin(&self, grain: usize) -> bool {
        has_bit(&self.start_bits, grain)
    }

    /// The same behind others on an agenda.
    pub(super) fn can_follow(&self, grain: usize) -> bool {
        has_bit(&self.inside_bits, grain)
    }

    /// Everybody who must be there (a quorum of the others may do).
    pub fn required(&self) -> impl Iterator<Item = usize> + '_ {
        self.lead.iter().chain(&self.others).copied()
    }
}

/// A published meeting.
#[derive(Clone, Debug)]
pub struct PublishedFacts {
    /// Its kind.
    pub kind: usize,
    /// Its first grain.
    pub start: usize,
    /// Its room.
    pub room: usize,
    /// Its agenda.
    pub items: Vec<usize>,
    /// Who accepted.
    pub accepted: i64,
    /// Stays as it is.
    pub frozen: bool,
}

impl Model {
    /// Checks a problem and resolves it. `calendar` says which days are worked.
    ///
    /// # Errors
    /// Names the field that is wrong.
    pub fn new(problem: &super::Problem, calendar: &calendar::Calendar) -> Result<Self, ProblemError> {
        let mut model = resolve::resolve(problem, calendar)?;
        model.refresh();
        Ok(model)
    }

    /// Prices every item at every start anew, after somebody's calendar or an item changed.
    pub(super) fn refresh(&mut self) {
        let mut table = Vec::with_capacity(self.items.len() * self.grains);
        let mut all_starts = Vec::with_capacity(self.items.len());
        let words = self.grains.div_ceil(64);
        for item in 0..self.items.len() {
            let facts = &self.items[item];
            let kind = &self.kinds[facts.kind];
            let (mut starts, mut first, mut inside) = (Vec::new(), vec![0; words], vec![0; words]);
            for grain in 0..self.grains {
                let mut cost = Cost::default();
                item_at(self, item, grain, &mut |constraint, _, amount| {
                    cost.add(constraint.level(), amount * self.weights.of(constraint));
                });
                table.push(cost);
                let fits = grain + facts.len <= self.part_end[grain];
                if cost.0[0] > 0 || !fits || self.day_of(grain) < kind.first_day {
                    continue;
                }
                inside[grain / 64] |= 1 << (grain % 64);
                if kind.window[grain] {
                    first[grain / 64] |= 1 << (grain % 64);
                    starts.push(u16::try_from(grain).unwrap_or(u16::MAX));
                }
            }
            all_starts.push((starts, first, inside));
        }
        for (facts, found) in self.items.iter_mut().zip(all_starts) {
            (facts.starts, facts.start_bits, facts.inside_bits) = found;
        }
        self.calendar = table;
    }

    /// Rooms by size, the smallest first: those of them that have a rank.
    pub(super) fn rooms_by_rank(&self) -> impl Iterator<Item = usize> {
        let mut rooms: Vec<usize> = (0..self.rooms.len()).collect();
        rooms.sort_by_key(|&room| self.rooms[room].capacity);
        rooms.into_iter().take(128)
    }

    /// The index of a grain's working day.
    #[must_use]
    pub fn day_of(&self, grain: usize) -> usize {
        (grain / self.minutes.len().max(1)).min(self.days.len().saturating_sub(1))
    }

    /// A grain's day and minute.
    #[must_use]
    pub fn when(&self, grain: usize) -> (NaiveDate, u32) {
        let minute = self.minutes.get(grain % self.minutes.len().max(1)).copied().unwrap_or(0);
        (self.days.get(self.day_of(grain)).copied().unwrap_or(self.today), minute)
    }

    /// The grain that holds a minute of a day.
    #[must_use]
    pub fn grain_at(&self, on: NaiveDate, minute: u32) -> Option<usize> {
        let day = self.days.binary_search(&on).ok()?;
        let inside = self.minutes.iter().position(|&m| m <= minute && minute < m + self.grain_minutes)?;
        Some(day * self.minutes.len() + inside)
    }

    /// What an item costs at a start by itself.
    #[inline]
    pub(super) fn alone(&self, item: usize, grain: usize) -> Cost {
        if grain < self.grains { self.calendar[item * self.grains + grain] } else { Cost::default() }
    }

    /// Names what a reason is about.
    #[must_use]
    pub fn named(&self, constraint: Constraint, about: Entities, amount: i64) -> super::Reason {
        super::Reason {
            constraint,
            level: constraint.level(),
            items: about.items().filter_map(|i| self.items.get(i)).map(|i| i.id.clone()).collect(),
            agency: about.agency.and_then(|a| self.agencies.get(a)).map(|a| a.code.clone()),
            room: about.room.and_then(|r| self.rooms.get(r)).map(|r| r.name.clone()),
            at: about.grain.map(|g| self.when(g)),
            amount,
        }
    }
}
