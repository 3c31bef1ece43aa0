//! Why not, and what instead: planted conflicts are named exactly, slots and repairs hold.

use calendar::Calendar;
use solver::office::{
    BusyKind, Level, Repair, WhyNot, cost,
    generate::{Sizes, planted, planted_conflict},
    near_misses, repairs, suggest, why_not,
};

use super::planning::{iterations, model, solved};

#[test]
fn a_planted_conflict_is_named_exactly() {
    for seed in 0..12 {
        let group = 2 + usize::try_from(seed % 4).expect("small");
        let (problem, id, culprits) = planted_conflict(Sizes::MONTH, group, seed);
        let model = model(&problem);
        let item = model.items.iter().position(|i| i.id == id).expect("the item");
        match why_not(&model, item) {
            WhyNot::NoCommonTime { mut agencies, minutes, smallest, .. } => {
                agencies.sort();
                assert_eq!(agencies, culprits, "seed {seed}");
                assert_eq!(minutes, 60);
                assert!(smallest);
            }
            other => panic!("seed {seed}: {other:?}"),
        }
        let misses = near_misses(&model, item, 5);
        assert_eq!(misses.len(), 5, "seed {seed}");
        for miss in misses {
            assert!(culprits.contains(&miss.agency), "seed {seed}: {miss:?}");
            assert_eq!(miss.because, BusyKind::Out);
        }
    }
}

#[test]
fn what_an_item_says_of_itself_comes_first() {
    let problem = planted(Sizes::MONTH, 4).problem;
    let why = |change: &dyn Fn(&mut solver::office::Problem)| {
        let mut changed = problem.clone();
        changed.items.iter_mut().for_each(|i| i.after.clear());
        change(&mut changed);
        why_not(&model(&changed), 0)
    };
    assert!(matches!(why(&|p| p.items[0].guests = 500), WhyNot::NoRoom { largest: Some(60), .. }));
    assert!(matches!(why(&|p| p.items[0].minutes = 600), WhyNot::TooLong { longest: 180, .. }));
    assert!(matches!(
        why(&|p| p.items[0].statutory = p.from.pred_opt()),
        WhyNot::NoDay { from: Some(_), until: Some(_) }
    ));
    let unknown = why(&|p| {
        let lead = p.items[0].required[0].clone();
        p.agencies.iter_mut().filter(|a| a.code == lead).for_each(|a| a.busy = None);
    });
    let lead = problem.items[0].required[0].clone();
    assert_eq!(unknown, WhyNot::UnknownCalendar { agencies: vec![lead] });
    assert_eq!(why(&|_| {}), WhyNot::Outweighed);
}

#[test]
fn an_agency_needed_longer_than_it_is_free_is_named_with_hours() {
    let mut problem = planted(Sizes { items: 30, agencies: 6, ..Sizes::MONTH }, 9).problem;
    let until = problem.to;
    // Everybody is free, but the first agency must be at thirty items in one hour a day of one day.
    for agency in &mut problem.agencies {
        agency.busy = Some(Vec::new());
    }
    let lead = problem.agencies[0].code.clone();
    problem.agencies[0].busy = Some(vec![solver::office::Busy {
        on: problem.from,
        until: Some(until),
        from: 0,
        to: 990,
        kind: BusyKind::Firm,
    }]);
    for item in &mut problem.items {
        (item.statutory, item.earliest, item.quorum, item.minutes) = (None, None, None, 60);
        item.after.clear();
        item.required.retain(|code| *code != lead);
        item.optional.retain(|code| *code != lead);
        item.required.insert(0, lead.clone());
    }
    let model = model(&problem);
    match why_not(&model, 0) {
        WhyNot::ShortOfTime { agency, needed, free, items, .. } => {
            assert_eq!(agency, lead);
            assert_eq!(
                (needed, items.len()),
                (60 * u32::try_from(problem.items.len()).expect("few"), problem.items.len())
            );
            assert!(free < needed, "{free} of {needed}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn suggested_slots_are_distinct_and_hold() {
    let model = model(&planted(Sizes::MONTH, 1).problem);
    let (plan, _) = solved(&model, 100_000);
    let mut all = 0;
    for item in 0..model.items.len() {
        let slots = suggest(&model, &plan, item, 4);
        assert!(!slots.is_empty(), "item {item} could at least stay where it is");
        all += slots.len();
        for (at, slot) in slots.iter().enumerate() {
            assert_eq!(slot.cost.at(Level::Hard), 0);
            let half = |s: &solver::office::Suggestion| (s.on, s.minute < 780);
            assert!(slots[at + 1..].iter().all(|other| half(other) != half(slot)), "{slots:?}");
        }
    }
    assert!(all >= model.items.len() * 2, "{all} slots in all");
}

#[test]
fn repairs_were_tried_and_come_by_effort() {
    let (problem, id, culprits) = planted_conflict(Sizes::MONTH, 3, 5);
    let before = model(&problem);
    let (plan, _) = solved(&before, 150_000);
    let options = iterations(150_000);
    let found = repairs(&problem, &Calendar::shipped(), &plan, &id, &options, 6).expect("a sound problem");
    assert!(found.len() >= 2, "{found:?}");
    assert!(found.windows(2).all(|pair| pair[0].effort <= pair[1].effort));
    for repaired in &found {
        assert_eq!(repaired.cost.at(Level::Hard), 0);
        match &repaired.repair {
            Repair::ByVideo { agency } | Repair::ExtraDelegation { agency } => {
                assert!(culprits.contains(agency), "{repaired:?}");
            }
            Repair::WrittenOpinion { agency } => assert!(culprits.contains(agency), "{repaired:?}"),
            _ => {}
        }
        // Solved again by itself, it holds.
        let changed = model(&repaired.repair.applied(&problem, &id));
        let (plan, again) = solved(&changed, 150_000);
        assert_eq!(again.at(Level::Hard), 0);
        assert_eq!(again, cost(&changed, &plan));
        let item = changed.items.iter().position(|i| i.id == id).expect("the item");
        assert!(plan.meetings.iter().any(|m| m.items.contains(&item)), "{repaired:?}");
    }
}
