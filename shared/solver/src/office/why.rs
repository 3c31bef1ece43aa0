//! 为何排不上: why an item is on no agenda, cheapest question first, with names and numbers.
//!
//! 1. What the item says of itself: room, days, length, a calendar that nobody knows.
//! 2. Calendars: the smallest group of agencies that share no time, and the nearest misses.
//! 3. Sums: an agency (or the rooms that would do) is needed longer than it is free before a deadline.
//! 4. The whole: a conflict proven by the constraint solver, in [`crate::office::prove`].

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    BusyKind, Model,
    model::{FIRM, NOT_FREE, OUT, UNKNOWN},
};

/// Why an item is on no agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum WhyNot {
    /// No room has the seats or the equipment.
    NoRoom {
        /// Seats needed.
        people: u32,
        /// Seats of the largest room with the equipment; none has it when absent.
        largest: Option<u32>,
    },
    /// No working day lies between material and notice on one side, deadline and pin on the other.
    NoDay {
        /// First possible day, when there is one.
        from: Option<NaiveDate>,
        /// Last allowed day.
        until: Option<NaiveDate>,
    },
    /// Longer than any part of a day, or than its kind allows.
    TooLong {
        /// Its length.
        minutes: u32,
        /// The longest possible.
        longest: u32,
    },
    /// Its kind has no window in the days that are left.
    NoWindow {
        /// The kind.
        kind: String,
    },
    /// Nobody knows the calendar of an agency that must be there: unknown is not free.
    UnknownCalendar {
        /// The agencies.
        agencies: Vec<String>,
    },
    /// These agencies share no time that is long enough; without any one of them there would be some.
    NoCommonTime {
        /// The smallest such group.
        agencies: Vec<String>,
        /// Length needed.
        minutes: u32,
        /// Last allowed day.
        until: Option<NaiveDate>,
        /// Whether no smaller group conflicts.
        smallest: bool,
    },
    /// Too few of the agencies besides the lead are ever free together.
    QuorumNeverMet {
        /// How many are needed.
        needed: u32,
        /// The most that are free at once.
        best: u32,
    },
    /// An agency is needed longer than it is free.
    ShortOfTime {
        /// The agency.
        agency: String,
        /// Minutes needed until then.
        needed: u32,
        /// Minutes free until then.
        free: u32,
        /// Deadline.
        until: NaiveDate,
        /// The items that need it until then.
        items: Vec<String>,
    },
    /// The rooms that would do are needed longer than they are free.
    ShortOfRooms {
        /// The rooms.
        rooms: Vec<String>,
        /// Minutes needed until then.
        needed: u32,
        /// Minutes free until then.
        free: u32,
        /// Deadline.
        until: NaiveDate,
        /// The items that need them until then.
        items: Vec<String>,
    },
    /// The items and facts contradict each other; proven.
    Conflict {
        /// The facts that together cannot hold.
        facts: Vec<Fact>,
        /// Whether each of them is needed for the conflict.
        smallest: bool,
    },
    /// It could be placed by itself, but only at the expense of what weighs more.
    Outweighed,
}

/// One fact of a conflict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum Fact {
    /// An agency is at one meeting at a time.
    OneAtATime {
        /// The agency.
        agency: String,
    },
    /// A room holds one meeting at a time.
    Rooms,
    /// An item has a last day.
    Deadline {
        /// The item.
        item: String,
        /// Its day.
        on: NaiveDate,
    },
}

/// A slot that only one agency spoils.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NearMiss {
    /// Its day.
    pub on: NaiveDate,
    /// Its first minute.
    pub minute: u32,
    /// Who is not free.
    pub agency: String,
    /// What its calendar says.
    pub because: BusyKind,
}

/// Most members of a group that is looked for exhaustively.
const GROUP: usize = 14;

/// The first reason that answers.
#[must_use]
pub fn why_not(model: &Model, item: usize) -> WhyNot {
    by_itself(model, item)
        .or_else(|| calendars(model, item))
        .or_else(|| sums(model, item))
        .unwrap_or(WhyNot::Outweighed)
}

fn minutes(model: &Model, grains: usize) -> u32 {
    u32::try_from(grains).unwrap_or(u32::MAX).saturating_mul(model.grain_minutes)
}

/// Rooms in which an item could be.
pub(super) fn rooms_for(model: &Model, item: usize) -> Vec<usize> {
    let facts = &model.items[item];
    let people = people(model, item);
    (0..model.rooms.len())
        .filter(|&r| {
            let room = &model.rooms[r];
            room.capacity >= people
                && facts.needs & !room.equipment == 0
                && facts.pin.2.is_none_or(|pin| pin == r)
        })
        .collect()
}

fn people(model: &Model, item: usize) -> u32 {
    let facts = &model.items[item];
    super::plan::bits(facts.all_set).map(|a| model.agencies[a].seats).sum::<u32>() + facts.guests
}

/// Starts that everything but people and rooms allows.
pub(super) fn open_starts(model: &Model, item: usize, by_law: bool) -> Vec<usize> {
    let facts = &model.items[item];
    let kind = &model.kinds[facts.kind];
    (0..model.grains)
        .filter(|&g| {
            let (on, minute) = model.when(g);
            g + facts.len <= model.part_end[g]
                && kind.window[g]
                && model.day_of(g) >= kind.first_day
                && facts.earliest.is_none_or(|from| from <= on)
                && (!by_law || facts.statutory.is_none_or(|to| on <= to))
                && facts.pin.0.is_none_or(|pin| pin == on)
                && facts.pin.1.is_none_or(|pin| pin == minute)
        })
        .collect()
}

fn by_itself(model: &Model, item: usize) -> Option<WhyNot> {
    let facts = &model.items[item];
    let kind = &model.kinds[facts.kind];
    if rooms_for(model, item).is_empty() {
        let equipped = model.rooms.iter().filter(|r| facts.needs & !r.equipment == 0);
        let largest = equipped.map(|r| r.capacity).max();
        return Some(WhyNot::NoRoom { people: people(model, item), largest });
    }
    let per_day = model.minutes.len();
    let part = (0..per_day).map(|g| model.part_end[g].saturating_sub(g)).max().unwrap_or(0);
    let longest = part.min(kind.max_grains);
    if facts.len > longest {
        let (minutes, longest) = (minutes(model, facts.len), minutes(model, longest));
        return Some(WhyNot::TooLong { minutes, longest });
    }
    let until = facts.statutory;
    let days = model.days.iter().enumerate().filter(|(day, on)| {
        *day >= kind.first_day
            && facts.earliest.is_none_or(|from| from <= **on)
            && until.is_none_or(|to| **on <= to)
            && facts.pin.0.is_none_or(|pin| pin == **on)
    });
    if days.count() == 0 {
        let from = model.days.get(kind.first_day).copied();
        let from = from.map(|on| facts.earliest.map_or(on, |earliest| earliest.max(on)));
        return Some(WhyNot::NoDay { from, until });
    }
    if open_starts(model, item, true).is_empty() {
        return Some(WhyNot::NoWindow { kind: kind.name.clone() });
    }
    let spare = facts.others.len() - facts.quorum;
    let unknown = |list: &[usize]| -> Vec<String> {
        let unknown = list.iter().map(|&a| &model.agencies[a]).filter(|a| !a.known);
        unknown.map(|a| a.code.clone()).collect()
    };
    let (lead, others) = (unknown(&facts.lead), unknown(&facts.others));
    if !lead.is_empty() || others.len() > spare {
        return Some(WhyNot::UnknownCalendar { agencies: lead.into_iter().chain(others).collect() });
    }
    None
}

/// For each of some starts whether an agency is free long enough, as bits.
fn free_bits(model: &Model, agency: usize, len: usize, starts: &[usize]) -> Vec<u64> {
    let busy = &model.agencies[agency].busy;
    let mut bits = vec![0_u64; starts.len().div_ceil(64)];
    for (at, &start) in starts.iter().enumerate() {
        let until = (start + len).min(busy.len());
        if busy[start..until].iter().all(|b| b & NOT_FREE == 0) {
            bits[at / 64] |= 1 << (at % 64);
        }
    }
    bits
}

/// Whether a start is free for a whole group. Bits beyond the last start are zero in every agency.
fn meet(all: &[(usize, Vec<u64>)], mut group: impl Iterator<Item = usize>) -> bool {
    let Some(first) = group.next() else { return true };
    let mut common = all[first].1.clone();
    for member in group {
        common.iter_mut().zip(&all[member].1).for_each(|(bits, more)| *bits &= more);
    }
    common.iter().any(|&bits| bits != 0)
}

fn calendars(model: &Model, item: usize) -> Option<WhyNot> {
    let facts = &model.items[item];
    let starts = open_starts(model, item, true);
    let whole = facts.quorum >= facts.others.len();
    let members: Vec<usize> = if whole { facts.required().collect() } else { facts.lead.clone() };
    let all: Vec<(usize, Vec<u64>)> =
        members.iter().map(|&a| (a, free_bits(model, a, facts.len, &starts))).collect();
    if !meet(&all, 0..all.len()) {
        let (group, smallest) = smallest_group(&all);
        let agencies = group.into_iter().map(|member| model.agencies[all[member].0].code.clone()).collect();
        let minutes = minutes(model, facts.len);
        return Some(WhyNot::NoCommonTime { agencies, minutes, until: facts.statutory, smallest });
    }
    if whole {
        return None;
    }
    let others: Vec<Vec<u64>> =
        facts.others.iter().map(|&a| free_bits(model, a, facts.len, &starts)).collect();
    let best = (0..starts.len())
        .filter(|at| all.iter().all(|a| a.1[at / 64] >> (at % 64) & 1 == 1))
        .map(|at| others.iter().filter(|bits| bits[at / 64] >> (at % 64) & 1 == 1).count())
        .max()
        .unwrap_or(0);
    let narrow = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    (best < facts.quorum).then(|| WhyNot::QuorumNeverMet { needed: narrow(facts.quorum), best: narrow(best) })
}

/// The smallest group that never meets: by size up to [`GROUP`] members, beyond that one that cannot shrink.
fn smallest_group(all: &[(usize, Vec<u64>)]) -> (Vec<usize>, bool) {
    let n = all.len();
    if n <= GROUP {
        let mut sets: Vec<u32> = (1..1_u32 << n).collect();
        sets.sort_by_key(|set| set.count_ones());
        for set in sets {
            let group = (0..n).filter(move |member| set >> member & 1 == 1);
            if !meet(all, group.clone()) {
                return (group.collect(), true);
            }
        }
    }
    // QuickXplain's result by plain deletion: each test is a few ANDs.
    let mut group: Vec<usize> = (0..n).collect();
    let mut at = 0;
    while at < group.len() {
        let without: Vec<usize> = group.iter().copied().filter(|m| *m != group[at]).collect();
        if meet(all, without.iter().copied()) {
            at += 1;
        } else {
            group = without;
        }
    }
    (group, n <= GROUP)
}

/// Slots that exactly one required agency spoils, one a day, at most `most`.
#[must_use]
pub fn near_misses(model: &Model, item: usize, most: usize) -> Vec<NearMiss> {
    let facts = &model.items[item];
    let mut found: Vec<NearMiss> = Vec::new();
    for start in open_starts(model, item, true) {
        let (on, minute) = model.when(start);
        if found.len() >= most {
            break;
        }
        if found.last().is_some_and(|last| last.on == on) {
            continue;
        }
        let mut spoilers = facts.required().filter_map(|a| {
            let busy = &model.agencies[a].busy[start..start + facts.len];
            let flags = busy.iter().fold(0, |all, b| all | b) & NOT_FREE;
            (flags != 0).then_some((a, flags))
        });
        if let (Some((agency, flags)), None) = (spoilers.next(), spoilers.next()) {
            let because = match flags {
                f if f & UNKNOWN != 0 => BusyKind::Unknown,
                f if f & OUT != 0 => BusyKind::Out,
                f if f & FIRM != 0 => BusyKind::Firm,
                _ => BusyKind::Tentative,
            };
            found.push(NearMiss { on, minute, agency: model.agencies[agency].code.clone(), because });
        }
    }
    found
}

/// Whether an agency or the rooms are needed longer than they are free before some deadline.
fn sums(model: &Model, item: usize) -> Option<WhyNot> {
    let facts = &model.items[item];
    let last = *model.days.last()?;
    let by = |i: usize| model.items[i].statutory.map_or(last, |d| d.min(last));
    let mut deadlines: Vec<NaiveDate> = (0..model.items.len()).map(by).collect();
    deadlines.sort();
    deadlines.dedup();
    for &until in deadlines.iter().filter(|d| **d >= by(item)) {
        let day = model.days.partition_point(|on| *on <= until);
        let end = day * model.minutes.len();
        let begin = model.kinds[facts.kind].first_day * model.minutes.len();
        let due: Vec<usize> = (0..model.items.len()).filter(|&i| by(i) <= until).collect();
        let ids = |list: &[usize]| list.iter().map(|&i| model.items[i].id.clone()).collect();
        let whole = facts.quorum >= facts.others.len();
        let must = facts.lead.iter().chain(facts.others.iter().filter(|_| whole));
        for &agency in must {
            let needs: Vec<usize> =
                due.iter().copied().filter(|&i| model.items[i].lead.contains(&agency)).collect();
            // A quorum member may be spared: only those who must be there count.
            let needs = with_whole_quorum(model, agency, &due, needs);
            let needed = needs.iter().map(|&i| model.items[i].len).sum::<usize>();
            let free = model.agencies[agency].busy[begin.min(end)..end].iter();
            let free = free.filter(|b| **b & NOT_FREE == 0).count();
            let free = free * usize::from(model.agencies[agency].delegations);
            if needed > free {
                let agency = model.agencies[agency].code.clone();
                let (needed, free) = (minutes(model, needed), minutes(model, free));
                return Some(WhyNot::ShortOfTime { agency, needed, free, until, items: ids(&needs) });
            }
        }
        let rooms = rooms_for(model, item);
        let mut classes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &i in &due {
            classes.entry(i).or_insert_with(|| rooms_for(model, i));
        }
        let needs: Vec<usize> = classes
            .iter()
            .filter(|(_, fit)| !fit.is_empty() && fit.iter().all(|r| rooms.contains(r)))
            .map(|(i, _)| *i)
            .collect();
        let needed = needs.iter().map(|&i| model.items[i].len).sum::<usize>();
        let free: usize = rooms
            .iter()
            .map(|&r| model.rooms[r].busy[begin.min(end)..end].iter().filter(|b| !**b).count())
            .sum();
        if needed > free {
            let names = rooms.iter().map(|&r| model.rooms[r].name.clone()).collect();
            let (needed, free) = (minutes(model, needed), minutes(model, free));
            return Some(WhyNot::ShortOfRooms { rooms: names, needed, free, until, items: ids(&needs) });
        }
    }
    None
}

fn with_whole_quorum(model: &Model, agency: usize, due: &[usize], mut needs: Vec<usize>) -> Vec<usize> {
    for &i in due {
        let item = &model.items[i];
        if item.quorum >= item.others.len() && item.others.contains(&agency) && !needs.contains(&i) {
            needs.push(i);
        }
    }
    needs
}
