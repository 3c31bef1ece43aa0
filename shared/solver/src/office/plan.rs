//! A plan, what a reason of its score is about, and the walk that gives all reasons.

#![expect(clippy::indexing_slicing, reason = "plans are checked against the model before they are walked")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Constraint, Cost, Level, Model, calendar_cost::item_at, meeting_cost};

/// A meeting of a plan, in indices of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The published meeting it continues.
    pub published: Option<usize>,
    /// Its kind.
    pub kind: usize,
    /// Its first grain.
    pub start: usize,
    /// Its room.
    pub room: usize,
    /// Its agenda in order.
    pub items: Vec<usize>,
}

/// Every meeting; items on none are deferred.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The meetings.
    pub meetings: Vec<Meeting>,
}

/// What a reason is about, as indices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entities {
    /// An item.
    pub item: Option<usize>,
    /// Another item.
    pub other: Option<usize>,
    /// An agency.
    pub agency: Option<usize>,
    /// A room.
    pub room: Option<usize>,
    /// A grain.
    pub grain: Option<usize>,
}

impl Entities {
    /// About an item.
    #[must_use]
    pub fn item(item: usize) -> Self {
        Self { item: Some(item), ..Self::default() }
    }

    /// And an agency.
    #[must_use]
    pub const fn agency(mut self, agency: usize) -> Self {
        self.agency = Some(agency);
        self
    }

    /// And a time.
    #[must_use]
    pub const fn at(mut self, grain: usize) -> Self {
        self.grain = Some(grain);
        self
    }

    /// And a room.
    #[must_use]
    pub const fn room(mut self, room: usize) -> Self {
        self.room = Some(room);
        self
    }

    /// And another item.
    #[must_use]
    pub const fn other(mut self, item: usize) -> Self {
        self.other = Some(item);
        self
    }

    /// Its items.
    pub fn items(self) -> impl Iterator<Item = usize> {
        self.item.into_iter().chain(self.other)
    }
}

/// One reason of a score, by names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The constraint.
    pub constraint: Constraint,
    /// Its level.
    pub level: Level,
    /// The items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// The agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Day and minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<(NaiveDate, u32)>,
    /// Units times weight.
    pub amount: i64,
}

/// The score of a plan in full.
#[must_use]
pub fn cost(model: &Model, plan: &Plan) -> Cost {
    let mut sum = Cost::default();
    walk(model, plan, &mut |constraint, _, amount| sum.add(constraint.level(), amount));
    sum
}

/// Every reason of a plan's score, worst level first; their amounts add up to it.
#[must_use]
pub fn explain(model: &Model, plan: &Plan) -> Vec<Reason> {
    let mut reasons = Vec::new();
    walk(model, plan, &mut |constraint, about, amount| reasons.push(model.named(constraint, about, amount)));
    reasons.sort_by_key(|r| (r.level, std::cmp::Reverse(r.amount)));
    reasons
}

/// Whether a plan's indices are those of the model and no item is on two agendas.
#[must_use]
pub fn fits(model: &Model, plan: &Plan) -> bool {
    let mut seen = vec![false; model.items.len()];
    plan.meetings.iter().all(|m| {
        m.kind < model.kinds.len()
            && m.room < model.rooms.len()
            && m.start < model.grains
            && m.published.is_none_or(|p| p < model.published.len())
            && !m.items.is_empty()
            && m.items.iter().all(|&i| seen.get_mut(i).is_some_and(|s| !std::mem::replace(s, true)))
    })
}

/// Calls with each (constraint, entities, amount times weight).
fn walk(model: &Model, plan: &Plan, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    let mut weighed = |constraint: Constraint, about, amount: i64| {
        let amount = amount * model.weights.of(constraint);
        if amount != 0 {
            sink(constraint, about, amount);
        }
    };
    let mut placed: Vec<Option<(usize, usize)>> = vec![None; model.items.len()];
    for meeting in &plan.meetings {
        let mut at = meeting.start;
        for &item in &meeting.items {
            item_at(model, item, at, &mut weighed);
            placed[item] = Some((at, at + model.items[item].len));
            at += model.items[item].len;
        }
        meeting_cost::meeting(model, meeting, &mut weighed);
    }
    for (slot, published) in model.published.iter().enumerate() {
        if !plan.meetings.iter().any(|m| m.published == Some(slot)) {
            meeting_cost::cancelled(model, slot, published, &mut weighed);
        }
    }
    for (item, place) in placed.iter().enumerate() {
        if place.is_none() {
            meeting_cost::deferred(model, item, &mut weighed);
        }
    }
    for &(first, second) in &model.rules {
        if meeting_cost::breaks(placed[first], placed[second]) {
            weighed(Constraint::Precedence, Entities::item(first).other(second), 1);
        }
    }
    loads(model, plan, &placed, &mut weighed);
    rooms_and_rhythm(model, plan, &mut weighed);
}

/// Who is in two places at once.
fn loads(
    model: &Model,
    plan: &Plan,
    placed: &[Option<(usize, usize)>],
    sink: &mut impl FnMut(Constraint, Entities, i64),
) {
    let mut at: BTreeMap<(usize, usize), (i64, i64, Entities)> = BTreeMap::new();
    for (item, place) in placed.iter().enumerate() {
        let Some((start, end)) = *place else { continue };
        let facts = &model.items[item];
        let all = facts.required().map(|a| (a, true)).chain(facts.optional.iter().map(|&a| (a, false)));
        for (agency, required) in all {
            for grain in start..end.min(model.grains) {
                let load = at.entry((agency, grain)).or_default();
                *if required { &mut load.0 } else { &mut load.1 } += 1;
                load.2 = match load.2.item {
                    None => Entities::item(item).agency(agency).at(grain),
                    Some(_) => load.2.other(item),
                };
            }
        }
    }
    for ((agency, _), (required, optional, about)) in at {
        let delegations = i64::from(model.agencies[agency].delegations);
        let twice = (required - delegations).max(0);
        sink(Constraint::AgencyTwice, about, twice);
        sink(Constraint::OptionalTwice, about, (required + optional - delegations).max(0) - twice);
    }
    let mut journeys: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for meeting in &plan.meetings {
        let all = meeting.items.iter().fold(0, |set, &i| set | model.items[i].all_set);
        for agency in bits(all) {
            *journeys.entry((agency, model.day_of(meeting.start))).or_default() += 1;
        }
    }
    for (agency, day) in journeys.into_keys() {
        let grain = day * model.minutes.len();
        sink(Constraint::Journey, Entities::default().agency(agency).at(grain), 1);
    }
}

fn rooms_and_rhythm(model: &Model, plan: &Plan, sink: &mut impl FnMut(Constraint, Entities, i64)) {
    let mut taken: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for meeting in &plan.meetings {
        let end = meeting.start + meeting.items.iter().map(|&i| model.items[i].len).sum::<usize>();
        for grain in meeting.start..end.min(model.grains) {
            *taken.entry((meeting.room, grain)).or_default() += 1;
        }
    }
    for ((room, grain), count) in taken {
        sink(Constraint::RoomTwice, Entities::default().room(room).at(grain), count - 1);
    }
    for (at, a) in plan.meetings.iter().enumerate() {
        for b in plan.meetings.iter().skip(at + 1).filter(|b| b.kind == a.kind) {
            let days = |m: &Meeting| model.days[model.day_of(m.start)];
            let apart = (days(a) - days(b)).num_days().abs();
            if apart < model.kinds[a.kind].spacing {
                sink(Constraint::Spacing, Entities::default().at(b.start), 1);
            }
        }
    }
}

/// The bits of a set, lowest first.
pub(super) fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = set.trailing_zeros() as usize;
        (set != 0).then(|| {
            set &= set - 1;
            at
        })
    })
}
