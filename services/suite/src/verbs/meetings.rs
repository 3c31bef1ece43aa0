//! `lianxi meetings …`: plans meetings, orders an agenda, says why an item cannot be placed.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};
use calendar::Calendar;
use serde_json::json;
use solver::{
    budget::{Budget, Stop},
    office::{self, Model, Plan, Verdict, Written},
    order, timetable,
};

use crate::{
    cli::{ExplainArgs, MeetingsVerb, SolveArgs},
    say,
};

/// Share of the CPU time that is searched; the rest reads and writes.
const SEARCHED: f64 = 0.985;
/// CPU time for a proof.
const PROOF: Duration = Duration::from_secs(10);
/// CPU time for one repair that is tried.
const REPAIR: Duration = Duration::from_millis(500);
/// Slots, near misses and repairs that are shown of an item.
const SHOWN: usize = 5;

/// Does it.
///
/// # Errors
/// Names the field of the file that is wrong.
pub fn run(verb: &MeetingsVerb) -> anyhow::Result<()> {
    match verb {
        MeetingsVerb::Solve(args) => solve(args),
        MeetingsVerb::Order { problem } => ordered(problem),
        MeetingsVerb::Explain(args) => explain(args),
        MeetingsVerb::Schema => {
            say::line(&serde_json::to_string_pretty(&office::Problem::schema())?);
            Ok(())
        }
    }
}

enum Asked {
    Office(Box<office::Problem>),
    Benchmark(timetable::Problem),
}

/// A file of the benchmark has grains; one of an office has agencies.
fn read(file: &Path) -> anyhow::Result<Asked> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let shape: serde_json::Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
    let asked = if shape.get("agencies").is_some() {
        Asked::Office(Box::new(office::Problem::read(&text).with_context(|| file.display().to_string())?))
    } else {
        Asked::Benchmark(timetable::Problem::read(&text).with_context(|| file.display().to_string())?)
    };
    Ok(asked)
}

fn budget(args: &SolveArgs) -> anyhow::Result<Budget> {
    if let Some(most) = args.iterations {
        return Ok(Budget::Iterations(most));
    }
    let seconds = Duration::try_from_secs_f64(args.cpu_seconds * SEARCHED);
    Ok(Budget::Cpu(seconds.context("--cpu-seconds is a number of seconds, zero or above")?))
}

fn solve(args: &SolveArgs) -> anyhow::Result<()> {
    if !(1..=64).contains(&args.threads) {
        bail!("--threads is 1 to 64");
    }
    let (budget, seed, threads) = (budget(args)?, args.seed, args.threads);
    let stop = Stop::default();
    let text = match read(&args.problem)? {
        Asked::Benchmark(problem) => {
            let options = timetable::Options { budget, seed, threads };
            let found = timetable::solve(&problem, &options, &stop, &mut |elapsed, score| {
                say::progress(&format!("{:>5.0} s  {score}", elapsed.as_secs_f64()));
            });
            say::progress(&format!(
                "score {} by seed {}, {} moves",
                found.score, found.seed, found.iterations
            ));
            let score = found.score.to_string();
            json!({ "score": score, "start": found.plan.start, "room": found.plan.room }).to_string()
        }
        Asked::Office(problem) => {
            let model = Model::new(&problem, &Calendar::shipped())?;
            let options = office::Options { budget, seed, threads };
            let old = office::published(&model);
            let found = office::solve(&model, Some(&old), &options, &stop, &mut |elapsed, cost| {
                say::progress(&format!("{:>5.0} s  {cost}", elapsed.as_secs_f64()));
            });
            let written = Written::new(&model, &found.plan, found.seed);
            say::progress(&format!(
                "{} (hard/deferral/disruption/attendance/comfort), {} meetings, {} deferred",
                written.score,
                written.meetings.len(),
                written.deferred.len()
            ));
            serde_json::to_string_pretty(&written)?
        }
    };
    match &args.out {
        Some(out) => std::fs::write(out, text + "\n").with_context(|| out.display().to_string()),
        None => {
            say::line(&text);
            Ok(())
        }
    }
}

fn ordered(file: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let agenda = order::read_dzn(&text).with_context(|| file.display().to_string())?;
    let found = order::order(&agenda)?;
    let sequence: Vec<String> = found.sequence.iter().map(|item| (item + 1).to_string()).collect();
    let word = if found.exact { "optimum" } else { "best found" };
    say::line(&format!("{word} {}, of it waiting {}", found.presence, found.waiting));
    say::line(&format!("order {}", sequence.join(" ")));
    Ok(())
}

fn explain(args: &ExplainArgs) -> anyhow::Result<()> {
    match read(&args.problem)? {
        Asked::Benchmark(problem) => explain_benchmark(&problem, args),
        Asked::Office(problem) => explain_office(&problem, args),
    }
}

fn explain_benchmark(problem: &timetable::Problem, args: &ExplainArgs) -> anyhow::Result<()> {
    let Some(file) = &args.plan else { bail!("--plan PLAN.json is needed to explain a plan") };
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let plan: timetable::Plan =
        solver::error::from_json(&text).with_context(|| file.display().to_string())?;
    let reasons = timetable::explain(problem, &plan).context("the plan is not one of this problem")?;
    let score = timetable::score(problem, &plan).context("the plan is not one of this problem")?;
    say::line(&format!("score {score}"));
    for (name, _) in timetable::WEIGHTS {
        // The file's name of one constraint is longer than the score's.
        let of = || {
            reasons.iter().filter(|r| {
                r.constraint == name
                    || name.replace(" attendance", "") == r.constraint.replace(" attendance", "")
            })
        };
        let sum: i64 = of().map(|r| r.amount).sum();
        say::line(&format!("{sum:>9}  {name} ({} times)", of().count()));
    }
    Ok(())
}

fn explain_office(problem: &office::Problem, args: &ExplainArgs) -> anyhow::Result<()> {
    let calendar = Calendar::shipped();
    let model = Model::new(problem, &calendar)?;
    let plan = match &args.plan {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
            solver::error::from_json::<Written>(&text)
                .and_then(|w| w.plan(&model))
                .with_context(|| file.display().to_string())?
        }
        None => {
            let options = office::Options::default();
            let old = office::published(&model);
            office::solve(&model, Some(&old), &options, &Stop::default(), &mut |_, _| {}).plan
        }
    };
    say::line(&format!("{} (hard/deferral/disruption/attendance/comfort)", office::cost(&model, &plan)));
    for reason in office::explain(&model, &plan) {
        say::line(&serde_json::to_string(&reason)?);
    }
    for deferred in Written::new(&model, &plan, 0).deferred {
        if args.item.as_ref().is_none_or(|item| *item == deferred.item) {
            explain_item(problem, &calendar, &model, &plan, &deferred)?;
        }
    }
    if let Some(id) = &args.item {
        let item = model.items.iter().position(|i| i.id == *id);
        let item = item.with_context(|| format!("--item: `{id}` is no item of the problem"))?;
        for slot in office::suggest(&model, &plan, item, SHOWN) {
            say::line(&format!("{id}: could be {}", serde_json::to_string(&slot)?));
        }
    }
    Ok(())
}

fn explain_item(
    problem: &office::Problem,
    calendar: &Calendar,
    model: &Model,
    plan: &Plan,
    deferred: &office::Deferred,
) -> anyhow::Result<()> {
    let id = &deferred.item;
    say::line(&format!("{id}: {}", serde_json::to_string(&deferred.why)?));
    let Some(item) = model.items.iter().position(|i| i.id == *id) else { return Ok(()) };
    if deferred.why == office::WhyNot::Outweighed {
        let all: Vec<usize> = (0..model.items.len()).collect();
        if let Verdict::Conflict { facts, smallest } = office::prove(model, &all, PROOF) {
            let proven = office::WhyNot::Conflict { facts, smallest };
            say::line(&format!("{id}: {}", serde_json::to_string(&proven)?));
        }
    }
    for miss in office::near_misses(model, item, SHOWN) {
        say::line(&format!("{id}: near miss {}", serde_json::to_string(&miss)?));
    }
    let options = office::Options { budget: Budget::Cpu(REPAIR), ..office::Options::default() };
    for repaired in office::repairs(problem, calendar, plan, id, &options, SHOWN)? {
        say::line(&format!("{id}: repair {}", serde_json::to_string(&repaired)?));
    }
    Ok(())
}
