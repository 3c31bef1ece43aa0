//! From names to indices: checks a problem field by field.

#![expect(clippy::indexing_slicing, reason = "indices are made here from the lists they point into")]

use std::collections::{BTreeMap, BTreeSet};

use calendar::Calendar;
use chrono::{Datelike, NaiveDate};

use super::{
    Agency, Busy, BusyKind, Item, Kind, Model, Problem,
    meeting_cost::LONGEST,
    model::{AgencyFacts, FIRM, ItemFacts, KindFacts, OUT, PublishedFacts, RoomFacts, TENTATIVE, UNKNOWN},
};
use crate::error::ProblemError;

/// Most working days of a problem.
const MOST_DAYS: usize = 400;
/// Most grains of a problem.
const MOST_GRAINS: usize = 30_000;
/// Most agencies of a problem: a set of them is a number.
pub(super) const MOST_AGENCIES: usize = 128;
/// Most rooms, kinds, items and published meetings.
const MOST: usize = 2_000;
/// Most kinds of equipment.
const MOST_EQUIPMENT: usize = 64;

type Names<'a> = BTreeMap<&'a str, usize>;

struct Time {
    grain: u32,
    days: Vec<NaiveDate>,
    minutes: Vec<u32>,
}

impl Time {
    fn grains(&self) -> usize {
        self.days.len() * self.minutes.len()
    }

    /// Calls with every grain that a stretch touches.
    fn each(&self, days: (NaiveDate, NaiveDate), from: u32, to: u32, mut visit: impl FnMut(usize)) {
        for (day, on) in self.days.iter().enumerate().filter(|(_, on)| days.0 <= **on && **on <= days.1) {
            let _ = on;
            for (inside, &minute) in self.minutes.iter().enumerate() {
                if minute < to && from < minute + self.grain {
                    visit(day * self.minutes.len() + inside);
                }
            }
        }
    }
}

pub(super) fn resolve(problem: &Problem, calendar: &Calendar) -> Result<Model, ProblemError> {
    sizes(problem)?;
    let time = time(problem, calendar)?;
    let part_end = part_end(problem, &time);
    let agency_names = names("agencies", problem.agencies.iter().map(|a| a.code.as_str()), "code")?;
    let room_names = names("rooms", problem.rooms.iter().map(|r| r.name.as_str()), "name")?;
    let kind_names = names("kinds", problem.kinds.iter().map(|k| k.name.as_str()), "name")?;
    let item_names = names("items", problem.items.iter().map(|i| i.id.as_str()), "id")?;
    let equipment = equipment(problem)?;
    let agencies = problem
        .agencies
        .iter()
        .enumerate()
        .map(|(at, a)| agency(at, a, &time))
        .collect::<Result<Vec<_>, _>>()?;
    let rooms = rooms(problem, &time, &equipment)?;
    let kinds = problem
        .kinds
        .iter()
        .enumerate()
        .map(|(at, k)| kind(at, k, problem, &time))
        .collect::<Result<Vec<_>, _>>()?;
    let known =
        Known { agencies: &agency_names, kinds: &kind_names, items: &item_names, equipment: &equipment };
    let mut items = problem
        .items
        .iter()
        .enumerate()
        .map(|(at, i)| item(at, i, &known, &time))
        .collect::<Result<Vec<_>, _>>()?;
    let rules = rules(problem, &item_names, &mut items)?;
    let mut model = Model {
        grain_minutes: time.grain,
        today: problem.today,
        grains: time.grains(),
        days: time.days,
        minutes: time.minutes,
        part_end,
        agencies,
        rooms,
        kinds,
        items,
        rules,
        published: Vec::new(),
        weights: problem.weights.clone(),
        calendar: Vec::new(),
    };
    pins(problem, &mut model, &item_names, &room_names)?;
    published(problem, &mut model, &kind_names, &item_names, &room_names)?;
    weights(problem)?;
    Ok(model)
}

fn sizes(problem: &Problem) -> Result<(), ProblemError> {
    let lists = [
        ("agencies", problem.agencies.len(), 1, MOST_AGENCIES),
        ("rooms", problem.rooms.len(), 1, MOST),
        ("kinds", problem.kinds.len(), 1, MOST),
        ("items", problem.items.len(), 0, MOST),
        ("published", problem.published.len(), 0, MOST),
        ("pins", problem.pins.len(), 0, MOST),
        ("parts", problem.parts.len(), 1, 24),
        ("days", problem.days.len(), 0, MOST),
    ];
    for (field, size, least, most) in lists {
        if size < least || size > most {
            return Err(ProblemError::at(field, format!("has {size} entries, must have {least} to {most}")));
        }
    }
    Ok(())
}

fn time(problem: &Problem, calendar: &Calendar) -> Result<Time, ProblemError> {
    let grain = problem.grain_minutes;
    if !(5..=240).contains(&grain) {
        return Err(ProblemError::at("grain_minutes", format!("is {grain}, must be 5 to 240")));
    }
    if problem.to < problem.from {
        return Err(ProblemError::at("to", "lies before `from`"));
    }
    if (problem.to - problem.from).num_days() > 800 {
        return Err(ProblemError::at("to", "lies more than 800 days after `from`"));
    }
    let mut minutes = Vec::new();
    let mut after = 0;
    for (at, part) in problem.parts.iter().enumerate() {
        if part.from < after || part.to <= part.from || part.to > 1440 {
            let why = "must begin after the part before it, end after its begin, and by 1440";
            return Err(ProblemError::at(format!("parts[{at}]"), why));
        }
        after = part.to;
        let count = (part.to - part.from) / grain;
        minutes.extend((0..count).map(|k| part.from + k * grain));
    }
    let ruled: BTreeMap<NaiveDate, bool> = problem.days.iter().map(|d| (d.on, d.worked)).collect();
    let mut days = Vec::new();
    for on in problem.from.iter_days().take_while(|on| *on <= problem.to) {
        let worked = match ruled.get(&on) {
            Some(worked) => *worked,
            None => calendar.is_working(on).map_err(|unknown| {
                ProblemError::at("to", format!("{unknown}; or say in `days` which days are worked"))
            })?,
        };
        if worked {
            days.push(on);
        }
    }
    let time = Time { grain, days, minutes };
    match time.grains() {
        0 => Err(ProblemError::at("from", "no working time lies between `from` and `to`")),
        many if many > MOST_GRAINS || time.days.len() > MOST_DAYS => Err(ProblemError::at(
            "to",
            format!("{many} grains are too many: at most {MOST_GRAINS}, {MOST_DAYS} days"),
        )),
        _ => Ok(time),
    }
}

fn part_end(problem: &Problem, time: &Time) -> Vec<usize> {
    let inside: Vec<usize> = time
        .minutes
        .iter()
        .map(|&m| {
            let part = problem.parts.iter().find(|p| p.from <= m && m < p.to);
            time.minutes.iter().filter(|&&other| part.is_some_and(|p| other < p.to)).count()
        })
        .collect();
    let per_day = time.minutes.len();
    (0..time.days.len()).flat_map(|day| inside.iter().map(move |end| day * per_day + end)).collect()
}

fn names<'a>(
    list: &str,
    names: impl Iterator<Item = &'a str>,
    field: &str,
) -> Result<Names<'a>, ProblemError> {
    let mut found = BTreeMap::new();
    for (at, name) in names.enumerate() {
        if name.is_empty() || name.len() > 200 {
            return Err(ProblemError::at(format!("{list}[{at}].{field}"), "must have 1 to 200 bytes"));
        }
        if found.insert(name, at).is_some() {
            return Err(ProblemError::at(
                format!("{list}[{at}].{field}"),
                format!("`{name}` is there twice"),
            ));
        }
    }
    Ok(found)
}

fn equipment(problem: &Problem) -> Result<BTreeMap<String, usize>, ProblemError> {
    let all =
        problem.rooms.iter().flat_map(|r| &r.equipment).chain(problem.items.iter().flat_map(|i| &i.needs));
    let all: BTreeSet<&String> = all.collect();
    if all.len() > MOST_EQUIPMENT {
        return Err(ProblemError::at("rooms", format!("have over {MOST_EQUIPMENT} kinds of equipment")));
    }
    Ok(all.into_iter().enumerate().map(|(at, name)| (name.clone(), at)).collect())
}

fn stretch(field: &str, busy: &Busy) -> Result<(NaiveDate, NaiveDate), ProblemError> {
    let until = busy.until.unwrap_or(busy.on);
    if until < busy.on {
        return Err(ProblemError::at(format!("{field}.until"), "lies before `on`"));
    }
    if busy.from >= busy.to || busy.to > 1440 {
        return Err(ProblemError::at(format!("{field}.to"), "must be after `from` and at most 1440"));
    }
    Ok((busy.on, until))
}

fn agency(at: usize, agency: &Agency, time: &Time) -> Result<AgencyFacts, ProblemError> {
    if !(1..=50).contains(&agency.delegations) {
        return Err(ProblemError::at(format!("agencies[{at}].delegations"), "must be 1 to 50"));
    }
    if agency.seats > 1000 {
        return Err(ProblemError::at(format!("agencies[{at}].seats"), "must be at most 1000"));
    }
    let blank = if agency.busy.is_some() { 0 } else { UNKNOWN };
    let mut flags = vec![blank; time.grains()];
    for (place, busy) in agency.busy.iter().flatten().enumerate() {
        let days = stretch(&format!("agencies[{at}].busy[{place}]"), busy)?;
        let flag = match busy.kind {
            BusyKind::Firm => FIRM,
            BusyKind::Tentative => TENTATIVE,
            BusyKind::Out => OUT,
            BusyKind::Unknown => UNKNOWN,
        };
        time.each(days, busy.from, busy.to, |grain| flags[grain] |= flag);
    }
    Ok(AgencyFacts {
        code: agency.code.clone(),
        delegations: u8::try_from(agency.delegations).unwrap_or(1),
        seats: agency.seats,
        known: agency.busy.is_some(),
        busy: flags,
    })
}

fn rooms(
    problem: &Problem,
    time: &Time,
    equipment: &BTreeMap<String, usize>,
) -> Result<Vec<RoomFacts>, ProblemError> {
    let mut rooms = Vec::new();
    for (at, room) in problem.rooms.iter().enumerate() {
        if room.capacity > 100_000 {
            return Err(ProblemError::at(format!("rooms[{at}].capacity"), "must be at most 100000"));
        }
        let mut busy = vec![false; time.grains()];
        for (place, taken) in room.busy.iter().enumerate() {
            let days = stretch(&format!("rooms[{at}].busy[{place}]"), taken)?;
            // What is tentative or unknown of a room is not offered either.
            time.each(days, taken.from, taken.to, |grain| busy[grain] = true);
        }
        rooms.push(RoomFacts {
            name: room.name.clone(),
            capacity: room.capacity,
            equipment: set(&room.equipment, equipment),
            busy,
        });
    }
    Ok(rooms)
}

fn set(names: &[String], known: &BTreeMap<String, usize>) -> u64 {
    names.iter().filter_map(|n| known.get(n)).fold(0, |set, bit| set | 1 << bit)
}

fn kind(at: usize, kind: &Kind, problem: &Problem, time: &Time) -> Result<KindFacts, ProblemError> {
    let field = |name: &str| format!("kinds[{at}].{name}");
    if kind.max_items == 0 || kind.max_items as usize > LONGEST {
        return Err(ProblemError::at(field("max_items"), format!("must be 1 to {LONGEST}")));
    }
    if kind.max_minutes < time.grain || kind.max_minutes > 1440 {
        return Err(ProblemError::at(field("max_minutes"), "must be one grain to 1440"));
    }
    if kind.weekday.is_some_and(|day| !(1..=7).contains(&day)) {
        return Err(ProblemError::at(field("weekday"), "must be 1 (Monday) to 7"));
    }
    let mut window = vec![kind.windows.is_empty(); time.grains()];
    for (place, w) in kind.windows.iter().enumerate() {
        if w.to < w.from || w.from_minute >= w.to_minute || w.to_minute > 1440 {
            return Err(ProblemError::at(field(&format!("windows[{place}]")), "ends before it begins"));
        }
        for (grain, open) in window.iter_mut().enumerate() {
            let (on, minute) =
                (time.days[grain / time.minutes.len()], time.minutes[grain % time.minutes.len()]);
            *open |= w.from <= on && on <= w.to && w.from_minute <= minute && minute < w.to_minute;
        }
    }
    let noticed = time.days.iter().filter(|on| **on > problem.today);
    let last_of_notice = noticed.take(kind.notice_days as usize).last().copied();
    let first_day = if kind.notice_days == 0 {
        time.days.iter().filter(|on| **on < problem.today).count()
    } else {
        time.days.iter().filter(|on| last_of_notice.is_none_or(|last| **on < last)).count()
    };
    let rhythm = (0..time.grains()).map(|grain| {
        let on = time.days[grain / time.minutes.len()];
        let day = kind.weekday.is_some_and(|day| day != on.weekday().number_from_monday());
        let hour = kind.minute.is_some_and(|minute| minute != time.minutes[grain % time.minutes.len()]);
        u8::from(day) + u8::from(hour)
    });
    Ok(KindFacts {
        name: kind.name.clone(),
        rhythm: rhythm.collect(),
        window,
        first_day,
        max_items: kind.max_items as usize,
        max_grains: (kind.max_minutes / time.grain) as usize,
        spacing: i64::from(kind.spacing_days),
    })
}

struct Known<'a> {
    agencies: &'a Names<'a>,
    kinds: &'a Names<'a>,
    items: &'a Names<'a>,
    equipment: &'a BTreeMap<String, usize>,
}

fn find(names: &Names<'_>, name: &str, field: &str) -> Result<usize, ProblemError> {
    names.get(name).copied().ok_or_else(|| {
        let name: String = name.chars().take(60).collect();
        ProblemError::at(field, format!("`{name}` is not known"))
    })
}

fn item(at: usize, item: &Item, known: &Known<'_>, time: &Time) -> Result<ItemFacts, ProblemError> {
    let field = |name: &str| format!("items[{at}].{name}");
    if item.minutes == 0 || item.minutes > 1440 {
        return Err(ProblemError::at(field("minutes"), "must be 1 to 1440"));
    }
    if item.required.is_empty() {
        return Err(ProblemError::at(field("required"), "must name the lead at least"));
    }
    if item.priority > 1_000_000 || item.guests > 10_000 {
        return Err(ProblemError::at(field("priority"), "must be at most 1000000, guests at most 10000"));
    }
    let mut seen = BTreeSet::new();
    let mut lookup = |list: &str, codes: &[String]| -> Result<Vec<usize>, ProblemError> {
        let mut found = Vec::new();
        for (place, code) in codes.iter().enumerate() {
            let field = field(&format!("{list}[{place}]"));
            let agency = find(known.agencies, code, &field)?;
            if !seen.insert(agency) {
                return Err(ProblemError::at(field, format!("`{code}` is there twice")));
            }
            found.push(agency);
        }
        Ok(found)
    };
    let mut lead = lookup("required", &item.required)?;
    let mut optional = lookup("optional", &item.optional)?;
    let mut others = lead.split_off(1);
    let chair = item.chair.as_deref().map(|code| find(known.agencies, code, &field("chair"))).transpose()?;
    if let Some(chair) = chair.filter(|chair| !lead.contains(chair)) {
        others.retain(|a| *a != chair);
        optional.retain(|a| *a != chair);
        lead.push(chair);
    }
    let quorum = item.quorum.map_or(others.len(), |q| q as usize);
    if item.quorum.is_some() && quorum > item.required.len() - 1 {
        let why = format!("is {quorum}, but {} are required besides the lead", item.required.len() - 1);
        return Err(ProblemError::at(field("quorum"), why));
    }
    let apart = item.apart.iter().enumerate();
    let apart = apart.map(|(place, id)| find(known.items, id, &field(&format!("apart[{place}]"))));
    let bit = |set: u128, a: &usize| set | 1 << *a;
    let required_set = lead.iter().chain(&others).fold(0, bit);
    Ok(ItemFacts {
        id: item.id.clone(),
        kind: find(known.kinds, &item.kind, &field("kind"))?,
        len: item.minutes.div_ceil(time.grain) as usize,
        priority: i64::from(item.priority),
        quorum: quorum.min(others.len()),
        required_set,
        all_set: optional.iter().fold(required_set, bit),
        lead,
        others,
        optional,
        chair,
        earliest: item.earliest,
        statutory: item.statutory,
        internal: item.internal,
        apart: apart.collect::<Result<_, _>>()?,
        rules: Vec::new(),
        needs: set(&item.needs, known.equipment),
        guests: item.guests,
        alone: item.alone,
        pin: (None, None, None),
        published: None,
        starts: Vec::new(),
        inside_bits: Vec::new(),
        start_bits: Vec::new(),
    })
}

fn rules(
    problem: &Problem,
    names: &Names<'_>,
    items: &mut [ItemFacts],
) -> Result<Vec<(usize, usize)>, ProblemError> {
    let mut rules = Vec::new();
    for (second, item) in problem.items.iter().enumerate() {
        for (place, id) in item.after.iter().enumerate() {
            let field = format!("items[{second}].after[{place}]");
            let first = find(names, id, &field)?;
            if first == second || follows(problem, names, second, first) {
                return Err(ProblemError::at(field, format!("`{id}` would come before and after itself")));
            }
            items[first].rules.push(rules.len());
            items[second].rules.push(rules.len());
            rules.push((first, second));
        }
        // Apart holds both ways, however it was written.
        for other in items[second].apart.clone() {
            if !items[other].apart.contains(&second) {
                items[other].apart.push(second);
            }
        }
    }
    Ok(rules)
}

/// Whether `item` must come before `target` by a chain of `after`.
fn follows(problem: &Problem, names: &Names<'_>, item: usize, target: usize) -> bool {
    let (mut open, mut seen) = (vec![target], BTreeSet::new());
    while let Some(at) = open.pop() {
        if at == item {
            return true;
        }
        if seen.insert(at) {
            open.extend(problem.items[at].after.iter().filter_map(|id| names.get(id.as_str())));
        }
    }
    false
}

fn pins(
    problem: &Problem,
    model: &mut Model,
    items: &Names<'_>,
    rooms: &Names<'_>,
) -> Result<(), ProblemError> {
    for (at, pin) in problem.pins.iter().enumerate() {
        let item = find(items, &pin.item, &format!("pins[{at}].item"))?;
        let room = pin.room.as_deref().map(|r| find(rooms, r, &format!("pins[{at}].room"))).transpose()?;
        if pin.on.is_some_and(|on| model.days.binary_search(&on).is_err()) {
            return Err(ProblemError::at(format!("pins[{at}].on"), "is no working day of the problem"));
        }
        if pin.minute.is_some_and(|minute| !model.minutes.contains(&minute)) {
            return Err(ProblemError::at(format!("pins[{at}].minute"), "is no begin of a grain"));
        }
        model.items[item].pin = (pin.on, pin.minute, room);
    }
    Ok(())
}

fn published(
    problem: &Problem,
    model: &mut Model,
    kinds: &Names<'_>,
    items: &Names<'_>,
    rooms: &Names<'_>,
) -> Result<(), ProblemError> {
    for (at, meeting) in problem.published.iter().enumerate() {
        let field = |name: &str| format!("published[{at}].{name}");
        let start = model.grain_at(meeting.on, meeting.minute).ok_or_else(|| {
            ProblemError::at(field("on"), "no working time of the problem holds this day and minute")
        })?;
        if meeting.items.is_empty() || meeting.items.len() > LONGEST {
            return Err(ProblemError::at(field("items"), format!("must have 1 to {LONGEST} entries")));
        }
        let mut agenda = Vec::new();
        for (place, id) in meeting.items.iter().enumerate() {
            let field = field(&format!("items[{place}]"));
            let item = find(items, id, &field)?;
            if model.items[item].published.replace(at).is_some() {
                return Err(ProblemError::at(field, format!("`{id}` is on two published agendas")));
            }
            agenda.push(item);
        }
        model.published.push(PublishedFacts {
            kind: find(kinds, &meeting.kind, &field("kind"))?,
            start,
            room: find(rooms, &meeting.room, &field("room"))?,
            items: agenda,
            accepted: i64::from(meeting.accepted),
            frozen: meeting.frozen,
        });
    }
    Ok(())
}

fn weights(problem: &Problem) -> Result<(), ProblemError> {
    for constraint in super::WEIGHED {
        let weight = problem.weights.of(constraint);
        if !(0..=10_000).contains(&weight) {
            return Err(ProblemError::at(
                "weights",
                format!("{constraint:?} is {weight}, must be 0 to 10000"),
            ));
        }
    }
    Ok(())
}
