//! 可用时段: distinct times at which an item could be, each checked by placing it there.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]
#![expect(clippy::cast_possible_truncation, reason = "sizes are within the limits of the model")]

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Cost, Level, Model, Plan,
    state::{NONE, Slot, State},
    why::rooms_for,
};

/// A time and room for an item, with the rest of the plan as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suggestion {
    /// The day.
    pub on: NaiveDate,
    /// The minute at which the item begins.
    pub minute: u32,
    /// The room.
    pub room: String,
    /// The items of the agenda that it joins; empty for a meeting of its own.
    pub joins: Vec<String>,
    /// What the plan then costs.
    pub cost: Cost,
}

/// At most `most` times for an item, cheapest first, no two on the same half day. None breaks more
/// hard rules than the plan does as it is.
#[must_use]
pub fn suggest(model: &Model, plan: &Plan, item: usize, most: usize) -> Vec<Suggestion> {
    let mut state = State::load(model, plan);
    let allowed = state.cost.at(Level::Hard);
    let from = state.at[item];
    if from != NONE {
        let mut rest = state.lift(usize::from(from)).slot;
        if let Some(place) = rest.items().iter().position(|&i| usize::from(i) == item) {
            rest.remove(place);
        }
        state.drop(usize::from(from), rest);
    }
    let mut found: Vec<(Cost, usize, Suggestion)> = Vec::new();
    for at in 0..state.slots.len() {
        let old = state.slots[at];
        let kind = model.items[item].kind;
        if !state.is_open(at) || state.frozen(at) || usize::from(old.kind) != kind || old.is_full() {
            continue;
        }
        for place in 0..=usize::from(old.count) {
            let mut slot = old;
            slot.insert(place, item as u16);
            try_slot(&mut state, (at, slot), item, allowed, &mut found);
        }
    }
    if let Some(at) = state.free_slot() {
        for &start in &model.items[item].starts {
            for room in rooms_for(model, item) {
                let kind = model.items[item].kind as u16;
                let mut slot = Slot { kind, room: room as u16, start, ..Slot::EMPTY };
                slot.insert(0, item as u16);
                try_slot(&mut state, (at, slot), item, allowed, &mut found);
            }
        }
    }
    found.sort_by_key(|(cost, start, _)| (*cost, *start));
    let mut taken = Vec::new();
    found.retain(|(_, start, _)| {
        let half_day = model.part_end.get(*start).copied();
        let new = taken.len() < most && !taken.contains(&half_day);
        if new {
            taken.push(half_day);
        }
        new
    });
    found.into_iter().map(|(_, _, suggestion)| suggestion).collect()
}

fn try_slot(
    state: &mut State<'_>,
    (at, slot): (usize, Slot),
    item: usize,
    allowed: i64,
    found: &mut Vec<(Cost, usize, Suggestion)>,
) {
    let model = state.model;
    let old = state.lift(at);
    state.drop(at, slot);
    if state.cost.at(Level::Hard) <= allowed {
        let start = usize::from(state.start[item]);
        let (on, minute) = model.when(start);
        let room = model.rooms[usize::from(slot.room)].name.clone();
        let joins = old.slot.items().iter().map(|&i| model.items[usize::from(i)].id.clone()).collect();
        found.push((state.cost, start, Suggestion { on, minute, room, joins, cost: state.cost }));
    }
    state.lift(at);
    state.put_back(at, old);
}
