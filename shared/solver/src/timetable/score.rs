//! The benchmark's score in full, each constraint by itself: what the fast one is checked against, and what
//! explains a plan.

#![expect(
    clippy::indexing_slicing,
    reason = "a plan's length is checked, persons are checked by the problem"
)]

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Problem;

/// Three levels, each zero or below; the first that differs decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Score {
    /// What must not be.
    pub hard: i64,
    /// Double-booked people who should, but need not, be there.
    pub medium: i64,
    /// What is merely worse.
    pub soft: i64,
}

impl fmt::Display for Score {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}/{}", self.hard, self.medium, self.soft)
    }
}

/// Start grain and room of each meeting, in the order of the problem.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// First grains.
    pub start: Vec<u32>,
    /// Rooms.
    pub room: Vec<u32>,
}

/// One reason of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The constraint, as the benchmark's files name it.
    pub constraint: &'static str,
    /// `hard`, `medium` or `soft`.
    pub level: &'static str,
    /// The meetings it is about.
    pub meetings: Vec<usize>,
    /// What it costs: weight times amount, zero or below.
    pub amount: i64,
}

struct Book<'a> {
    reasons: &'a mut dyn FnMut(Reason),
}

impl Book<'_> {
    fn enter(&mut self, level: &'static str, constraint: &'static str, meetings: &[usize], amount: i64) {
        if amount != 0 {
            (self.reasons)(Reason { constraint, level, meetings: meetings.to_vec(), amount: -amount });
        }
    }
}

/// The score of a plan. A plan of another length or with entries outside the problem has none.
#[must_use]
pub fn score(problem: &Problem, plan: &Plan) -> Option<Score> {
    let mut sum = Score::default();
    let fits = walk(problem, plan, &mut |reason| match reason.level {
        "hard" => sum.hard += reason.amount,
        "medium" => sum.medium += reason.amount,
        _ => sum.soft += reason.amount,
    });
    fits.then_some(sum)
}

/// Every reason of a plan's score; their amounts add up to it.
#[must_use]
pub fn explain(problem: &Problem, plan: &Plan) -> Option<Vec<Reason>> {
    let mut reasons = Vec::new();
    walk(problem, plan, &mut |reason| reasons.push(reason)).then_some(reasons)
}

fn walk(problem: &Problem, plan: &Plan, reasons: &mut dyn FnMut(Reason)) -> bool {
    let (n, grains) = (problem.meetings.len(), problem.grains.len());
    let inside = plan.start.len() == n
        && plan.room.len() == n
        && plan.start.iter().all(|&s| (s as usize) < grains)
        && plan.room.iter().all(|&r| (r as usize) < problem.rooms.len());
    if !inside {
        return false;
    }
    let mut book = Book { reasons };
    for i in 0..n {
        alone(problem, plan, i, &mut book);
        for j in 0..i {
            pair(problem, plan, j, i, &mut book);
        }
    }
    true
}

fn alone(problem: &Problem, plan: &Plan, i: usize, book: &mut Book<'_>) {
    let meeting = &problem.meetings[i];
    let (start, room) = (plan.start[i] as usize, plan.room[i] as usize);
    let last = start + meeting.duration as usize - 1;
    match problem.grains.get(last) {
        None => book.enter("hard", "Don't go in overtime", &[i], signed(last)),
        Some(end) if end.0 != problem.grains[start].0 => {
            book.enter("hard", "Start and end on same day", &[i], 1);
        }
        Some(_) => {}
    }
    let capacity = i64::from(problem.rooms[room].capacity);
    let people = signed(meeting.required.len() + meeting.preferred.len());
    book.enter("hard", "Required room capacity", &[i], (people - capacity).max(0));
    book.enter("soft", "Do all meetings as soon as possible", &[i], signed(last));
    let larger = problem.rooms.iter().map(|r| (i64::from(r.capacity) - capacity).max(0)).sum();
    book.enter("soft", "Assign larger rooms first", &[i], larger);
}

fn pair(problem: &Problem, plan: &Plan, i: usize, j: usize, book: &mut Book<'_>) {
    let span = |m: usize| (i64::from(plan.start[m]), i64::from(plan.start[m] + problem.meetings[m].duration));
    let ((si, ei), (sj, ej)) = (span(i), span(j));
    let overlap = (ei.min(ej) - si.max(sj)).max(0);
    let (a, b) = (&problem.meetings[i], &problem.meetings[j]);
    let both = [i, j];
    let same_room = plan.room[i] == plan.room[j];
    if overlap > 0 {
        if same_room {
            book.enter("hard", "Room conflict", &both, overlap);
        }
        let required = overlap * shared(&a.required, &b.required);
        book.enter("hard", "Required attendance conflict", &both, required);
        let mixed = shared(&a.required, &b.preferred) + shared(&a.preferred, &b.required);
        book.enter("medium", "Required and preferred attendance conflict", &both, overlap * mixed);
        let preferred = overlap * shared(&a.preferred, &b.preferred);
        book.enter("medium", "Preferred attendance conflict", &both, preferred);
        book.enter("soft", "Overlapping meetings", &both, 10 * overlap);
    }
    let breaks = i64::from(ei == sj) + i64::from(ej == si);
    book.enter("soft", "One TimeGrain break between two consecutive meetings", &both, 100 * breaks);
    let follows = if si < sj { sj - ei <= 2 } else { si > sj && si - ej <= 2 };
    if follows && !same_room {
        let all = shared(&a.required, &b.required)
            + shared(&a.required, &b.preferred)
            + shared(&a.preferred, &b.required)
            + shared(&a.preferred, &b.preferred);
        book.enter("soft", "Room stability", &both, all);
    }
}

/// How many persons two lists share.
pub(super) fn shared(a: &[u32], b: &[u32]) -> i64 {
    signed(a.iter().filter(|p| b.contains(p)).count())
}

fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
