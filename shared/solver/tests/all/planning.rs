//! Planning an office: planted plans are never missed, scores agree, budgets reproduce.

use std::time::Duration;

use calendar::Calendar;
use solver::{
    budget::{Budget, Stop},
    office::{
        Cost, Level, Model, Options, Plan, Problem, Written, cost, explain, fits,
        generate::{Sizes, planted},
        solve,
    },
};

pub fn model(problem: &Problem) -> Model {
    Model::new(problem, &Calendar::shipped()).expect("a sound problem")
}

pub fn iterations(most: u64) -> Options {
    Options { budget: Budget::Iterations(most), seed: 1, threads: 1 }
}

pub fn solved(model: &Model, most: u64) -> (Plan, Cost) {
    let found = solve(model, None, &iterations(most), &Stop::default(), &mut |_, _| {});
    (found.plan, found.cost)
}

#[test]
fn a_planted_plan_has_no_hard_cost() {
    for seed in 0..20 {
        let planted = planted(Sizes::MONTH, seed);
        let mut problem = planted.problem;
        problem.published = planted.plan;
        let model = model(&problem);
        let plan = solver::office::published(&model);
        let reasons = explain(&model, &plan);
        assert_eq!(cost(&model, &plan).at(Level::Hard), 0, "seed {seed}: {:?}", reasons.first());
        assert_eq!(cost(&model, &plan).at(Level::Deferral), 0, "seed {seed}");
    }
}

#[test]
fn where_a_plan_was_planted_every_item_is_placed_without_hard_cost() {
    for seed in 0..8 {
        let model = model(&planted(Sizes::MONTH, seed).problem);
        let (plan, found) = solved(&model, 400_000);
        assert_eq!((found.at(Level::Hard), found.at(Level::Deferral)), (0, 0), "seed {seed}: {found}");
        assert_eq!(found, cost(&model, &plan), "seed {seed}");
        assert!(fits(&model, &plan));
    }
}

#[test]
fn reasons_add_up_to_the_cost() {
    let model = model(&planted(Sizes::MONTH, 3).problem);
    let (plan, found) = solved(&model, 2_000);
    let mut sum = Cost::default();
    for reason in explain(&model, &plan) {
        assert_eq!(reason.level, reason.constraint.level());
        sum.add(reason.level, reason.amount);
    }
    assert_eq!(sum, found);
}

#[test]
fn the_same_seed_and_iterations_give_the_same_plan() {
    let model = model(&planted(Sizes::MONTH, 5).problem);
    assert_eq!(solved(&model, 20_000), solved(&model, 20_000));
}

#[test]
fn a_search_that_is_stopped_at_once_still_has_a_plan_without_hard_cost() {
    let model = model(&planted(Sizes::MONTH, 6).problem);
    let stop = Stop::default();
    stop.ask();
    let options = Options { budget: Budget::Cpu(Duration::from_secs(60)), seed: 1, threads: 2 };
    let found = solve(&model, None, &options, &stop, &mut |_, _| {});
    assert_eq!(found.cost.at(Level::Hard), 0);
    assert_eq!(found.cost, cost(&model, &found.plan));
}

#[test]
fn an_impossible_item_is_deferred_and_hurts_nobody() {
    let mut problem = planted(Sizes::MONTH, 2).problem;
    problem.items[0].needs = vec!["dais".to_owned()];
    let id = problem.items[0].id.clone();
    problem.items.iter_mut().for_each(|i| i.after.retain(|before| *before != id));
    let model = model(&problem);
    let (plan, found) = solved(&model, 300_000);
    assert_eq!(found.at(Level::Hard), 0);
    let written = Written::new(&model, &plan, 1);
    assert_eq!(written.deferred.len(), 1);
    assert_eq!(written.deferred[0].item, id);
    assert_eq!(
        written.deferred[0].why,
        solver::office::WhyNot::NoRoom {
            people: model.items[0].guests
                + 2 * u32::try_from(problem.items[0].required.len() + problem.items[0].optional.len())
                    .expect("few"),
            largest: None,
        }
    );
    assert_eq!(written.plan(&model).as_ref(), Ok(&plan), "a written plan reads back");
}
