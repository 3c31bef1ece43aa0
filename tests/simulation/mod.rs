//! The simulation: the real services, one future in flight at a time, on clocks, ids and chance that come from a
//! seed. `LIANXI_SEEDS=n` plays n seeds, `LIANXI_SEED=n` one, with its moves.

mod agencies;
mod co;
mod conference;
mod contests;
mod dice;
mod dumps;
mod faults;
mod moves;
mod nodes;
mod office;
mod orders;
mod people;
mod run;
mod world;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use run::{MOVES, Outcome, run};
use world::Stores;

use crate::checker::{self, Broken, read};

/// Seeds that are played unless told otherwise.
const SEEDS: u64 = 300;
/// Seeds that are played on PostgreSQL; among them are rebuilds of everything and disputes that wait for a meeting.
const ON_POSTGRES: u64 = 13;
/// Worlds side by side, each on a thread of its own.
const WORKERS: usize = 2;
/// Unoptimised futures are deep.
const STACK: usize = 32 * 1024 * 1024;
/// Databases of the other tests, apart from the workers' own.
static APART: AtomicU64 = AtomicU64::new(100);

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs something on a thread with a runtime of its own and a deep stack.
fn alone<T: Send>(job: impl AsyncFnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let runtime = move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
            runtime.block_on(job())
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, runtime);
        thread.expect("thread").join().expect("it went to its end")
    })
}

async fn apart() -> Stores {
    Stores::open(usize::try_from(APART.fetch_add(1, Ordering::Relaxed)).unwrap_or(usize::MAX)).await
}

#[derive(Default)]
struct Played {
    failed: Vec<Outcome>,
    tally: BTreeMap<String, usize>,
}

fn play(seeds: u64) -> Played {
    let next = AtomicU64::new(0);
    let played = Mutex::new(Played::default());
    let worker = |n: usize| {
        let (next, played) = (&next, &played);
        move || {
            alone(async || {
                let stores = Stores::open(n).await;
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds || played.lock().expect("played").failed.len() >= 3 {
                        return;
                    }
                    let outcome = run(&stores, seed, MOVES).await;
                    let mut played = played.lock().expect("played");
                    for (what, n) in &outcome.tally {
                        *played.tally.entry(what.clone()).or_default() += n;
                    }
                    if !outcome.is_sound() {
                        played.failed.push(outcome);
                    }
                }
            });
        }
    };
    std::thread::scope(|scope| {
        for n in 0..WORKERS {
            scope.spawn(worker(n));
        }
    });
    played.into_inner().expect("played")
}

/// Under every fault nothing is lost, doubled, leaked or forgotten, for every seed.
#[test]
fn simulation_holds_for_every_seed() {
    if let Some(seed) = number("LIANXI_SEED") {
        let outcome = alone(async || run(&apart().await, seed, MOVES).await);
        println!("{}", outcome.report());
        println!("{:#?}", outcome.tally);
        assert!(outcome.is_sound(), "seed {seed} does not hold");
        return;
    }
    let seeds = number("LIANXI_SEEDS").unwrap_or(SEEDS);
    let played = play(seeds);
    println!("{:#?}", played.tally);
    let reports: Vec<String> = played.failed.iter().map(Outcome::report).collect();
    assert!(reports.is_empty(), "{}", reports.join("\n"));
    assert_busy(&played.tally, seeds);
}

/// What must have happened for the simulation to say anything: so often per hundred seeds.
const BUSY: &[(&str, usize)] = &[
    ("said lianxi.intake.submission_registered.v1", 400),
    ("said lianxi.intake.submission_linked.v1", 10),
    ("said lianxi.intake.content_opened.v1", 40),
    ("said lianxi.routing.matter_forwarded.v1", 150),
    ("said lianxi.routing.assignment_recalled.v1", 40),
    ("said lianxi.routing.return_set_aside.v1", 20),
    ("said lianxi.agency.opinion_served.v1", 30),
    ("said lianxi.bus.dead_letter.v1", 20),
    ("said lianxi.routing.co_assigned.v1", 40),
    ("said lianxi.routing.co_answered.v1", 10),
    ("said lianxi.routing.co_released.v1", 10),
    ("said lianxi.routing.objection_decided.v1", 10),
    ("said lianxi.routing.dispute_raised.v1", 3),
    ("said lianxi.supervision.order_issued.v1", 3),
    ("said lianxi.meetings.meeting_called.v1", 20),
    ("said lianxi.meetings.resolution_adopted.v1", 10),
    ("matter closed", 40),
    ("accusation closed", 12),
    ("refused accused_unit", 4),
    ("refused stale_version", 30),
];

fn assert_busy(tally: &BTreeMap<String, usize>, seeds: u64) {
    let seeds = usize::try_from(seeds).unwrap_or(usize::MAX);
    for (what, least) in BUSY.iter().filter(|_| seeds >= 100) {
        let n = tally.get(*what).copied().unwrap_or(0);
        assert!(n * 100 >= least * seeds, "{what}: {n} in {seeds} seeds proves little");
    }
}

/// The same worlds on PostgreSQL: fewer, for each statement is a trip.
#[test]
fn simulation_holds_on_postgresql() {
    let reports = alone(async || {
        let mut reports = Vec::new();
        if let Some(stores) = Stores::postgres().await {
            for seed in 0..ON_POSTGRES {
                let outcome = run(&stores, seed, MOVES).await;
                assert!(outcome.tally.contains_key("said lianxi.intake.submission_registered.v1"), "{seed}");
                if !outcome.is_sound() {
                    reports.push(outcome.report());
                }
            }
            stores.discard().await;
        }
        reports
    });
    assert!(reports.is_empty(), "{}", reports.join("\n"));
}

#[test]
fn simulation_repeats_itself_from_its_seed() {
    let play = || alone(async || run(&apart().await, 6, MOVES).await);
    let (first, second) = (play(), play());
    for (a, b) in first.log.iter().zip(&second.log) {
        assert_eq!(a, b);
    }
    assert_eq!((first.log.len(), first.digest), (second.log.len(), second.digest));
}

/// The record is not only checked when it is sound: an edit, a deletion and a reordering by raw SQL are found.
#[test]
fn simulation_notices_who_edits_the_record() {
    alone(async || {
        for edit in [
            "UPDATE outbox SET body = replace(body, '\"', '\" ') WHERE seq = 2",
            "DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)",
            "DELETE FROM outbox WHERE seq = 3",
            "UPDATE outbox SET agency_seq = 99 WHERE agency_seq = 1",
            "UPDATE outbox SET log_seq = CASE log_seq WHEN 1 THEN -2 WHEN 2 THEN -1 END WHERE log_seq IN (1, 2)",
        ] {
            let stores = apart().await;
            let mut world = Box::pin(world::World::new(&stores, 4)).await;
            for _ in 0..MOVES {
                let choice = world.choose();
                world.make(choice).await;
            }
            world.bus_comes();
            world.revive().await;
            for _ in 0..3 {
                world.clock.advance_ms(11_000);
                world.round().await;
            }
            let dump = Box::pin(world.dump()).await;
            assert_eq!(checker::safety(&dump), []);
            let touched = read::tamper(world.node("routing").db(), edit).await;
            assert!(touched > 0, "nothing to edit: {edit}");
            let dump = Box::pin(world.dump()).await;
            let found = checker::safety(&dump);
            assert!(found.iter().any(|v| v.what == Broken::Chain), "{edit}: {found:?}");
            Box::pin(world.close()).await;
        }
    });
}
