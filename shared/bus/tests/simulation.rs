//! Chance over the relay, the loops and the receipts: every fault that the bus was seen to have, from a seed.
//! `LIANXI_SEEDS=500` runs more seeds, `LIANXI_SEED=7` runs one.

#![expect(clippy::expect_used, reason = "a test may fail by panic")]

mod support;

use std::sync::Arc;

use bus::{Bus, ConsumerLoop, ConsumerSpec, MemoryBus, Reconciler, Relay, rebuild, streams};
use kernel::{Clock, ManualClock};
use support::{
    code,
    store::{Happened, Keeper, ReceiptTaker, Store},
};

/// Steps of chance in one run.
const STEPS: u64 = 250;
/// Rounds of healing within which everything must have arrived.
const HEALING: usize = 200;

/// A small generator: the run is a function of its seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// One office with two consumers, one agency; all on one clock.
struct Sim {
    clock: Arc<ManualClock>,
    bus: MemoryBus,
    office: Store,
    board: Store,
    site: Store,
    processes: Processes,
    facts: [i64; 4],
    dispatches: i64,
}

/// What a crash of a process takes with it.
struct Processes {
    out: Relay,
    back: Relay,
    board: ConsumerLoop,
    worker: ConsumerLoop,
    returns: ConsumerLoop,
    net: Reconciler,
}

impl Processes {
    fn start(bus: &MemoryBus, office: &Store, board: &Store, site: &Store) -> Self {
        let routing = Bus::Memory(bus.core("routing"));
        let renshe = Bus::Memory(bus.agency(&code("renshe")));
        let console = Bus::Memory(bus.core("console"));
        let receipts = Arc::new(ReceiptTaker);
        Self {
            out: Relay::new(office.db.clone(), routing.clone(), "routing"),
            back: Relay::new(site.db.clone(), renshe.clone(), "agency"),
            board: ConsumerLoop::new(
                board.db.clone(),
                console,
                ConsumerSpec::facts("board", &[]),
                Keeper::new(),
            ),
            worker: ConsumerLoop::dispatches(site.db.clone(), renshe, &code("renshe"), "site", Keeper::new()),
            returns: ConsumerLoop::new(
                office.db.clone(),
                routing.clone(),
                ConsumerSpec::returns("routing"),
                receipts,
            ),
            net: Reconciler::new(office.db.clone(), routing),
        }
    }

    /// One step of each, in order. Errors are part of the play: the bus may be away.
    async fn round(&self, now: kernel::UnixMillis) {
        drop(self.out.step().await);
        drop(self.board.step().await);
        drop(self.worker.step().await);
        drop(self.back.step().await);
        drop(self.returns.step().await);
        drop(self.net.step(now).await);
    }
}

impl Sim {
    async fn new(seed: u64) -> Self {
        let clock = Arc::new(ManualClock::at(support::START));
        let bus = MemoryBus::new(clock.clone());
        streams::ensure(&Bus::Memory(bus.clone()), &[code("renshe")]).await.expect("streams");
        let office = Store::on(clock.clone(), seed).await;
        let board = Store::on(clock.clone(), seed + 1).await;
        let site = Store::on(clock.clone(), seed + 2).await;
        let processes = Processes::start(&bus, &office, &board, &site);
        Self { clock, bus, office, board, site, processes, facts: [0; 4], dispatches: 0 }
    }

    async fn chance(&mut self, chance: &mut Chance) {
        self.clock.advance_ms(i64::try_from(chance.below(800)).expect("small"));
        match chance.below(24) {
            0..=5 => {
                let at = usize::try_from(chance.below(4)).expect("small");
                if let Some(count) = self.facts.get_mut(at) {
                    *count += 1;
                    let n = *count;
                    self.office.say(&format!("xf_{at}"), Happened { n }).await;
                }
            }
            6..=8 => {
                self.dispatches += 1;
                self.office.send("renshe", &format!("xf_{}", chance.below(4)), self.dispatches).await;
            }
            9..=10 => drop(self.processes.out.step().await),
            11..=12 => drop(self.processes.board.step().await),
            13 => drop(self.processes.worker.step().await),
            14 => drop(self.processes.back.step().await),
            15 => drop(self.processes.returns.step().await),
            16 => drop(self.processes.net.step(self.clock.now()).await),
            17 => self.bus.lose_pubacks(u32::try_from(chance.below(4)).expect("small")),
            18 => self.bus.lose_acks(u32::try_from(chance.below(20)).expect("small")),
            19 => self.bus.crash(),
            20 => self.bus.set_down(chance.below(2) == 0),
            21 => {
                self.processes = Processes::start(&self.bus, &self.office, &self.board, &self.site);
                // The leases of the dead run out.
                self.clock.advance_ms(20_000);
            }
            // A dispatch rots; facts have no receipts, so only a rebuild brings them back.
            22 => drop(self.bus.rot("DISPATCH_renshe", chance.below(60) + 1)),
            _ => self.clock.advance_ms(40_000),
        }
    }

    async fn lose_everything(&mut self) {
        self.bus.set_down(false);
        self.bus.wipe();
        let databases = [&self.office, &self.board, &self.site].map(|s| s.db.clone());
        rebuild(&Bus::Memory(self.bus.clone()), &databases, &[code("renshe")]).await.expect("rebuild");
    }

    async fn heal(&mut self) -> bool {
        self.bus.set_down(false);
        self.bus.lose_acks(0);
        self.bus.lose_pubacks(0);
        for _ in 0..HEALING {
            self.clock.advance_ms(3_000);
            self.processes.round(self.clock.now()).await;
            if self.arrived().await {
                return true;
            }
        }
        false
    }

    async fn arrived(&self) -> bool {
        let facts = usize::try_from(self.facts.iter().sum::<i64>()).expect("count");
        let dispatches = usize::try_from(self.dispatches).expect("count");
        self.board.effects().await.len() >= facts
            && self.site.effects().await.len() >= dispatches
            && self.office.unsent().await == 0
            && self.office.unreceipted().await == 0
    }

    async fn check(&self, seed: u64) {
        let effects = self.board.effects().await;
        for (at, count) in self.facts.iter().enumerate() {
            let of: Vec<i64> =
                effects.iter().filter(|(s, _)| *s == format!("xf_{at}")).map(|(_, n)| *n).collect();
            assert_eq!(
                of,
                (1..=*count).collect::<Vec<_>>(),
                "seed {seed}: facts of xf_{at}, once and in order"
            );
        }
        let numbers: Vec<i64> = self.site.effects().await.into_iter().map(|(_, n)| n).collect();
        assert_eq!(numbers, (1..=self.dispatches).collect::<Vec<_>>(), "seed {seed}: dispatches");
        for store in [&self.office, &self.board, &self.site] {
            assert!(db::audit::verify(&store.db).await.expect("audit").is_sound(), "seed {seed}: audit");
            assert_eq!(
                db::dead_letter::count(&store.db).await.expect("count"),
                0,
                "seed {seed}: dead letters"
            );
            assert_eq!(
                db::parked::counts(&store.db, "keeper").await.expect("parked").parked,
                0,
                "seed {seed}"
            );
        }
    }
}

fn seeds() -> std::ops::Range<u64> {
    let read = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match read("LIANXI_SEED") {
        Some(one) => one..one + 1,
        None => 1..read("LIANXI_SEEDS").unwrap_or(25) + 1,
    }
}

#[tokio::test]
async fn whatever_happens_each_message_has_its_effect_once_and_in_order() {
    for seed in seeds() {
        let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut sim = Sim::new(seed).await;
        for _ in 0..STEPS {
            sim.chance(&mut chance).await;
        }
        if seed % 3 == 0 {
            sim.lose_everything().await;
        }
        if !sim.heal().await {
            panic!(
                "seed {seed}: not all arrived: {} facts of {}, {} dispatches of {}, {} without receipt",
                sim.board.effects().await.len(),
                sim.facts.iter().sum::<i64>(),
                sim.site.effects().await.len(),
                sim.dispatches,
                sim.office.unreceipted().await,
            );
        }
        sim.check(seed).await;
    }
}
