//! Experiments.
use std::time::Duration;
use solver::{budget::{Budget, Stop}, office::{Model, Options, explain, generate::{Sizes, planted}, solve}};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let secs: f64 = a[1].parse().unwrap();
    for seed in 1..=a[2].parse::<u64>().unwrap() {
        let p = planted(Sizes::MONTH, seed);
        let model = Model::new(&p.problem, &calendar::Calendar::shipped()).unwrap();
        let mut q = p.problem.clone(); q.published = p.plan.clone();
        let qm = Model::new(&q, &calendar::Calendar::shipped()).unwrap();
        let s0 = solver::office::Plan { meetings: qm.published.iter().map(|x| solver::office::Meeting { published: None, kind: x.kind, start: x.start, room: x.room, items: x.items.clone() }).collect() };
        for s in 1..=3 {
        let o = solve(&model, None, &Options { budget: Budget::Cpu(Duration::from_secs_f64(secs)), seed: s, threads: 1 }, &Stop::default(), &mut |_, _| {});
        println!("{seed} planted {} found {} check {} after {:?} {:.2} M/s", solver::office::cost(&model, &s0), o.cost, solver::office::cost(&model, &o.plan), o.found_after, o.iterations as f64 / secs / 1e6);
        if a.len() > 3 { for r in explain(&model, &o.plan) { println!("{r:?}"); } }
        }
    }
}
