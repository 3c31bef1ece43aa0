//! Seeded problems like an office's: a real working calendar, leave, rooms, deadlines. With a plan planted in
//! them that keeps every hard rule, or with a conflict planted whose smallest group is known.

#![expect(clippy::indexing_slicing, reason = "lists are made here with the sizes they are indexed by")]

use chrono::{Days, NaiveDate};
use fastrand::Rng;

use super::{Agency, Busy, BusyKind, Item, Kind, Part, Problem, Published, Room, Weights};

/// How big, how full.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Items.
    pub items: usize,
    /// Agencies.
    pub agencies: usize,
    /// Rooms.
    pub rooms: usize,
    /// Civil days of the horizon.
    pub days: u64,
    /// Share of the agencies' free time that is taken by other things, in percent.
    pub busy: u32,
}

impl Sizes {
    /// A month of an office.
    pub const MONTH: Self = Self { items: 40, agencies: 25, rooms: 4, days: 30, busy: 35 };
}

/// A problem and a plan of it without a hard conflict.
#[derive(Clone, Debug)]
pub struct Planted {
    /// The problem.
    pub problem: Problem,
    /// The plan, as published meetings.
    pub plan: Vec<Published>,
}

const PARTS: [Part; 2] = [Part { from: 510, to: 720 }, Part { from: 840, to: 1050 }];
const LENGTHS: [u32; 5] = [15, 30, 30, 45, 60];

/// Days of the year from which the horizon may begin: the years that the shipped calendar knows.
fn first_day(rng: &mut Rng) -> NaiveDate {
    let year = rng.i32(2022..=2026);
    NaiveDate::from_ymd_opt(year, rng.u32(1..=10), rng.u32(1..=28)).unwrap_or_default()
}

/// A problem with a planted plan: meetings are laid first, calendars fill only what they leave.
#[must_use]
pub fn planted(sizes: Sizes, seed: u64) -> Planted {
    let mut rng = Rng::with_seed(seed);
    let from = first_day(&mut rng);
    let to = from + Days::new(sizes.days.saturating_sub(1));
    let calendar = calendar::Calendar::shipped();
    let days: Vec<NaiveDate> = from
        .iter_days()
        .take_while(|on| *on <= to)
        .filter(|on| calendar.is_working(*on) == Ok(true))
        .collect();
    let mut problem = Problem {
        today: from.pred_opt().unwrap_or(from),
        from,
        to,
        grain_minutes: 15,
        parts: PARTS.to_vec(),
        days: Vec::new(),
        agencies: (1..=sizes.agencies).map(|n| agency(format!("A{n:02}"))).collect(),
        rooms: (1..=sizes.rooms).map(|n| room(n, &mut rng)).collect(),
        kinds: vec![kind("regular", &mut rng), kind("hearing", &mut rng)],
        items: (1..=sizes.items).map(|n| item(n, sizes.agencies, &mut rng)).collect(),
        pins: Vec::new(),
        published: Vec::new(),
        weights: Weights::default(),
    };
    let plan = lay(&mut problem, &days, &mut rng);
    deadlines(&mut problem, &plan, &mut rng);
    fill(&mut problem, &plan, &days, sizes.busy, &mut rng);
    Planted { problem, plan }
}

fn agency(code: String) -> Agency {
    Agency { code, delegations: 1, seats: 2, busy: Some(Vec::new()) }
}

fn room(number: usize, rng: &mut Rng) -> Room {
    let equipment = if number == 1 || rng.bool() { vec!["video".to_owned()] } else { Vec::new() };
    // The first fits everybody, so that no item is without a room.
    let capacity = if number == 1 { 60 } else { rng.u32(12..40) };
    Room { name: format!("R{number}"), capacity, equipment, busy: Vec::new() }
}

fn kind(name: &str, rng: &mut Rng) -> Kind {
    Kind {
        name: name.to_owned(),
        windows: Vec::new(),
        max_items: 5,
        max_minutes: 180,
        notice_days: 1,
        spacing_days: 0,
        weekday: Some(rng.u32(1..=5)),
        minute: None,
    }
}

fn item(number: usize, agencies: usize, rng: &mut Rng) -> Item {
    let mut codes: Vec<String> = (1..=agencies).map(|n| format!("A{n:02}")).collect();
    rng.shuffle(&mut codes);
    let required = rng.usize(2..=5).min(codes.len());
    let optional = codes.split_off(required);
    let others = u32::try_from(required - 1).unwrap_or(0);
    Item {
        id: format!("M{number:03}"),
        kind: if rng.u8(0..4) == 0 { "hearing" } else { "regular" }.to_owned(),
        minutes: LENGTHS[rng.usize(0..LENGTHS.len())],
        priority: rng.u32(1..=9),
        chair: None,
        required: codes,
        optional: optional.into_iter().take(rng.usize(0..=2)).collect(),
        quorum: (others >= 3 && rng.u8(0..3) == 0).then(|| (others * 2).div_ceil(3)),
        earliest: None,
        statutory: None,
        internal: None,
        after: Vec::new(),
        apart: Vec::new(),
        needs: if rng.u8(0..5) == 0 { vec!["video".to_owned()] } else { Vec::new() },
        guests: rng.u32(0..=6),
        alone: false,
    }
}

/// Lays the items into meetings that disturb nobody: one agency is at one of them at a time.
fn lay(problem: &mut Problem, days: &[NaiveDate], rng: &mut Rng) -> Vec<Published> {
    let mut plan: Vec<Published> = Vec::new();
    let mut left: Vec<usize> = (0..problem.items.len()).collect();
    rng.shuffle(&mut left);
    // The first day is within the notice.
    let mut slots: Vec<(NaiveDate, Part)> =
        days.iter().skip(1).flat_map(|on| PARTS.iter().map(move |part| (*on, *part))).collect();
    rng.shuffle(&mut slots);
    let mut slots = slots.into_iter();
    while let (Some(&first), Some((on, part))) = (left.last(), slots.next()) {
        let kind = problem.items[first].kind.clone();
        let (mut agenda, mut minutes) = (Vec::new(), 0);
        let most = rng.usize(1..=5);
        left.retain(|&i| {
            let item = &problem.items[i];
            let fits = item.kind == kind && agenda.len() < most && minutes + item.minutes <= 180;
            let fits = fits && seats(problem, &agenda, i) <= 60;
            if fits {
                minutes += item.minutes;
                agenda.push(i);
            }
            !fits
        });
        let latest = (part.to - part.from - minutes) / 15;
        plan.push(Published {
            kind,
            on,
            minute: part.from + 15 * rng.u32(0..=latest),
            room: "R1".to_owned(),
            items: agenda.iter().map(|&i| problem.items[i].id.clone()).collect(),
            accepted: 5,
            frozen: false,
        });
    }
    // More items than half days: what was not laid is no part of the problem.
    let laid: Vec<&String> = plan.iter().flat_map(|m| &m.items).collect();
    problem.items.retain(|i| laid.contains(&&i.id));
    plan
}

fn seats(problem: &Problem, agenda: &[usize], more: usize) -> u32 {
    let all = || agenda.iter().chain([&more]).filter_map(|&i| problem.items.get(i));
    let agencies: std::collections::BTreeSet<&String> =
        all().flat_map(|i| i.required.iter().chain(&i.optional)).collect();
    let guests = all().map(|i| i.guests).max().unwrap_or(0);
    u32::try_from(agencies.len()).unwrap_or(0) * 2 + guests
}

fn day_of(plan: &[Published], id: &str) -> Option<NaiveDate> {
    plan.iter().find(|m| m.items.iter().any(|i| i == id)).map(|m| m.on)
}

fn deadlines(problem: &mut Problem, plan: &[Published], rng: &mut Rng) {
    for item in &mut problem.items {
        let Some(on) = day_of(plan, &item.id) else { continue };
        if rng.u8(0..3) == 0 {
            item.statutory = Some(on + Days::new(rng.u64(0..8)));
        }
        if rng.u8(0..4) == 0 {
            item.earliest = Some(on - Days::new(rng.u64(0..8)));
        }
        if rng.bool() {
            item.internal = Some(on + Days::new(rng.u64(0..6)));
        }
    }
    for _ in 0..problem.items.len() / 8 {
        let (a, b) = (rng.usize(0..problem.items.len()), rng.usize(0..problem.items.len()));
        let ids = (problem.items[a].id.clone(), problem.items[b].id.clone());
        if day_of(plan, &ids.0) < day_of(plan, &ids.1) {
            problem.items[b].after.push(ids.0);
        } else if day_of(plan, &ids.0) > day_of(plan, &ids.1) {
            problem.items[a].apart.push(ids.1);
        }
    }
    for item in &mut problem.items {
        item.after.sort();
        item.after.dedup();
    }
}

/// Fills calendars with what the planted meetings leave free, in half hours; and some leave of whole days.
fn fill(problem: &mut Problem, plan: &[Published], days: &[NaiveDate], share: u32, rng: &mut Rng) {
    for at in 0..problem.agencies.len() {
        let code = problem.agencies[at].code.clone();
        let needed: Vec<(NaiveDate, u32, u32)> = plan
            .iter()
            .filter_map(|m| {
                let items = || m.items.iter().filter_map(|id| problem.items.iter().find(|i| i.id == *id));
                let comes = items().any(|i| i.required.contains(&code) || i.optional.contains(&code));
                comes.then(|| (m.on, m.minute, m.minute + items().map(|i| i.minutes).sum::<u32>()))
            })
            .collect();
        let free = |on: NaiveDate, from: u32, to: u32| {
            !needed.iter().any(|&(day, first, last)| day == on && first < to && from < last)
        };
        let mut busy = Vec::new();
        for &on in days {
            if rng.u32(0..100) < 6 && free(on, 0, 1440) {
                busy.push(Busy { on, until: None, from: 0, to: 1440, kind: BusyKind::Out });
                continue;
            }
            for from in PARTS.iter().flat_map(|p| (p.from..p.to).step_by(30)) {
                if rng.u32(0..100) < share && free(on, from, from + 30) {
                    let kind = if rng.u8(0..6) == 0 { BusyKind::Tentative } else { BusyKind::Firm };
                    busy.push(Busy { on, until: None, from, to: from + 30, kind });
                }
            }
        }
        problem.agencies[at].busy = Some(busy);
    }
}

/// A problem in which one more item can never be placed, because exactly these agencies (2 or more) share no
/// time that is long enough, while any of them left out would do. Returns it with the item and the group.
#[must_use]
pub fn planted_conflict(sizes: Sizes, group: usize, seed: u64) -> (Problem, String, Vec<String>) {
    let mut problem = planted(sizes, seed).problem;
    let mut rng = Rng::with_seed(seed ^ 0x5eed);
    let group = group.clamp(2, sizes.agencies);
    let mut codes: Vec<String> = problem.agencies.iter().map(|a| a.code.clone()).collect();
    rng.shuffle(&mut codes);
    let bystanders = codes.split_off(group);
    let calendar = calendar::Calendar::shipped();
    let days: Vec<NaiveDate> = problem
        .from
        .iter_days()
        .take_while(|on| *on <= problem.to)
        .filter(|on| calendar.is_working(*on) == Ok(true))
        .collect();
    // Day by day another member is away, so that all together never are free and all but one sometimes are.
    for (member, code) in codes.iter().enumerate() {
        let away = days.iter().enumerate().filter(|(day, _)| day % group == member);
        let away = away.map(|(_, on)| Busy { on: *on, until: None, from: 0, to: 1440, kind: BusyKind::Out });
        if let Some(agency) = problem.agencies.iter_mut().find(|a| a.code == *code) {
            agency.busy = Some(away.collect());
        }
    }
    // Bystanders are free: they are never to blame.
    let bystanders: Vec<String> = bystanders.into_iter().take(2).collect();
    for agency in problem.agencies.iter_mut().filter(|a| bystanders.contains(&a.code)) {
        agency.busy = Some(Vec::new());
    }
    let mut required: Vec<String> = codes.iter().chain(&bystanders).cloned().collect();
    rng.shuffle(&mut required);
    let mut blocked = item(999, sizes.agencies, &mut rng);
    blocked.id = "BLOCKED".to_owned();
    blocked.minutes = 60;
    blocked.priority = 9;
    blocked.guests = 0;
    blocked.optional = Vec::new();
    blocked.quorum = None;
    blocked.required = required;
    problem.items.push(blocked);
    codes.sort();
    (problem, "BLOCKED".to_owned(), codes)
}
