//! A bus of its own for each test: the real server in a directory of its own, or the one in memory.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "each test file uses its part, and a test may fail by panic"
)]

pub mod store;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bus::{
    Bus, Connect, Consumer, ConsumerSpec, Delivery, Epoch, MemoryBus, Side, StreamSpec,
    config::{AgencyUser, CoreUser},
    keys::{self, UserKey},
    server::{NatsServer, ServerBinary, ServerPlan},
    streams,
};
use contracts::{DispatchSeal, Message};
use kernel::{AgencyCode, Clock, EventId, IdMint, ManualClock, UnixMillis};

/// Noon of 2026-08-03 in Shanghai.
pub const START: UnixMillis = UnixMillis(1_785_729_600_000);
/// How long a test waits for a value before it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A directory that is gone afterwards.
pub struct TempDir(pub PathBuf);

impl TempDir {
    pub fn new() -> Self {
        let name = format!("lianxi-bus-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("temp dir");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("agency code")
}

/// A real server with users for `routing`, `intake`, `console`, the administrator and some agencies.
pub struct Hub {
    pub server: Option<NatsServer>,
    pub agencies: Vec<AgencyCode>,
    pub dir: TempDir,
    pid: u32,
    program: PathBuf,
}

impl Hub {
    pub async fn start(agencies: &[&str]) -> Self {
        let binary = ServerBinary::find(None).await.expect("a nats-server is needed: run `make setup`");
        let dir = TempDir::new();
        let agencies: Vec<AgencyCode> = agencies.iter().map(|c| code(c)).collect();
        let plan = Self::plan(dir.path(), &agencies);
        let program = binary.path().to_owned();
        let server = NatsServer::start(binary, plan).await.expect("server");
        let pid = server.pid();
        Self { server: Some(server), agencies, dir, pid, program }
    }

    /// With streams and consumers.
    pub async fn ready(agencies: &[&str]) -> Self {
        let hub = Self::start(agencies).await;
        streams::ensure(&hub.admin().await, &hub.agencies).await.expect("streams");
        hub
    }

    pub fn plan(dir: &Path, agencies: &[AgencyCode]) -> ServerPlan {
        let mut plan = ServerPlan::local(&dir.join("nats"));
        plan.max_file_store = 1_073_741_824;
        plan.core = ["admin", "routing", "intake", "console"]
            .iter()
            .map(|s| CoreUser { service: (*s).to_owned(), nkey: key(dir, s).public })
            .collect();
        plan.agencies = agencies
            .iter()
            .map(|c| AgencyUser { code: c.clone(), nkey: key(dir, c.as_str()).public })
            .collect();
        plan.system = Some(key(dir, "system").public);
        plan
    }

    pub fn server(&mut self) -> &mut NatsServer {
        self.server.as_mut().expect("server")
    }

    pub fn url(&self) -> String {
        self.server.as_ref().expect("server").url()
    }

    pub fn seed(&self, name: &str) -> String {
        key(self.dir.path(), name).seed
    }

    pub async fn admin(&self) -> Bus {
        self.core(Side::ADMIN).await
    }

    pub async fn core(&self, service: &str) -> Bus {
        self.connect(service, Side::core(service)).await
    }

    pub async fn agency(&self, agency: &str) -> Bus {
        self.connect(agency, Side::Agency(code(agency))).await
    }

    async fn connect(&self, name: &str, side: Side) -> Bus {
        let connect = Connect { url: self.url(), seed: self.seed(name), side };
        let bus = Bus::connect(&connect).await.expect("connect");
        assert!(bus.is_up(), "{name} is not let in");
        bus
    }

    /// A bare client with a user's key: what an attacker with that key would hold.
    pub async fn raw(&self, name: &str) -> async_nats::Client {
        async_nats::ConnectOptions::with_nkey(self.seed(name)).connect(self.url()).await.expect("raw client")
    }

    pub async fn kill(&mut self) {
        self.server().kill().await.expect("kill");
    }

    pub async fn revive(&mut self) {
        let server = self.server.as_mut().expect("server");
        server.revive().await.expect("revive");
        self.pid = server.pid();
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let pid = self.server.as_ref().map_or(self.pid, NatsServer::pid);
        let _ = std::process::Command::new(&self.program)
            .args(["--signal", &format!("stop={pid}")])
            .stderr(std::process::Stdio::null())
            .status();
    }
}

pub fn key(dir: &Path, name: &str) -> UserKey {
    keys::load_or_create(&dir.join("keys"), name).expect("key")
}

/// Either making, with its clock.
pub enum World {
    Nats(Box<Hub>),
    Memory(MemoryBus, Arc<ManualClock>),
}

impl World {
    pub async fn both(agencies: &[&str]) -> Vec<Self> {
        let clock = Arc::new(ManualClock::at(START));
        let memory = MemoryBus::new(clock.clone());
        let codes: Vec<AgencyCode> = agencies.iter().map(|c| code(c)).collect();
        streams::ensure(&Bus::Memory(memory.clone()), &codes).await.expect("streams");
        vec![Self::Memory(memory, clock), Self::Nats(Box::new(Hub::ready(agencies).await))]
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Nats(_) => "nats",
            Self::Memory(..) => "memory",
        }
    }

    pub async fn admin(&self) -> Bus {
        self.core(Side::ADMIN).await
    }

    pub async fn core(&self, service: &str) -> Bus {
        match self {
            Self::Nats(hub) => hub.core(service).await,
            Self::Memory(bus, _) => Bus::Memory(bus.core(service)),
        }
    }

    pub async fn agency(&self, agency: &str) -> Bus {
        match self {
            Self::Nats(hub) => hub.agency(agency).await,
            Self::Memory(bus, _) => Bus::Memory(bus.agency(&code(agency))),
        }
    }

    /// Lets time pass: the clock in memory is moved, the real one goes by itself.
    pub fn pass_ms(&self, ms: i64) {
        if let Self::Memory(_, clock) = self {
            clock.advance_ms(ms);
        }
    }

    /// Fetches until so many have come, letting `step_ms` pass between two looks.
    pub async fn gather(&self, consumer: &mut Consumer, n: usize, step_ms: i64) -> Vec<Delivery> {
        let begun = Instant::now();
        let mut all = Vec::new();
        while all.len() < n {
            assert!(begun.elapsed() < PATIENCE, "{}: {} of {n} came", self.name(), all.len());
            let wait = if matches!(self, Self::Nats(_)) { 200 } else { 0 };
            all.extend(consumer.fetch(256, wait).await.expect("fetch"));
            if all.len() < n {
                self.pass_ms(step_ms);
            }
        }
        all
    }
}

/// Messages with ids that repeat themselves.
pub struct Maker {
    mint: IdMint,
    clock: Arc<ManualClock>,
}

impl Maker {
    pub fn new(seed: u64) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        Self { mint: IdMint::seeded(clock.clone(), seed), clock }
    }

    pub fn id(&self) -> EventId {
        self.mint.mint()
    }

    pub fn fact(&self, context: &str, subject_id: &str, version: i64) -> (String, Message) {
        let message = Message {
            id: self.mint.mint(),
            event_type: format!("lianxi.{context}.thing_happened.v1"),
            source: format!("lianxi/{context}"),
            subject_id: subject_id.to_owned(),
            at: self.clock.now(),
            version,
            causation: None,
            by: None,
            traceparent: None,
            dispatch: None,
            body: format!("{{\"n\":{version}}}"),
        };
        (contracts::subject::fact(&message.event_type, subject_id), message)
    }

    pub fn dispatch(&self, agency: &str, subject_id: &str, seq: i64) -> (String, Message) {
        let (_, mut message) = self.fact("routing", subject_id, seq);
        let seal = DispatchSeal {
            agency: code(agency),
            sender: "routing".to_owned(),
            seq,
            prev_hash: "0".repeat(64),
            hash: "1".repeat(64),
        };
        message.dispatch = Some(seal);
        (contracts::subject::dispatch(&code(agency), "routing", subject_id), message)
    }

    pub fn returned(&self, agency: &str, subject_id: &str, version: i64) -> (String, Message) {
        let (_, mut message) = self.fact("agency", subject_id, version);
        message.source = format!("lianxi/agency/{agency}");
        (contracts::subject::returns(&code(agency), &message.event_type, subject_id), message)
    }
}

/// A consumer with a short wait for answers.
pub fn quick(spec: ConsumerSpec) -> ConsumerSpec {
    ConsumerSpec { ack_wait_ms: 400, ..spec }
}

/// A stream whose window of known ids is short.
pub fn short_window(name: &str, subjects: &str) -> (StreamSpec, Epoch) {
    let spec = StreamSpec {
        name: name.to_owned(),
        subjects: vec![subjects.to_owned()],
        dedup_ms: 500,
        max_age_ms: 86_400_000,
        max_consumers: -1,
    };
    (spec, Epoch { number: 1, first_seq: 1 })
}
