//! Experiments.
use std::time::Duration;
use solver::{budget::{Budget, Stop}, timetable::{Options, Problem, Tune, score, solve}};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let get = |k: &str, d: f64| a.iter().find_map(|x| x.strip_prefix(&format!("{k}=")).map(|v| v.parse::<f64>().unwrap())).unwrap_or(d);
    let problem = match a[1].strip_prefix("gen") { Some(n) => solver::timetable::generate(n.parse().unwrap(), 7), None => Problem::read(&std::fs::read_to_string(&a[1]).unwrap()).unwrap() };
    let d = Tune::default();
    let tune = Tune { hot: get("hot", d.hot), cold: get("cold", d.cold), hard: get("hard", d.hard as f64) as i32, medium: get("medium", d.medium as f64) as i32,
        rounds: get("rounds", d.rounds as f64) as u32, first: get("first", d.first), medium2: get("medium2", d.medium2 as f64) as i32, reheat: get("reheat", d.reheat), swap: get("swap", d.swap as f64) as u32, random: get("random", d.random as f64) as u32, after: get("after", d.after as f64) as u32 };
    let secs = get("secs", 10.0);
    let seeds = get("seeds", 1.0) as u64;
    let verbose = get("v", 0.0) > 0.0;
    for seed in 1..=seeds {
        let o = solve(&problem, &Options { budget: Budget::Cpu(Duration::from_secs_f64(secs)), seed, tune }, &Stop::default(), &mut |t, s| if verbose { println!("{t:?} {s}") });
        assert_eq!(score(&problem, &o.plan), Some(o.score));
        println!("{} {:?} seed {seed}: {}  {:.1}M/s feasible {:?}", a[1].rsplit('/').next().unwrap(), &a[2..], o.score, o.iterations as f64 / secs / 1e6, o.feasible_after);
    }
}
