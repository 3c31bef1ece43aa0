//! 改期: another plan after something happened, with as little change as can be, and what is different.
//!
//! Only what the event touches is free at first; when that does not suffice more is freed, and then all. The
//! second plan is the best one whoever has to be told. A person chooses.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cost, Level, Meeting, Model, Options, Plan, cost, search::Search, solve};
use crate::budget::Stop;

/// What a change weighs where few changes are asked for: more than what comfort could gain by it.
const ONE_CHANGE: i64 = 20;

/// One way to go on.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// `least_change` or `best_plan`.
    pub aim: Aim,
    /// The plan.
    pub plan: Plan,
    /// Its cost, changes included.
    pub cost: Cost,
    /// What is different.
    pub changes: Vec<Change>,
}

/// What a proposal is best at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Few people have to be told.
    LeastChange,
    /// The plan is as good as if nothing had been told.
    BestPlan,
}

/// What somebody has to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    /// A published meeting is at another time.
    Time {
        /// Which of the published meetings.
        meeting: usize,
        /// Its day and minute.
        was: (NaiveDate, u32),
        /// Its new ones.
        now: (NaiveDate, u32),
        /// Its room from now on.
        room: String,
        /// Who has to be told.
        tell: Vec<String>,
    },
    /// A published meeting is in another room.
    Room {
        /// Which of the published meetings.
        meeting: usize,
        /// Its room.
        was: String,
        /// Its new one.
        now: String,
        /// Who has to be told.
        tell: Vec<String>,
    },
    /// An item is on another agenda, or on none.
    Item {
        /// The item.
        item: String,
        /// When it would have been.
        was: (NaiveDate, u32),
        /// When it is.
        now: Option<(NaiveDate, u32)>,
        /// Who has to be told.
        tell: Vec<String>,
    },
    /// A published meeting is off.
    Cancelled {
        /// Which of the published meetings.
        meeting: usize,
        /// Who has to be told.
        tell: Vec<String>,
    },
}

/// The published meetings as a plan.
#[must_use]
pub fn published(model: &Model) -> Plan {
    let meetings = model.published.iter().enumerate().map(|(at, p)| Meeting {
        published: Some(at),
        kind: p.kind,
        start: p.start,
        room: p.room,
        items: p.items.clone(),
    });
    Plan { meetings: meetings.collect() }
}

/// What is different from what was published.
#[must_use]
pub fn changes(model: &Model, plan: &Plan) -> Vec<Change> {
    let mut found = Vec::new();
    let tell = |items: &[usize]| -> Vec<String> {
        let all = items.iter().fold(0, |set, &i| set | model.items[i].all_set);
        super::plan::bits(all).map(|a| model.agencies[a].code.clone()).collect()
    };
    for (meeting, old) in model.published.iter().enumerate() {
        let Some(new) = plan.meetings.iter().find(|m| m.published == Some(meeting)) else {
            found.push(Change::Cancelled { meeting, tell: tell(&old.items) });
            continue;
        };
        let everybody: Vec<usize> = old.items.iter().chain(&new.items).copied().collect();
        let room = model.rooms[new.room].name.clone();
        if new.start != old.start {
            let (was, now) = (model.when(old.start), model.when(new.start));
            found.push(Change::Time { meeting, was, now, room, tell: tell(&everybody) });
        } else if new.room != old.room {
            let was = model.rooms[old.room].name.clone();
            found.push(Change::Room { meeting, was, now: room, tell: tell(&everybody) });
        }
    }
    for (at, old) in model.published.iter().enumerate() {
        for &item in &old.items {
            let now = plan.meetings.iter().find(|m| m.items.contains(&item));
            if now.is_none_or(|m| m.published != Some(at)) {
                found.push(Change::Item {
                    item: model.items[item].id.clone(),
                    was: model.when(old.start),
                    now: now.map(|m| model.when(m.start)),
                    tell: tell(&[item]),
                });
            }
        }
    }
    found
}

/// How many published meetings break a hard rule now: each needs a change of its own, so no plan has fewer.
#[must_use]
pub fn touched(model: &Model) -> Vec<usize> {
    let whole = published(model);
    (0..whole.meetings.len())
        .filter(|&at| {
            let one = Plan { meetings: vec![whole.meetings[at].clone()] };
            let reasons = super::explain(model, &one);
            // Of a meeting alone, precedence and pins of the others say nothing.
            reasons.iter().any(|r| {
                r.level == Level::Hard
                    && !matches!(r.constraint, super::Constraint::Precedence | super::Constraint::Pin)
            })
        })
        .collect()
}

/// Two ways to go on, or more: the least change first.
#[must_use]
pub fn replan(model: &Model, options: &Options, stop: &Stop) -> Vec<Proposal> {
    let old = published(model);
    let mut proposals = Vec::new();
    let mut add = |aim, plan: Plan| {
        let proposal = Proposal { aim, cost: cost(model, &plan), changes: changes(model, &plan), plan };
        proposals.push(proposal);
    };
    let least = least_change(model, &old, options, stop);
    add(Aim::LeastChange, least.clone());
    // As if nothing had been told: what people know is given back its place where it has kept it.
    let mut untold = model.clone();
    for item in &mut untold.items {
        item.published = None;
    }
    let frozen: Vec<usize> = (0..model.published.len()).filter(|&at| model.published[at].frozen).collect();
    untold.published = frozen.iter().map(|&at| model.published[at].clone()).collect();
    for (at, meeting) in untold.published.iter().enumerate() {
        for &item in &meeting.items {
            untold.items[item].published = Some(at);
        }
    }
    // From nothing, and from the plan of few changes, which is thereby never the better one of the two.
    let mut few = least;
    for meeting in &mut few.meetings {
        meeting.published = meeting.published.and_then(|at| frozen.iter().position(|&f| f == at));
    }
    let mut best = solve(&untold, Some(&published(&untold)), options, stop, &mut |_, _| {});
    let other = solve(&untold, Some(&few), options, stop, &mut |_, _| {});
    if other.cost < best.cost {
        best = other;
    }
    let mut best = best.plan;
    for meeting in &mut best.meetings {
        meeting.published = meeting.published.and_then(|at| frozen.get(at).copied());
    }
    recognise(model, &mut best);
    add(Aim::BestPlan, best);
    proposals
}

/// Frees what the event touches, then its neighbours in time, then all, and takes the best of the three. Each
/// change counts as one here, however many it concerns: what is asked for is few changes.
fn least_change(model: &Model, old: &Plan, options: &Options, stop: &Stop) -> Plan {
    let touched = touched(model);
    let mut counted = model.clone();
    let weights = &mut counted.weights;
    (weights.time_moved, weights.room_moved, weights.item_moved, weights.near_days) =
        (ONE_CHANGE, ONE_CHANGE, ONE_CHANGE, 0);
    for published in &mut counted.published {
        published.accepted = 1;
    }
    let model = &counted;
    let day = |at: usize| model.day_of(model.published[at].start);
    let mut best: Option<(Cost, Plan)> = None;
    for reach in [Some(0), Some(2), None] {
        let mut search = Search::new(model, Some(old), options.budget, options.seed);
        if let Some(reach) = reach {
            search.only = (0..search.state.slots.len())
                .map(|at| {
                    at >= model.published.len()
                        || touched.contains(&at)
                        || (reach > 0 && touched.iter().any(|&t| day(t).abs_diff(day(at)) <= reach))
                })
                .collect();
        }
        let outcome = search.run(stop, &mut |_, _| {});
        if best.as_ref().is_none_or(|b| outcome.cost < b.0) {
            best = Some((outcome.cost, outcome.plan));
        }
    }
    best.map_or_else(|| old.clone(), |b| b.1)
}

/// Gives meetings of a plan made from nothing the names of published ones: first those that stayed where they
/// were, then those that share most of their items.
fn recognise(model: &Model, plan: &mut Plan) {
    let mut pairs = Vec::new();
    for (at, meeting) in plan.meetings.iter().enumerate().filter(|(_, m)| m.published.is_none()) {
        for (slot, old) in model.published.iter().enumerate().filter(|(_, p)| p.kind == meeting.kind) {
            let shared = old.items.iter().filter(|i| meeting.items.contains(i)).count();
            let stays = meeting.start == old.start && meeting.room == old.room;
            if shared > 0 || stays {
                pairs.push((stays && shared > 0, shared, at, slot));
            }
        }
    }
    pairs.sort_by(|a, b| b.cmp(a));
    for (_, _, at, slot) in pairs {
        let taken = plan.meetings.iter().any(|m| m.published == Some(slot));
        if !taken && plan.meetings[at].published.is_none() {
            plan.meetings[at].published = Some(slot);
        }
    }
}
