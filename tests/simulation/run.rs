//! One run: moves by chance, then healing, then the check.

use std::{collections::BTreeMap, fmt::Write};

use db::Db;

use super::{
    moves::Move,
    world::{Stores, World},
};
use crate::checker::{self, Broken, Dump, Violation, read};

/// Moves of one run.
pub const MOVES: usize = 175;
/// Moves between two checks of what must hold at every commit.
const CHECK_EVERY: usize = 75;
/// Rounds in which a healed world comes to rest.
const ROUNDS: usize = 80;
/// One world in so many is carried on until every task has ended.
const FINISHED: u64 = 2;
/// One world in so many is built anew from the outboxes at its end.
const REBUILT: u64 = 6;
/// Signing, acceptance, the parts of others, opinion, service, completion, and more for steps that a recall crossed.
const STEPS_TO_THE_END: usize = 14;
/// Of these, the first in which units still refuse: what they insist on becomes a dispute.
const CONTESTED: usize = 3;
/// What passes before the last steps, in days: longer than T03, so that somebody is late and urged.
const LATE_DAYS: i64 = 17;
/// What passes between two rounds (technical clock): longer than any lease, wait for an answer or for a receipt, so
/// that each round can move what the one before it could not.
const ROUND_MS: i64 = 61_000;

/// What a run came to.
pub struct Outcome {
    pub seed: u64,
    pub log: Vec<String>,
    pub violations: Vec<Violation>,
    /// Things that went wrong where people or parts stood.
    pub broke: Vec<String>,
    /// Hash over every row.
    pub digest: String,
    /// What happened, counted: a simulation in which nothing happens proves nothing.
    pub tally: BTreeMap<String, usize>,
}

impl Outcome {
    pub fn is_sound(&self) -> bool {
        self.violations.is_empty() && self.broke.is_empty()
    }

    /// Seed, moves and findings, for a person.
    pub fn report(&self) -> String {
        let mut text = format!("seed {} (LIANXI_SEED={} shows it again)\n", self.seed, self.seed);
        for line in &self.log {
            let _ = writeln!(text, "  {line}");
        }
        for broke in &self.broke {
            let _ = writeln!(text, "BROKE {broke}");
        }
        for violation in &self.violations {
            let _ = writeln!(text, "VIOLATION {violation}");
        }
        text
    }
}

/// Tables of the console that say how the board was built, not what it shows.
const BOARD_ALONE: [&str; 5] = ["lease", "inbox", "applied", "outbox", "meta"];

/// What the board shows. A counter that went back to nothing is as good as none.
async fn shown(console: &Db) -> Vec<(String, String)> {
    let mut rows = read::rows(console, &BOARD_ALONE).await;
    rows.retain(|(table, row)| table != "counter" || !row.ends_with("|0"));
    rows
}

struct Run {
    world: World,
    log: Vec<String>,
    violations: Vec<Violation>,
    made: BTreeMap<Move, usize>,
}

/// Plays a seed to its end.
pub async fn run(stores: &Stores, seed: u64, moves: usize) -> Outcome {
    let world = Box::pin(World::new(stores, seed)).await;
    let mut run = Run { world, log: Vec::new(), violations: Vec::new(), made: BTreeMap::new() };
    Box::pin(run.play(moves)).await;
    if run.is_sound() {
        Box::pin(run.heal()).await;
        let dump = Box::pin(run.world.dump()).await;
        run.violations.extend(checker::settled(&dump));
    }
    if run.is_sound() && seed.is_multiple_of(FINISHED) {
        Box::pin(run.finish(seed)).await;
    }
    if run.is_sound() && seed.is_multiple_of(REBUILT) {
        Box::pin(run.rebuild_everything()).await;
    }
    let dump = Box::pin(run.world.dump()).await;
    let tally = run.tally(&dump);
    let digest = run.world.digest().await;
    let Run { mut world, log, mut violations, .. } = run;
    violations.dedup();
    violations.truncate(40);
    let mut broke = std::mem::take(&mut world.broke);
    broke.append(&mut world.people.faults);
    Box::pin(world.close()).await;
    Outcome { seed, log, violations, broke, digest, tally }
}

impl Run {
    fn is_sound(&self) -> bool {
        self.violations.is_empty() && self.world.broke.is_empty() && self.world.people.faults.is_empty()
    }

    async fn play(&mut self, moves: usize) {
        for n in 0..moves {
            let choice = self.world.choose();
            let words = self.world.make(choice).await;
            self.log.push(format!("{n:>3} {choice:?}: {words}"));
            *self.made.entry(choice).or_default() += 1;
            if n % CHECK_EVERY == CHECK_EVERY - 1 {
                let dump = Box::pin(self.world.dump()).await;
                self.violations.extend(checker::safety(&dump));
            }
            if !self.is_sound() {
                return;
            }
        }
    }

    /// Everything that was broken is mended: the bus is up, nothing is lost any more, processes run, an operator
    /// rebuilds where stored messages rotted, and whoever got no answer asks again.
    async fn heal(&mut self) {
        let world = &mut self.world;
        world.bus_comes();
        world.bus.lose_pubacks(0);
        world.bus.lose_acks(0);
        world.losses.store(0, std::sync::atomic::Ordering::Relaxed);
        for node in &mut world.nodes {
            node.asleep = None;
        }
        world.revive().await;
        if world.troubles.rotten {
            let words = world.rebuild().await;
            self.log.push(format!("heal: {words}"));
        }
        for n in 0..self.world.people.slips.len() {
            if self.world.people.slips[n].receipt.is_none() {
                let words = self.world.send_in(n).await;
                self.log.push(format!("heal: {words}"));
            }
        }
        Box::pin(self.settle(2)).await;
    }

    /// Every part takes its turn until nothing has moved for so many rounds.
    async fn settle(&mut self, quiet_rounds: usize) {
        let mut quiet = 0;
        for round in 0..ROUNDS {
            let (moved, words) = Box::pin(self.world.round()).await;
            if moved > 0 {
                self.log.push(format!("settle {round}: {words}"));
            }
            quiet = if moved == 0 { quiet + 1 } else { 0 };
            if quiet >= quiet_rounds || !self.is_sound() {
                return;
            }
            self.world.clock.advance_ms(ROUND_MS);
        }
        self.violations.push(Broken::Untaken.at("the world never comes to rest"));
    }

    /// In a healed world every task comes to its end.
    async fn finish(&mut self, seed: u64) {
        for round in 0..STEPS_TO_THE_END {
            if round == CONTESTED {
                self.world.let_days_pass(LATE_DAYS);
                Box::pin(self.settle(1)).await;
            }
            for words in Box::pin(self.world.work_on_all(round < CONTESTED)).await {
                self.log.push(format!("finish: {words}"));
            }
            Box::pin(self.world.rule_on_all()).await;
            for words in Box::pin(self.world.confer_on_all(round < CONTESTED)).await {
                self.log.push(format!("finish: {words}"));
            }
            // In every second world a dispute waits for its meeting.
            let in_writing = seed % 4 == 2 || round > CONTESTED + 1;
            if in_writing {
                self.log.push(format!("finish: {}", Box::pin(self.world.decide()).await));
                Box::pin(self.world.decide_on_all()).await;
            }
            for words in [
                Box::pin(self.world.issue_order()).await,
                Box::pin(self.world.answer_order()).await,
                Box::pin(self.world.judge_order()).await,
            ] {
                self.log.push(format!("finish: {words}"));
            }
            Box::pin(self.settle(1)).await;
            if !self.is_sound() {
                return;
            }
        }
        let dump = Box::pin(self.world.dump()).await;
        self.violations.extend(checker::settled(&dump));
        let open = dump.agencies.iter().flat_map(|(code, a)| a.tasks.iter().map(move |t| (code, t)));
        for (code, task) in
            open.filter(|(_, t)| !matches!(t.state.as_str(), "closed" | "recalled" | "returned" | "answered"))
        {
            self.violations
                .push(Broken::NowhereAtAll.at(format!("{code} {} stays {}", task.assignment_id, task.state)));
        }
    }

    /// Invariant 11: all streams are lost and made anew from the outboxes, and nobody knows anything else than before.
    async fn rebuild_everything(&mut self) {
        let before = self.world.knowledge().await;
        self.world.bus.wipe();
        let words = self.world.rebuild().await;
        self.log.push(format!("rebuild: {words}"));
        Box::pin(self.settle(2)).await;
        let dump = Box::pin(self.world.dump()).await;
        self.violations.extend(checker::settled(&dump));
        if self.world.knowledge().await != before {
            self.violations.push(Broken::StreamDiffers.at("what the services know changed by a rebuild"));
        }
        let console = self.world.node("console").db().clone();
        let before = shown(&console).await;
        console::board::clear(&console).await.expect("cleared");
        let words = self.world.rebuild().await;
        self.log.push(format!("rebuild of the board: {words}"));
        Box::pin(self.settle(2)).await;
        let again = shown(&console).await;
        let differs = before.iter().zip(&again).find(|(a, b)| a != b);
        if before.len() != again.len() || differs.is_some() {
            self.violations.push(Broken::BoardDiffers.at(format!("a board built anew: {differs:?}")));
        }
    }

    fn tally(&self, dump: &Dump) -> BTreeMap<String, usize> {
        let mut tally: BTreeMap<String, usize> =
            self.made.iter().map(|(choice, n)| (format!("move {choice:?}"), *n)).collect();
        for said in dump.stores().flat_map(|(_, store)| &store.outbox) {
            *tally.entry(format!("said {}", said.event_type)).or_default() += 1;
        }
        for matter in &dump.routing.matters {
            let class = if matter.restricted == 1 { "accusation" } else { "matter" };
            *tally.entry(format!("{class} {}", matter.state)).or_default() += 1;
        }
        for (code, n) in &self.world.people.refusals {
            *tally.entry(format!("refused {code}")).or_default() += n;
        }
        tally
    }
}
