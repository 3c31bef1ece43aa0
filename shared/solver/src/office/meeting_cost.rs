//! What a meeting costs by itself, whatever else is planned. Search and explanation both call it.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]

use super::{Constraint, Cost, Entities, Meeting, Model, model::PublishedFacts, plan::bits};

/// Most items of an agenda, whatever its kind allows.
pub(super) const LONGEST: usize = 24;

/// A meeting being priced.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub published: Option<usize>,
    pub kind: usize,
    pub start: usize,
    pub room: usize,
    pub items: &'a [u16],
}

/// Prices a meeting of a plan.
pub(super) fn meeting(model: &Model, m: &Meeting, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    // A plan's indices are wider than the search's.
    let items: Vec<u16> = m.items.iter().map(|&i| u16::try_from(i).unwrap_or(u16::MAX)).collect();
    let (published, kind, start, room) = (m.published, m.kind, m.start, m.room);
    look(model, Look { published, kind, start, room, items: &items }, sink);
}

/// Prices a meeting.
pub(super) fn look(model: &Model, m: Look<'_>, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    let first = m.items.first().map_or_else(Entities::default, |&i| Entities::item(usize::from(i)));
    let about = first.room(m.room).at(m.start);
    let mut len = 0;
    let mut all = 0;
    let (mut needs, mut guests, mut chairs) = (0, 0, 0_u128);
    for &item in m.items {
        let facts = &model.items[usize::from(item)];
        len += facts.len;
        all |= facts.all_set;
        needs |= facts.needs;
        guests = guests.max(facts.guests);
        if let Some(chair) = facts.chair {
            chairs |= 1 << chair;
        }
    }
    room(model, m, len, all, (needs, guests), about, sink);
    when(model, m, len, about, sink);
    agenda(model, m, sink);
    waiting(model, m, sink);
    sink(Constraint::Opened, about, 1);
    sink(Constraint::Chairs, about, i64::from(chairs.count_ones()).saturating_sub(1).max(0));
    if let Some(slot) = m.published {
        moved(model, slot, m, sink);
    }
}

fn room(
    model: &Model,
    m: Look<'_>,
    len: usize,
    all: u128,
    (needs, guests): (u64, u32),
    about: Entities,
    sink: &mut impl FnMut(Constraint, Entities, i64),
) {
    let facts = &model.rooms[m.room];
    let until = (m.start + len).min(model.grains);
    let busy = facts.busy[m.start..until].iter().filter(|b| **b).count();
    sink(Constraint::RoomBusy, about, signed(busy));
    let people = bits(all).map(|a| model.agencies[a].seats).sum::<u32>() + guests;
    sink(Constraint::RoomSmall, about, i64::from(people.saturating_sub(facts.capacity)));
    sink(Constraint::RoomFit, about, i64::from(facts.capacity.saturating_sub(people) / 4));
    sink(Constraint::RoomLacks, about, i64::from((needs & !facts.equipment).count_ones()));
}

fn when(
    model: &Model,
    m: Look<'_>,
    len: usize,
    about: Entities,
    sink: &mut impl FnMut(Constraint, Entities, i64),
) {
    let kind = &model.kinds[m.kind];
    let over = (m.start + len).saturating_sub(model.part_end[m.start]);
    sink(Constraint::OutsideHours, about, signed(over));
    let day = model.day_of(m.start);
    sink(Constraint::Notice, about, signed(kind.first_day.saturating_sub(day)));
    sink(Constraint::Window, about, i64::from(!kind.window[m.start]));
    sink(Constraint::TooMany, about, signed(m.items.len().saturating_sub(kind.max_items)));
    sink(Constraint::TooLong, about, signed(len.saturating_sub(kind.max_grains)));
    sink(Constraint::Rhythm, about, i64::from(kind.rhythm[m.start]));
}

fn agenda(model: &Model, m: Look<'_>, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    for (place, &item) in m.items.iter().enumerate() {
        let item = usize::from(item);
        let facts = &model.items[item];
        let about = Entities::item(item).room(m.room).at(m.start);
        if facts.kind != m.kind {
            sink(Constraint::Window, about, 1);
        }
        if facts.alone {
            sink(Constraint::Alone, about, signed(m.items.len() - 1));
        }
        if facts.pin.2.is_some_and(|room| room != m.room) {
            sink(Constraint::Pin, about, 1);
        }
        if facts.published.is_some() && facts.published != m.published {
            sink(Constraint::ItemMoved, about, 1);
        }
        for &other in m.items.iter().skip(place + 1) {
            if facts.apart.contains(&usize::from(other)) {
                sink(Constraint::Apart, about.other(usize::from(other)), 1);
            }
        }
    }
}

/// Grains between an agency's items.
fn waiting(model: &Model, m: Look<'_>, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    idle(model, m.items, |item, who| {
        for agency in bits(who) {
            let about = Entities::item(item).agency(agency).at(m.start);
            sink(Constraint::Waiting, about, signed(model.items[item].len));
        }
    });
}

/// Calls with each item of an agenda and who waits through it: seen before, needed after, not needed now.
pub(super) fn idle(model: &Model, items: &[u16], mut each: impl FnMut(usize, u128)) {
    if items.len() < 3 {
        return;
    }
    let mut seen = 0;
    for (place, &item) in items.iter().enumerate() {
        let item = usize::from(item);
        let all = model.items[item].all_set;
        if seen & !all != 0 {
            let rest = items.iter().skip(place + 1);
            let later = rest.fold(0, |set, &i| set | model.items[usize::from(i)].all_set);
            each(item, seen & later & !all);
        }
        seen |= all;
    }
}

fn nearness(model: &Model, published: &PublishedFacts) -> i64 {
    let (on, _) = model.when(published.start);
    if (on - model.today).num_days() <= i64::from(model.weights.near_days) { 2 } else { 1 }
}

fn moved(model: &Model, slot: usize, m: Look<'_>, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    let published = &model.published[slot];
    let about = Entities::default().room(m.room).at(published.start);
    let people = published.accepted.max(1) * nearness(model, published);
    if m.start != published.start {
        sink(Constraint::TimeMoved, about, people);
    } else if m.room != published.room {
        sink(Constraint::RoomMoved, about, people);
    }
    let same = m.start == published.start
        && m.room == published.room
        && m.items.len() == published.items.len()
        && m.items.iter().zip(&published.items).all(|(a, b)| usize::from(*a) == *b);
    if published.frozen && !same {
        sink(Constraint::Pin, about, 1);
    }
}

/// Prices a published meeting that is no longer.
pub(super) fn cancelled(
    model: &Model,
    _slot: usize,
    published: &PublishedFacts,
    sink: &mut impl FnMut(Constraint, Entities, i64),
) {
    let about = Entities::default().room(published.room).at(published.start);
    sink(Constraint::TimeMoved, about, published.accepted.max(1) * nearness(model, published));
    sink(Constraint::Pin, about, i64::from(published.frozen));
}

/// Prices an item on no agenda.
pub(super) fn deferred(model: &Model, item: usize, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    let facts = &model.items[item];
    sink(Constraint::Deferred, Entities::item(item), facts.priority);
    sink(Constraint::ItemMoved, Entities::item(item), i64::from(facts.published.is_some()));
    let pinned = facts.pin.0.is_some() || facts.pin.1.is_some() || facts.pin.2.is_some();
    sink(Constraint::Pin, Entities::item(item), i64::from(pinned));
}

/// What an item on no agenda costs.
pub(super) fn deferred_cost(model: &Model, item: usize) -> Cost {
    let mut cost = Cost::default();
    deferred(model, item, &mut |c, _, amount| cost.add(c.level(), amount * model.weights.of(c)));
    cost
}

/// Whether the second of two items is not after the first.
pub(super) fn breaks(first: Option<(usize, usize)>, second: Option<(usize, usize)>) -> bool {
    match (first, second) {
        (Some((_, end)), Some((start, _))) => start < end,
        (None, Some(_)) => true,
        (_, None) => false,
    }
}

fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
