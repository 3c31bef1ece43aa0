//! The public benchmark: its score worked by hand, its plans, its gates at a small scale.

use std::time::Duration;

use solver::{
    budget::{Budget, Stop},
    timetable::{Meeting, Options, Plan, Problem, Room, Score, explain, generate, score, solve},
};

fn options(iterations: u64) -> Options {
    Options { budget: Budget::Iterations(iterations), seed: 1, threads: 1 }
}

fn quiet(_: Duration, _: Score) {}

/// Two days of four grains, two rooms, three persons.
fn small() -> Problem {
    let meeting = |duration, required: &[u32], preferred: &[u32]| Meeting {
        topic: String::new(),
        duration,
        required: required.to_vec(),
        preferred: preferred.to_vec(),
    };
    Problem {
        name: String::new(),
        grains: (0..8).map(|g| (g / 4, 480 + 15 * (g % 4))).collect(),
        rooms: vec![Room { name: "big".into(), capacity: 3 }, Room { name: "small".into(), capacity: 2 }],
        persons: ["a", "b", "c"].map(str::to_owned).to_vec(),
        weights: std::collections::BTreeMap::new(),
        meetings: vec![meeting(2, &[0], &[1]), meeting(3, &[0, 1], &[2]), meeting(1, &[2], &[])],
    }
}

fn at(start: &[u32], room: &[u32]) -> Score {
    score(&small(), &Plan { start: start.to_vec(), room: room.to_vec() }).expect("a plan of the problem")
}

#[test]
fn the_score_is_the_one_worked_by_hand() {
    // Apart: 0-1, 4-6, 3; meeting 1 needs three seats. Last grains 1+6+3; grains 3|4 touch over midnight.
    assert_eq!(at(&[0, 4, 3], &[0, 0, 0]), Score { hard: 0, medium: 0, soft: -(1 + 6 + 3) - 100 });
    // The same with meeting 1 in the small room: one seat short, and one below the larger room. It begins
    // within two grains of meeting 2 (person c) and of meeting 0 (a and b), which are in the other room.
    assert_eq!(at(&[0, 4, 3], &[0, 1, 0]), Score { hard: -1, medium: 0, soft: -110 - 1 - 1 - 2 });
    // 0 and 1 overlap by two grains: person a required twice, person b preferred and required.
    let both = at(&[4, 4, 0], &[0, 1, 0]);
    assert_eq!(both, Score { hard: -2 - 1, medium: -2, soft: -(5 + 6) - 20 - 1 });
    // Over midnight, and beyond the end: the whole index counts.
    assert_eq!(at(&[0, 3, 7], &[0, 0, 0]).hard, -1);
    assert_eq!(at(&[0, 6, 4], &[0, 0, 0]).hard, -8);
    // A longer or shorter plan, or one outside the problem, has no score.
    assert_eq!(score(&small(), &Plan { start: vec![0], room: vec![0] }), None);
    assert_eq!(score(&small(), &Plan { start: vec![0, 0, 8], room: vec![0; 3] }), None);
}

#[test]
fn reasons_add_up_to_the_score() {
    let problem = generate(60, 3);
    let found = solve(&problem, &options(20_000), &Stop::default(), &mut quiet);
    let reasons = explain(&problem, &found.plan).expect("a plan of the problem");
    for (level, wanted) in
        [("hard", found.score.hard), ("medium", found.score.medium), ("soft", found.score.soft)]
    {
        assert_eq!(reasons.iter().filter(|r| r.level == level).map(|r| r.amount).sum::<i64>(), wanted);
    }
}

#[test]
fn the_solvers_score_is_the_full_one_and_grows_with_its_budget() {
    let problem = generate(100, 5);
    let short = solve(&problem, &options(10_000), &Stop::default(), &mut quiet);
    let long = solve(&problem, &options(4_000_000), &Stop::default(), &mut quiet);
    assert_eq!(score(&problem, &short.plan), Some(short.score));
    assert_eq!(score(&problem, &long.plan), Some(long.score));
    assert!(long.score > short.score, "{} after {}", long.score, short.score);
    assert_eq!(long.score.hard, 0);
}

#[test]
fn the_same_seed_and_iterations_give_the_same_plan() {
    let problem = generate(50, 8);
    let run = || solve(&problem, &options(200_000), &Stop::default(), &mut quiet);
    assert_eq!(run().plan, run().plan);
    let other = Options { seed: 2, ..options(200_000) };
    assert_ne!(run().plan, solve(&problem, &other, &Stop::default(), &mut quiet).plan);
}

#[test]
fn of_many_seeds_the_best_wins() {
    let problem = generate(50, 9);
    let one =
        |seed| solve(&problem, &Options { seed, ..options(50_000) }, &Stop::default(), &mut quiet).score;
    let all = solve(&problem, &Options { threads: 3, ..options(50_000) }, &Stop::default(), &mut quiet);
    assert_eq!(all.score, (1..=3).map(one).max().expect("three"));
    assert_eq!(all.score, one(all.seed));
}

#[test]
fn a_search_that_is_stopped_ends_with_a_plan() {
    let problem = generate(200, 1);
    let stop = Stop::default();
    stop.ask();
    let found = solve(&problem, &options(u64::MAX), &stop, &mut quiet);
    assert_eq!(score(&problem, &found.plan), Some(found.score));
}

#[test]
fn big_problems_are_soon_without_hard_conflict() {
    for (meetings, most) in [(200, 2), (800, 10)] {
        let problem = generate(meetings, 4);
        let budget = Budget::Cpu(Duration::from_secs(most));
        let found = solve(&problem, &Options { budget, seed: 1, threads: 1 }, &Stop::default(), &mut quiet);
        assert_eq!(found.score.hard, 0, "{meetings} meetings");
        assert!(found.feasible_after < Some(Duration::from_secs(most)), "{:?}", found.feasible_after);
    }
}
