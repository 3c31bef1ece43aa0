//! Is there any plan without a hard conflict, and if not, which facts contradict each other? Asked of the
//! constraint solver `pumpkin-solver`, in a thread of its own with a time limit: a panic there or an answer
//! that does not hold is no answer.

#![expect(clippy::indexing_slicing, reason = "every index was resolved when the model was made")]

use std::{collections::BTreeMap, time::Duration};

use pumpkin_solver::{
    Solver,
    conflict_resolvers::resolvers::ResolutionResolver,
    core::{
        predicate,
        predicates::Predicate,
        results::{ProblemSolution, SatisfactionResultUnderAssumptions},
        termination::TimeBudget,
        variables::{DomainId, Literal, TransformableVariable},
    },
    propagators::disjunctive::ArgDisjunctiveTask,
};

use super::{
    Fact, Level, Meeting, Model, Plan, cost,
    why::{open_starts, rooms_for},
};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A plan without a hard conflict, checked by the full score.
    Feasible(Plan),
    /// These facts contradict each other.
    Conflict {
        /// The facts.
        facts: Vec<Fact>,
        /// Whether each was shown to be needed.
        smallest: bool,
    },
    /// Not decided in the time given.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    Agency(usize),
    Rooms,
    Deadline(usize),
}

enum Answer {
    Plan(Vec<(usize, usize)>),
    Core(Vec<Rule>),
    Unknown,
}

/// Asks whether these items can all be placed, each by itself.
#[must_use]
pub fn prove(model: &Model, items: &[usize], limit: Duration) -> Verdict {
    let model = model.clone();
    let items = items.to_vec();
    let thread = std::thread::Builder::new().name("prove".to_owned());
    let Ok(handle) = thread.spawn(move || ask_and_shrink(&model, &items, limit)) else {
        return Verdict::Unknown;
    };
    handle.join().unwrap_or(Verdict::Unknown)
}

fn ask_and_shrink(model: &Model, items: &[usize], limit: Duration) -> Verdict {
    let begun = crate::budget::thread_cpu();
    let left = || limit.saturating_sub(crate::budget::thread_cpu().saturating_sub(begun));
    let mut core = match ask(model, items, &rules(model, items), left()) {
        Answer::Unknown => return Verdict::Unknown,
        Answer::Plan(places) => return checked(model, items, &places),
        Answer::Core(core) => core,
    };
    // Deletion: whatever can be left out is left out, while there is time.
    let (mut at, mut smallest) = (0, true);
    while at < core.len() {
        let mut without = core.clone();
        without.remove(at);
        match ask(model, items, &without, left()) {
            Answer::Core(smaller) => core = smaller,
            Answer::Plan(_) => at += 1,
            Answer::Unknown => {
                smallest = false;
                at += 1;
            }
        }
    }
    core.sort();
    let facts = core.into_iter().map(|rule| fact(model, rule)).collect();
    Verdict::Conflict { facts, smallest }
}

fn fact(model: &Model, rule: Rule) -> Fact {
    match rule {
        Rule::Agency(a) => Fact::OneAtATime { agency: model.agencies[a].code.clone() },
        Rule::Rooms => Fact::Rooms,
        Rule::Deadline(i) => Fact::Deadline {
            item: model.items[i].id.clone(),
            on: model.items[i].statutory.unwrap_or(model.today),
        },
    }
}

fn checked(model: &Model, items: &[usize], places: &[(usize, usize)]) -> Verdict {
    let meetings = items.iter().zip(places).map(|(&item, &(start, room))| Meeting {
        published: None,
        kind: model.items[item].kind,
        start,
        room,
        items: vec![item],
    });
    let plan = Plan { meetings: meetings.collect() };
    let mut alone = model.clone();
    alone.published.clear();
    // The other items are not asked about: they do not count, nor do rules that name them.
    alone.rules.retain(|(a, b)| items.contains(a) && items.contains(b));
    for item in &mut alone.items {
        item.published = None;
    }
    if cost(&alone, &plan).at(Level::Hard) == 0 { Verdict::Feasible(plan) } else { Verdict::Unknown }
}

fn rules(model: &Model, items: &[usize]) -> Vec<Rule> {
    let mut all: Vec<Rule> = sharing(model, items).into_keys().map(Rule::Agency).collect();
    all.push(Rule::Rooms);
    all.extend(items.iter().filter(|&&i| model.items[i].statutory.is_some()).map(|&i| Rule::Deadline(i)));
    all
}

/// Agencies of one delegation that two of the items need.
fn sharing(model: &Model, items: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut by_agency: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, &i) in items.iter().enumerate() {
        for agency in model.items[i].required().filter(|&a| model.agencies[a].delegations == 1) {
            by_agency.entry(agency).or_default().push(at);
        }
    }
    by_agency.retain(|_, list| list.len() > 1);
    by_agency
}

fn narrow(size: usize) -> i32 {
    i32::try_from(size).unwrap_or(i32::MAX)
}

/// Starts that calendars allow; whether an item may be after its deadline is a rule of its own.
fn starts(model: &Model, item: usize) -> Vec<usize> {
    let facts = &model.items[item];
    let mut starts = open_starts(model, item, false);
    starts.retain(|&start| {
        let free = |a: &usize| {
            model.agencies[*a].busy[start..start + facts.len].iter().all(|b| b & super::model::NOT_FREE == 0)
        };
        facts.lead.iter().all(free) && facts.others.iter().filter(|a| free(a)).count() >= facts.quorum
    });
    starts
}

fn ask(model: &Model, items: &[usize], rules: &[Rule], limit: Duration) -> Answer {
    if limit.is_zero() {
        return Answer::Unknown;
    }
    let mut solver = Solver::default();
    let row = model.grains + items.iter().map(|&i| model.items[i].len).max().unwrap_or(0);
    let mut vars: Vec<(DomainId, DomainId)> = Vec::new();
    for &item in items {
        let facts = &model.items[item];
        let starts = starts(model, item);
        let free =
            |room: usize, start: usize| !model.rooms[room].busy[start..start + facts.len].contains(&true);
        let mut places: Vec<i32> = Vec::new();
        for room in rooms_for(model, item) {
            places.extend(starts.iter().filter(|&&s| free(room, s)).map(|&s| narrow(s + room * row)));
        }
        if places.is_empty() {
            return Answer::Unknown;
        }
        let start = solver.new_sparse_integer(starts.iter().map(|&s| narrow(s)).collect::<Vec<_>>());
        let place = solver.new_sparse_integer(places);
        let room = solver.new_bounded_integer(0, narrow(model.rooms.len() - 1));
        let tag = solver.new_constraint_tag();
        let sum = vec![start.scaled(1), room.scaled(narrow(row)), place.scaled(-1)];
        solver.add_constraint(pumpkin_constraints::equals(sum, 0, tag)).post();
        vars.push((start, place));
    }
    let task = |at: usize, var: DomainId| ArgDisjunctiveTask {
        start_time: var.scaled(1),
        processing_time: narrow(model.items[items[at]].len),
    };
    let sharing = sharing(model, items);
    let mut named: Vec<(Rule, Literal)> = Vec::new();
    for &rule in rules {
        let literal = solver.new_literal();
        let tag = solver.new_constraint_tag();
        match rule {
            Rule::Agency(agency) => {
                let tasks = sharing[&agency].iter().map(|&at| task(at, vars[at].0));
                let one = pumpkin_constraints::disjunctive_strict(tasks.collect::<Vec<_>>(), tag);
                solver.add_constraint(one).implied_by(literal);
            }
            Rule::Rooms => {
                let tasks = vars.iter().enumerate().map(|(at, v)| task(at, v.1));
                let one = pumpkin_constraints::disjunctive_strict(tasks.collect::<Vec<_>>(), tag);
                solver.add_constraint(one).implied_by(literal);
            }
            Rule::Deadline(item) => {
                let until = model.items[item].statutory.unwrap_or(model.today);
                let end = model.days.partition_point(|on| *on <= until) * model.minutes.len();
                if let Some(at) = items.iter().position(|&i| i == item) {
                    let start = vars[at].0;
                    solver.add_clause(
                        [literal.get_false_predicate(), predicate!(start <= narrow(end) - 1)],
                        tag,
                    );
                }
            }
        }
        named.push((rule, literal));
    }
    for &(first, second) in &model.rules {
        let place = |item: usize| items.iter().position(|&i| i == item);
        if let (Some(a), Some(b)) = (place(first), place(second)) {
            let tag = solver.new_constraint_tag();
            let difference = vec![vars[a].0.scaled(1), vars[b].0.scaled(-1)];
            let apart =
                pumpkin_constraints::less_than_or_equals(difference, -narrow(model.items[first].len), tag);
            solver.add_constraint(apart).post();
        }
    }
    run(&mut solver, &vars, &named, limit, row)
}

fn run(
    solver: &mut Solver,
    vars: &[(DomainId, DomainId)],
    named: &[(Rule, Literal)],
    limit: Duration,
    row: usize,
) -> Answer {
    let mut brancher = solver.default_brancher();
    let mut termination = TimeBudget::starting_now(limit);
    let mut resolver = ResolutionResolver::default();
    let assumed: Vec<Predicate> = named.iter().map(|(_, l)| l.get_true_predicate()).collect();
    let result = solver.satisfy_under_assumptions(&mut brancher, &mut termination, &mut resolver, &assumed);
    match result {
        SatisfactionResultUnderAssumptions::Satisfiable(found) => {
            let solution = found.solution();
            let places = vars.iter().map(|(_, place)| {
                let place = usize::try_from(solution.get_integer_value(*place)).unwrap_or(0);
                (place % row, place / row)
            });
            Answer::Plan(places.collect())
        }
        SatisfactionResultUnderAssumptions::UnsatisfiableUnderAssumptions(mut conflict) => {
            let core = conflict.extract_core();
            let hit = named.iter().filter(|(_, l)| core.contains(&l.get_true_predicate()));
            Answer::Core(hit.map(|(rule, _)| *rule).collect())
        }
        SatisfactionResultUnderAssumptions::Unsatisfiable(_) => Answer::Core(Vec::new()),
        SatisfactionResultUnderAssumptions::Unknown(_) => Answer::Unknown,
    }
}
