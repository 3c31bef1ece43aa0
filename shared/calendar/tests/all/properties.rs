//! What must hold for any limit, tried on many by a seeded generator.

use calendar::{Calendar, Limit, Pause, PauseReason, Unit, reckon};
use chrono::{Datelike, Days, NaiveDate};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::{on, with_2027};

const TRIES: usize = 20_000;

fn start(rng: &mut StdRng) -> NaiveDate {
    on("2016-01-01") + Days::new(rng.random_range(0..3900))
}

fn limit(rng: &mut StdRng, most: u32) -> Limit {
    let unit = if rng.random_bool(0.5) { Unit::Natural } else { Unit::Working };
    Limit { days: rng.random_range(0..most), unit }
}

fn pauses(rng: &mut StdRng, start_on: NaiveDate) -> Vec<Pause> {
    (0..rng.random_range(0..4))
        .map(|_| {
            let from_on = start_on + Days::new(rng.random_range(0..60)) - Days::new(5);
            let to_on = from_on + Days::new(rng.random_range(0..12));
            Pause { reason: PauseReason::Hearing, from_on, to_on }
        })
        .collect()
}

/// The definition, day by day: slow and plain.
fn by_definition(start_on: NaiveDate, limit: Limit, pauses: &[Pause], calendar: &Calendar) -> [NaiveDate; 2] {
    let paused = |d: NaiveDate| pauses.iter().any(|p| p.from_on <= d && d <= p.to_on);
    let works = |d: NaiveDate| calendar.is_working(d).expect("a known year");
    let mut day = start_on;
    let mut left = limit.days;
    while left > 0 {
        day = day.succ_opt().expect("a day");
        let counted = !paused(day) && (limit.unit == Unit::Natural || works(day));
        left -= u32::from(counted);
    }
    let nominal_on = day;
    // A pause that holds the nominal date (only a limit of 0 days can end in one) does not hold it up.
    let held = |d: NaiveDate| pauses.iter().any(|p| p.from_on > nominal_on && p.from_on <= d && d <= p.to_on);
    while !works(day) || held(day) {
        day = day.succ_opt().expect("a day");
    }
    [nominal_on, day]
}

#[test]
fn the_arithmetic_agrees_with_the_definition() {
    let calendar = with_2027();
    let mut rng = StdRng::seed_from_u64(1);
    for _ in 0..TRIES {
        let start_on = start(&mut rng);
        let limit = limit(&mut rng, 90);
        let pauses = pauses(&mut rng, start_on);
        let end = reckon(start_on, limit, &pauses, &calendar).expect("a limit");
        let found = [end.nominal_on, end.legal_on];
        let merged_alike = by_definition(start_on, limit, &joined(&pauses), &calendar);
        assert_eq!(found, merged_alike, "{start_on} {limit:?} {pauses:?}");
        assert!(!end.provisional);
    }
}

/// Overlapping and adjoining pauses as one.
fn joined(pauses: &[Pause]) -> Vec<Pause> {
    let mut sorted = pauses.to_vec();
    sorted.sort_by_key(|p| p.from_on);
    let mut joined: Vec<Pause> = Vec::new();
    for pause in sorted {
        match joined.last_mut() {
            Some(last) if pause.from_on <= last.to_on + Days::new(1) => {
                last.to_on = last.to_on.max(pause.to_on);
            }
            _ => joined.push(pause),
        }
    }
    joined
}

#[test]
fn a_longer_limit_and_a_later_start_never_end_sooner() {
    let calendar = Calendar::shipped();
    let mut rng = StdRng::seed_from_u64(2);
    for _ in 0..TRIES {
        let start_on = start(&mut rng);
        let limit = limit(&mut rng, 400);
        let ends = |start_on, days| {
            let end = reckon(start_on, Limit { days, ..limit }, &[], &calendar).expect("a limit");
            assert!(start_on <= end.nominal_on && end.nominal_on <= end.legal_on);
            assert!(end.provisional || calendar.is_working(end.legal_on) == Ok(true));
            (end.nominal_on, end.legal_on)
        };
        let (nominal, legal) = ends(start_on, limit.days);
        let (longer, longer_legal) = ends(start_on, limit.days + 1);
        let (later, later_legal) = ends(start_on + Days::new(1), limit.days);
        assert!(nominal < longer && legal <= longer_legal, "{start_on} {limit:?}");
        assert!(nominal <= later && legal <= later_legal, "{start_on} {limit:?}");
    }
}

#[test]
fn a_pause_never_brings_the_end_nearer() {
    let calendar = with_2027();
    let mut rng = StdRng::seed_from_u64(3);
    for _ in 0..TRIES {
        let start_on = start(&mut rng);
        let limit = limit(&mut rng, 60);
        let pauses = pauses(&mut rng, start_on);
        let plain = reckon(start_on, limit, &[], &calendar).expect("a limit");
        let paused = reckon(start_on, limit, &pauses, &calendar).expect("a limit");
        assert!(plain.nominal_on <= paused.nominal_on && plain.legal_on <= paused.legal_on);
    }
}

#[test]
fn a_provisional_date_is_never_later_than_the_true_one() {
    let full = with_2027();
    let patchy: Vec<_> = (2016..=2027).map(|hole| (hole, full.clone().without_year(hole))).collect();
    let mut rng = StdRng::seed_from_u64(4);
    let mut provisional = 0;
    for _ in 0..TRIES {
        let (hole, patchy) = &patchy[rng.random_range(0..patchy.len())];
        let start_on = start(&mut rng).min(on("2027-06-01"));
        let limit = limit(&mut rng, 120);
        let pauses = pauses(&mut rng, start_on);
        let guess = reckon(start_on, limit, &pauses, patchy).expect("a limit");
        let truth = reckon(start_on, limit, &pauses, &full).expect("a limit");
        // The notice of a year may arrange December of the year before; such days move either way.
        let december = |d: NaiveDate| d.year() + 1 == *hole && d.month() == 12;
        if guess.provisional {
            provisional += 1;
            assert!(guess.missing.iter().all(|m| m.year == *hole));
            if ![2019, 2023].contains(hole) {
                assert!(guess.nominal_on <= truth.nominal_on && guess.legal_on <= truth.legal_on);
            }
        } else if !december(guess.legal_on) && ![2019, 2023].contains(hole) {
            assert_eq!((guess.nominal_on, guess.legal_on), (truth.nominal_on, truth.legal_on));
        }
    }
    assert!(provisional > 500, "{provisional}");
}

#[test]
fn counting_and_stepping_are_inverse() {
    let calendar = Calendar::shipped();
    let mut rng = StdRng::seed_from_u64(5);
    for _ in 0..TRIES {
        let start_on = start(&mut rng);
        let n = rng.random_range(1..800);
        let bound = calendar.nth_working_after(start_on, n);
        let (count, missing) = calendar.count_working(start_on, bound.on);
        assert_eq!((count, missing), (n, bound.missing), "{start_on} {n}");
    }
}
