//! Which sets of items could be one meeting on a half day: found level by level, for a set of three comes from one of
//! two by an item behind it; each with the grains at which it can begin in some order.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of half days")]

use std::collections::HashMap;

use super::{
    Model,
    halves::{GRAINS, Halves, each},
    together::{MOST, Sets, Together},
};

/// A set of items that could be one meeting.
pub(super) struct MeetingSet {
    pub items: u64,
    /// Grains of the half day at which it can begin, one bit each.
    pub begins: u32,
    pub set: Together,
}

/// The items of a set as numbers.
pub(super) fn listed(set: u64) -> ([u16; MOST], usize) {
    let (mut list, mut count) = ([0; MOST], 0);
    for (place, item) in list.iter_mut().zip(each(set)) {
        *place = item as u16;
        count += 1;
    }
    (list, count)
}

/// The sets of a half day, of each number of items no more than `most`; nothing when they are more than `limit`.
pub(super) fn meeting_sets(
    model: &Model,
    sets: &Sets,
    halves: &Halves,
    half: usize,
    most: usize,
    limit: usize,
) -> Option<Vec<MeetingSet>> {
    let mut all = Vec::new();
    let mut level = single(model, halves, half);
    let mut longer: HashMap<u64, u32> = HashMap::new();
    while !level.is_empty() {
        if level.len() > most {
            let agencies = |items: u64| each(items).fold(0, |all, item| all | model.items[item].all_set);
            level.sort_by_cached_key(|(items, _)| (agencies(*items).count_ones(), *items));
            level.truncate(most);
        }
        longer.clear();
        for (items, begins) in level.drain(..) {
            let (list, count) = listed(items);
            let set = sets.of(model, &list[..count]);
            if set.rooms == 0 {
                continue;
            }
            all.push(MeetingSet { items, begins, set });
            if all.len() > limit {
                return None;
            }
            followed(model, halves, half, (items, begins), &mut longer);
        }
        level.extend(longer.drain());
    }
    Some(all)
}

fn single(model: &Model, halves: &Halves, half: usize) -> Vec<(u64, u32)> {
    let place = halves.all[half];
    let begins = |item: usize| {
        let kind = &model.kinds[model.items[item].kind];
        let open = |at: &usize| kind.window[place.first + at] && place.day >= kind.first_day;
        let open = (0..place.len).filter(open).fold(0, |bits, at| bits | 1_u32 << at);
        (1_u64 << item, halves.stay(item, half).begins & open)
    };
    (0..model.items.len()).map(begins).filter(|(_, begins)| *begins != 0).collect()
}

/// Sets of one item more: those with an item behind.
fn followed(
    model: &Model,
    halves: &Halves,
    half: usize,
    (items, begins): (u64, u32),
    longer: &mut HashMap<u64, u32>,
) {
    let kind = model.items[items.trailing_zeros() as usize].kind;
    let len: usize = each(items).map(|item| model.items[item].len).sum();
    let most = model.kinds[kind].max_items.min(MOST);
    if items.count_ones() as usize >= most || len >= GRAINS {
        return;
    }
    for (item, facts) in model.items.iter().enumerate() {
        let begins = begins & halves.stay(item, half).begins >> len;
        let may = begins != 0 && facts.kind == kind && items >> item & 1 == 0;
        if may && len + facts.len <= model.kinds[kind].max_grains {
            let before = |&rule: &usize| {
                let (first, second) = model.rules[rule];
                first == item && items >> second & 1 == 1
            };
            if !facts.rules.iter().any(before) {
                *longer.entry(items | 1 << item).or_insert(0) |= begins;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::{
        agendas::{Agendas, tests::orders},
        candidates::Candidates,
        generate::{Sizes, planted},
    };

    /// Grains of a half day at which some order of the items fits, tried one by one.
    fn tried(model: &Model, halves: &Halves, half: usize, items: &[usize]) -> Vec<u8> {
        let place = halves.all[half];
        let fits = |at: usize, order: &[usize]| {
            let mut grain = at;
            order.iter().enumerate().all(|(place_in, &item)| {
                let facts = &model.items[item];
                let free = grain < place.len && halves.stay(item, half).begins >> grain & 1 == 1;
                let open = place_in > 0 || facts.can_begin(place.first + grain);
                let before = |&rule: &usize| {
                    let (first, second) = model.rules[rule];
                    first == item && order[..place_in].contains(&second)
                };
                grain += facts.len;
                free && open && !facts.rules.iter().any(before)
            })
        };
        let orders = orders(items);
        (0..place.len).filter(|at| orders.iter().any(|order| fits(*at, order))).map(|at| at as u8).collect()
    }

    #[test]
    fn a_set_is_a_candidate_exactly_where_some_order_of_it_fits() {
        let (mut some, mut none, mut rng) = (0, 0, fastrand::Rng::with_seed(5));
        for seed in 0..4 {
            let planted = planted(Sizes { busy: 35, ..Sizes::MONTH }, seed);
            let model =
                Model::new(&planted.problem, &calendar::Calendar::shipped()).expect("a sound problem");
            let sets = Sets::new(&model);
            let halves = Halves::new(&model, &sets).expect("it suits");
            let mut candidates = Candidates::new(&model, &sets, &halves);
            let mut agendas = Agendas::new(&model, &sets);
            for _ in 0..400 {
                let half = rng.usize(0..halves.all.len());
                let kind = rng.usize(0..model.kinds.len());
                let mut items: Vec<usize> = (0..model.items.len())
                    .filter(|&item| model.items[item].kind == kind && halves.stay(item, half).begins != 0)
                    .collect();
                rng.shuffle(&mut items);
                items.truncate(rng.usize(1..=3));
                items.sort_unstable();
                let list: Vec<u16> = items.iter().map(|&item| item as u16).collect();
                if items.is_empty() || sets.of(&model, &list).rooms == 0 {
                    continue;
                }
                let set = items.iter().fold(0, |set, item| set | 1_u64 << item);
                let mut found: Vec<u8> = candidates.find_set(set, half).map_or_else(Vec::new, |at| {
                    let candidate = candidates.timed(&model, &sets, &halves, &mut agendas, at);
                    candidates.times(&candidate).iter().map(|time| time.at).collect()
                });
                found.sort_unstable();
                assert_eq!(found, tried(&model, &halves, half, &items), "seed {seed}, {items:?} on {half}");
                if found.is_empty() { none += 1 } else { some += 1 }
            }
        }
        assert!(some > 100 && none > 20, "{some} candidates, {none} others");
    }

    #[test]
    fn where_they_are_too_many_those_of_the_fewest_agencies_are_left() {
        let planted = planted(Sizes { busy: 0, ..Sizes::MONTH }, 3);
        let model = Model::new(&planted.problem, &calendar::Calendar::shipped()).expect("a sound problem");
        let sets = Sets::new(&model);
        let halves = Halves::new(&model, &sets).expect("it suits");
        let found =
            |most: usize| meeting_sets(&model, &sets, &halves, 9, most, usize::MAX).expect("no limit");
        let pairs = |found: &[MeetingSet]| -> Vec<(u32, u64)> {
            let pairs = found.iter().filter(|found| found.items.count_ones() == 2);
            pairs.map(|found| (found.set.all.count_ones(), found.items)).collect()
        };
        let (all, few) = (found(usize::MAX), found(40));
        for count in 1..=5 {
            assert!(few.iter().filter(|found| found.items.count_ones() == count).count() <= 40);
        }
        let dearest = pairs(&few).into_iter().max().expect("some pairs");
        let singles: u64 = few.iter().filter(|f| f.items.count_ones() == 1).fold(0, |all, f| all | f.items);
        let left = pairs(&all).into_iter().filter(|pair| pair.1 & !singles == 0 && *pair <= dearest);
        assert_eq!(left.count(), pairs(&few).len(), "no cheaper pair was left out");
        assert!(meeting_sets(&model, &sets, &halves, 9, usize::MAX, all.len() - 1).is_none());
    }
}
