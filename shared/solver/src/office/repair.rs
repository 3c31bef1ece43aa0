//! 变通办法: what would have to change so that an item can be placed, each change tried by solving again.

use chrono::Days;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Busy, BusyKind, Cost, Level, Model, Options, Plan, Problem, solve};
use crate::{ProblemError, budget::Stop};

/// One change of the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "repair")]
pub enum Repair {
    /// Ask an agency whose calendar nobody knows.
    ConfirmCalendar {
        /// The agency.
        agency: String,
    },
    /// The agency gives its opinion in writing and need not be there.
    WrittenOpinion {
        /// The agency.
        agency: String,
    },
    /// The agency, out of office, attends from there: the room needs video.
    ByVideo {
        /// The agency.
        agency: String,
    },
    /// The agency sends a second delegation.
    ExtraDelegation {
        /// The agency.
        agency: String,
    },
    /// The item is given this many minutes only.
    Shorten {
        /// Minutes.
        minutes: u32,
    },
    /// The item is discussed in two meetings, half the time each.
    Split,
    /// The published meeting, which stays as it is, is allowed to move.
    MovePublished {
        /// Which of the published meetings.
        meeting: usize,
    },
    /// A person's decision on the item is given up.
    Unpin,
    /// The deadline is extended by so many days; only who set it may (Art. 34: the head, once).
    ExtendDeadline {
        /// Days.
        days: u64,
    },
}

/// A repair that was tried and works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Repaired {
    /// The change.
    pub repair: Repair,
    /// How much is asked of people, less first.
    pub effort: u32,
    /// What the plan then costs.
    pub cost: Cost,
}

impl Repair {
    /// How much is asked of people: asking is less than travelling twice, and the law's day comes last.
    #[must_use]
    pub const fn effort(&self) -> u32 {
        match self {
            Self::ConfirmCalendar { .. } => 1,
            Self::ByVideo { .. } => 2,
            Self::WrittenOpinion { .. } => 3,
            Self::Unpin => 4,
            Self::ExtraDelegation { .. } => 5,
            Self::Shorten { .. } => 6,
            Self::Split => 7,
            Self::MovePublished { .. } => 8,
            Self::ExtendDeadline { .. } => 9,
        }
    }

    /// The problem with the change made.
    #[must_use]
    pub fn applied(&self, problem: &Problem, id: &str) -> Problem {
        let mut changed = problem.clone();
        match self {
            Self::ConfirmCalendar { agency } => calendar(&mut changed, agency, BusyKind::Unknown),
            Self::ByVideo { agency } => {
                calendar(&mut changed, agency, BusyKind::Out);
                edit(&mut changed, id, |item| item.needs.push("video".to_owned()));
            }
            Self::WrittenOpinion { agency } => edit(&mut changed, id, |item| {
                item.required.retain(|code| code != agency);
                item.quorum = item.quorum.map(|q| q.min(u32::try_from(item.required.len()).unwrap_or(1) - 1));
            }),
            Self::ExtraDelegation { agency } => {
                for facts in changed.agencies.iter_mut().filter(|a| a.code == *agency) {
                    facts.delegations += 1;
                    // A second delegation is not bound by the calendar of the first.
                    facts.busy = Some(Vec::new());
                }
            }
            Self::Shorten { minutes } => edit(&mut changed, id, |item| item.minutes = *minutes),
            Self::Split => split(&mut changed, id),
            Self::MovePublished { meeting } => {
                if let Some(meeting) = changed.published.get_mut(*meeting) {
                    meeting.frozen = false;
                }
            }
            Self::Unpin => changed.pins.retain(|pin| pin.item != id),
            Self::ExtendDeadline { days } => edit(&mut changed, id, |item| {
                item.statutory = item.statutory.map(|on| on + Days::new(*days));
            }),
        }
        changed
    }
}

fn edit(problem: &mut Problem, id: &str, change: impl Fn(&mut super::Item)) {
    problem.items.iter_mut().filter(|item| item.id == id).for_each(change);
}

/// Takes entries of one kind out of a calendar; a calendar that nobody knows becomes an empty one.
fn calendar(problem: &mut Problem, code: &str, kind: BusyKind) {
    for agency in problem.agencies.iter_mut().filter(|a| a.code == code) {
        let keep = |busy: Vec<Busy>| busy.into_iter().filter(|b| b.kind != kind).collect();
        agency.busy = match (agency.busy.take(), kind) {
            (None, BusyKind::Unknown) => Some(Vec::new()),
            (busy, _) => busy.map(keep),
        };
    }
}

fn split(problem: &mut Problem, id: &str) {
    let Some(at) = problem.items.iter().position(|item| item.id == id) else { return };
    if let Some(first) = problem.items.get_mut(at) {
        first.minutes = first.minutes.div_ceil(2);
        let mut second = first.clone();
        second.id = format!("{id}+");
        second.after = vec![id.to_owned()];
        problem.items.push(second);
    }
}

/// Changes worth trying for an item.
fn candidates(problem: &Problem, id: &str) -> Vec<Repair> {
    let Some(item) = problem.items.iter().find(|item| item.id == id) else { return Vec::new() };
    let mut found = Vec::new();
    for (place, code) in item.required.iter().enumerate() {
        let Some(agency) = problem.agencies.iter().find(|a| a.code == *code) else { continue };
        let has = |kind: BusyKind| agency.busy.iter().flatten().any(|b| b.kind == kind);
        let agency = || code.clone();
        if problem.agencies.iter().any(|a| a.code == *code && a.busy.is_none()) || has(BusyKind::Unknown) {
            found.push(Repair::ConfirmCalendar { agency: agency() });
        }
        if has(BusyKind::Out) && problem.rooms.iter().any(|r| r.equipment.iter().any(|e| e == "video")) {
            found.push(Repair::ByVideo { agency: agency() });
        }
        // The lead answers for the item and cannot be spared.
        if place > 0 && item.chair.as_ref() != Some(code) {
            found.push(Repair::WrittenOpinion { agency: agency() });
        }
        found.push(Repair::ExtraDelegation { agency: agency() });
    }
    if item.minutes >= 2 * problem.grain_minutes {
        found.push(Repair::Shorten { minutes: item.minutes / 2 });
        found.push(Repair::Split);
    }
    if problem.pins.iter().any(|pin| pin.item == id) {
        found.push(Repair::Unpin);
    }
    let frozen = problem.published.iter().enumerate().filter(|(_, m)| m.frozen);
    found.extend(frozen.map(|(meeting, _)| Repair::MovePublished { meeting }));
    if item.statutory.is_some() {
        found.extend([3, 7, 14, 30].map(|days| Repair::ExtendDeadline { days }));
    }
    found.sort_by_key(Repair::effort);
    found
}

/// At most `most` changes with which an item is placed, no hard rule is broken and nothing else is deferred
/// for it; least effort first, then the better plan. Each was solved with the budget of `options`.
///
/// # Errors
/// Names the field of the problem that is wrong.
pub fn repairs(
    problem: &Problem,
    calendar: &calendar::Calendar,
    plan: &Plan,
    id: &str,
    options: &Options,
    most: usize,
) -> Result<Vec<Repaired>, ProblemError> {
    let model = Model::new(problem, calendar)?;
    let deferred = |model: &Model, plan: &Plan| -> Vec<String> {
        let placed: Vec<usize> = plan.meetings.iter().flat_map(|m| m.items.iter().copied()).collect();
        let left = model.items.iter().enumerate().filter(|(i, _)| !placed.contains(i));
        left.map(|(_, item)| item.id.clone()).collect()
    };
    let before = deferred(&model, plan);
    let mut found = Vec::new();
    for repair in candidates(problem, id) {
        if found.len() >= most {
            break;
        }
        // Only the easiest of the same sort: a longer extension is no other idea.
        let same = |other: &Repaired| {
            matches!((&other.repair, &repair), (Repair::ExtendDeadline { .. }, Repair::ExtendDeadline { .. }))
        };
        if found.iter().any(same) {
            continue;
        }
        let changed = Model::new(&repair.applied(problem, id), calendar)?;
        let outcome = solve(&changed, Some(plan), options, &Stop::default(), &mut |_, _| {});
        let after = deferred(&changed, &outcome.plan);
        let placed = !after.iter().any(|other| other == id || *other == format!("{id}+"));
        if placed && outcome.cost.at(Level::Hard) == 0 && after.iter().all(|other| before.contains(other)) {
            found.push(Repaired { effort: repair.effort(), repair, cost: outcome.cost });
        }
    }
    found.sort_by_key(|r| (r.effort, r.cost));
    Ok(found)
}
