//! Experiments.
use std::time::Duration;
use solver::{budget::{Budget, Stop}, timetable::{Options, Problem, score, solve, generate}};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let problem = match a[1].strip_prefix("gen") { Some(n) => generate(n.parse().unwrap(), 7), None => Problem::read(&std::fs::read_to_string(&a[1]).unwrap()).unwrap() };
    let secs: f64 = a[2].parse().unwrap();
    for seed in 1..=a[3].parse().unwrap() {
        let o = solve(&problem, &Options { budget: Budget::Cpu(Duration::from_secs_f64(secs)), seed, threads: 1 }, &Stop::default(), &mut |_, _| {});
        assert_eq!(score(&problem, &o.plan), Some(o.score));
        println!("{} {secs} seed {seed}: {}  {:.1}M/s feasible {:?}", a[1].rsplit('/').next().unwrap(), o.score, o.iterations as f64 / secs / 1e6, o.feasible_after);
    }
}
