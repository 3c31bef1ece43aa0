//! Proofs by the constraint solver: conflicts of known smallest size, and plans that hold.

use std::time::Duration;

use solver::office::{
    Fact, Level, Problem, Verdict, cost,
    generate::{Sizes, planted},
    prove,
};

use super::planning::model;

const LIMIT: Duration = Duration::from_secs(20);

/// Three items of an hour that one agency must attend within two hours; the rest is free.
fn crowded() -> Problem {
    let mut problem = planted(Sizes { items: 3, agencies: 8, busy: 0, ..Sizes::MONTH }, 4).problem;
    for agency in &mut problem.agencies {
        agency.busy = Some(Vec::new());
    }
    for (at, item) in problem.items.iter_mut().enumerate() {
        item.required = vec![problem.agencies[0].code.clone(), problem.agencies[at + 1].code.clone()];
        item.optional.clear();
        item.after.clear();
        item.apart.clear();
        (item.quorum, item.earliest, item.statutory, item.minutes) = (None, None, None, 60);
    }
    problem
}

#[test]
fn a_feasible_problem_gets_a_plan_that_holds() {
    let model = model(&crowded());
    match prove(&model, &[0, 1, 2], LIMIT) {
        Verdict::Feasible(plan) => assert_eq!(cost(&model, &plan).at(Level::Hard), 0),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_conflict_is_named_by_the_facts_that_are_needed_for_it() {
    let mut problem = crowded();
    // All on one afternoon of which the windows leave two hours.
    let last = problem.published.first().map_or(problem.to, |m| m.on);
    for kind in &mut problem.kinds {
        kind.windows =
            vec![solver::office::Window { from: problem.from, to: last, from_minute: 840, to_minute: 901 }];
        kind.notice_days = 0;
    }
    let model = model(&problem);
    // One day alone.
    let day = model.days[1];
    for item in &mut problem.items {
        item.statutory = Some(day);
        item.earliest = Some(day);
    }
    let model = super::planning::model(&problem);
    match prove(&model, &[0, 1, 2], LIMIT) {
        Verdict::Conflict { facts, smallest } => {
            assert!(smallest);
            assert!(
                facts.contains(&Fact::OneAtATime { agency: problem.agencies[0].code.clone() }),
                "{facts:?}"
            );
            assert!(!facts.contains(&Fact::Rooms), "{facts:?}");
            let deadlines = facts.iter().filter(|f| matches!(f, Fact::Deadline { .. })).count();
            assert_eq!(deadlines, 3, "{facts:?}");
            assert_eq!(facts.len(), 4, "{facts:?}");
        }
        other => panic!("{other:?}"),
    }
}
