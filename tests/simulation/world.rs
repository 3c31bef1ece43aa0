//! The world: the real services over the bus in memory and a database of each, on clocks that stand still until
//! they are moved. One future is in flight at any time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, atomic::AtomicU32},
};

use bus::{Bus, MemoryBus, streams};
use calendar::{Calendar, Law, Profile};
use console::board::BoardWatch;
use contracts::{
    codes::{Level, MeetingKind, Route},
    subject,
};
use db::{Db, DbConfig, MigrationSet, testing};
use kernel::{AgencyCode, Clocks, IdMint, ManualClock, Place, UnixMillis};
use routing::domain::{
    agency::{Agency, Competence},
    catalogue::{Catalogue, Category},
    propose::Proposer,
    proposers::Proposers,
};
use telemetry::Health;
use trust::{
    ActorSigner, ActorVerifier, AgencyIdentity, BlindIndexKey, IssuerScope, KeyRing, QueryCodeKey, Secret32,
    TrustedIssuer,
};
use web::door::Door;

use super::{
    dice::Dice,
    nodes::{Losses, Made, Node},
    people::People,
};

/// 2026-08-03 09:00 in Shanghai, a Monday.
const START: UnixMillis = UnixMillis(1_785_718_800_000);
/// A unit at a screen, over the one below.
pub const RENSHE: &str = "renshe";
/// A unit without computers, under [`RENSHE`]: the office records its steps from paper.
pub const LAOJIAN: &str = "laojian";
/// The discipline organ, which takes accusations.
pub const JIWEI: &str = "jiwei";
/// The agencies of the world.
pub const AGENCIES: &[&str] = &[RENSHE, LAOJIAN, JIWEI];
/// Everything that has a database.
const STORES: &[&str] =
    &["intake", "routing", "supervision", "meetings", "notification", "console", RENSHE, LAOJIAN, JIWEI];

pub fn code(text: &str) -> AgencyCode {
    text.parse().expect("agency code")
}

pub fn agencies() -> Vec<AgencyCode> {
    AGENCIES.iter().map(|c| code(c)).collect()
}

/// Databases of one worker, used again by each world: opening is cheap, making the tables is not.
pub struct Stores {
    /// Where each service's books lie.
    places: BTreeMap<&'static str, DbConfig>,
    /// Held open, or memory forgets them.
    held: Vec<testing::Fresh>,
    _memory: Vec<Db>,
}

impl Stores {
    /// SQLite in memory.
    pub async fn open(worker: usize) -> Self {
        let mut stores = Self { places: BTreeMap::new(), held: Vec::new(), _memory: Vec::new() };
        for name in STORES {
            let config = DbConfig::new(format!("sqlite-mem:simulation-{worker}-{name}"));
            stores.places.insert(name, config);
            let (mint, clocks) = at_the_start();
            let db = stores.db(name, mint, clocks).await;
            stores._memory.push(db);
        }
        stores
    }

    /// Schemas of their own on PostgreSQL; `None` where no server is named.
    pub async fn postgres() -> Option<Self> {
        let mut stores = Self { places: BTreeMap::new(), held: Vec::new(), _memory: Vec::new() };
        for name in STORES {
            let (mint, clocks) = at_the_start();
            let fresh =
                testing::Fresh::postgres(&[migrations(name)], mint, clocks).await.expect("a schema")?;
            stores.places.insert(name, fresh.config.clone());
            stores.held.push(fresh);
        }
        Some(stores)
    }

    /// Takes the schemas away.
    pub async fn discard(self) {
        for fresh in self.held {
            fresh.discard().await.expect("discarded");
        }
    }

    async fn db(&self, name: &str, mint: IdMint, clocks: Clocks) -> Db {
        Db::open(&self.places[name], &[migrations(name)], mint, clocks).await.expect("store")
    }

    /// The database of one service, emptied.
    async fn fresh(&self, name: &str, mint: &IdMint, clocks: &Clocks) -> Db {
        let db = self.db(name, mint.clone(), clocks.clone()).await;
        testing::wipe(&db).await.expect("emptied");
        db
    }
}

fn at_the_start() -> (IdMint, Clocks) {
    let clock = Arc::new(ManualClock::at(START));
    (IdMint::seeded(clock.clone(), 0), Clocks::over(clock))
}

fn migrations(name: &str) -> &'static MigrationSet {
    match name {
        "intake" => &intake::MIGRATIONS,
        "routing" => &routing::MIGRATIONS,
        "supervision" => &supervision::MIGRATIONS,
        "meetings" => &meetings::MIGRATIONS,
        "notification" => &notification::MIGRATIONS,
        "console" => &console::MIGRATIONS,
        _ => &agency::MIGRATIONS,
    }
}

/// What goes wrong besides the bus's own faults.
#[derive(Default)]
pub struct Troubles {
    /// The bus is away.
    pub down: bool,
    /// Something of EVT or RETURNS rotted away: an operator has to rebuild.
    pub rotten: bool,
    /// Messages put in that are none of ours.
    pub poison: Vec<String>,
}

/// Everything there is.
pub struct World {
    pub clock: Arc<ManualClock>,
    pub clocks: Clocks,
    pub mint: IdMint,
    pub bus: MemoryBus,
    pub nodes: Vec<Node>,
    pub people: People,
    pub dice: Dice,
    pub losses: Losses,
    pub troubles: Troubles,
    /// Business days that passed so far.
    pub days: i64,
    /// Looks into streams so far.
    pub looks: usize,
    /// What was not as it must be, found on the way.
    pub broke: Vec<String>,
}

/// What every service is given.
struct Common {
    clocks: Clocks,
    mint: IdMint,
    bus: MemoryBus,
    verifier: Arc<ActorVerifier>,
    suite: Arc<ActorSigner>,
    office: Arc<ActorSigner>,
    law: Law,
}

impl Common {
    fn door(&self, service: &str) -> Arc<Door> {
        Door::new(service, self.verifier.clone(), self.clocks.technical.clone())
    }
}

impl World {
    pub async fn new(stores: &Stores, seed: u64) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        let clocks = Clocks::over(clock.clone());
        let mint = IdMint::seeded(clock.clone(), seed);
        let bus = MemoryBus::new(clock.clone());
        streams::ensure(&Bus::Memory(bus.clone()), &agencies()).await.expect("streams");
        let common = common(&clocks, &mint, &bus);
        let losses: Losses = Arc::new(AtomicU32::new(0));
        let identities: Vec<_> = agencies().into_iter().map(|a| (a, AgencyIdentity::generate())).collect();
        let mut made = vec![
            ("intake".to_owned(), intake_deps(stores, &common, &identities).await),
            ("routing".to_owned(), routing_deps(stores, &common).await),
            ("supervision".to_owned(), supervision_deps(stores, &common).await),
            ("meetings".to_owned(), meetings_deps(stores, &common).await),
            ("notification".to_owned(), notification_deps(stores, &common).await),
            ("console".to_owned(), console_deps(stores, &common).await),
        ];
        for (agency, identity) in identities {
            made.push((agency.to_string(), agency_deps(stores, &common, &agency, identity).await));
        }
        let mut nodes = Vec::new();
        for (name, made) in made {
            let mut node = Node::new(&name, made, losses.clone());
            node.start().await.expect("served");
            nodes.push(node);
        }
        let people =
            People::new(common.office.clone(), &mint, Bus::Memory(bus.core("console")), clocks.clone());
        Self {
            clock,
            clocks,
            mint,
            bus,
            nodes,
            people,
            dice: Dice::new(seed),
            losses,
            troubles: Troubles::default(),
            days: 0,
            looks: 0,
            broke: Vec::new(),
        }
    }

    pub fn node(&self, name: &str) -> &Node {
        self.nodes.iter().find(|n| n.name == name).expect("node")
    }

    /// The databases with an outbox, as a rebuild wants them.
    pub fn databases(&self) -> Vec<Db> {
        self.nodes.iter().map(|n| n.db().clone()).collect()
    }

    /// The stream of an agency's dispatches, and all others that hold messages.
    pub fn streams() -> Vec<String> {
        let mut all = vec![subject::EVT.to_owned(), subject::RETURNS.to_owned(), subject::DLQ.to_owned()];
        all.extend(agencies().iter().map(subject::dispatch_stream));
        all
    }

    /// Ends the world; its databases stay.
    pub async fn close(self) {
        for node in self.nodes {
            let db = node.db().clone();
            drop(node);
            db.close().await;
        }
    }
}

fn common(clocks: &Clocks, mint: &IdMint, bus: &MemoryBus) -> Common {
    let signer = |n: u8, place| Arc::new(ActorSigner::new(&Secret32::from([n; 32]), place));
    let (office, suite) = (signer(1, Place::Office), signer(2, Place::Suite));
    let hosted: BTreeSet<AgencyCode> = agencies().into_iter().collect();
    let verifier = ActorVerifier::new([
        TrustedIssuer { key: office.public_key(), scope: IssuerScope::Office { hosted } },
        TrustedIssuer { key: suite.public_key(), scope: IssuerScope::Suite },
    ]);
    Common {
        clocks: clocks.clone(),
        mint: mint.clone(),
        bus: bus.clone(),
        verifier: Arc::new(verifier),
        suite,
        office,
        law: Law { profile: Profile::national().expect("profile"), calendar: Calendar::shipped() },
    }
}

async fn intake_deps(stores: &Stores, c: &Common, agencies: &[(AgencyCode, AgencyIdentity)]) -> Made {
    let secret = |n: u8| Secret32::from([n; 32]);
    Made::Intake(Box::new(intake::Deps {
        db: stores.fresh("intake", &c.mint, &c.clocks).await,
        bus: Bus::Memory(c.bus.core("intake")),
        clocks: c.clocks.clone(),
        mint: c.mint.clone(),
        door: c.door("intake"),
        health: Health::new(),
        config: intake::Config::new("/nonexistent", "990100".parse().expect("region")),
        keys: intake::Keys {
            ring: KeyRing::new(secret(3), Vec::new()),
            blind: BlindIndexKey::new(secret(4)),
            codes: QueryCodeKey::new(secret(5)),
        },
        recipients: intake::Recipients::new(agencies.iter().map(|(a, i)| (a.clone(), i.recipient()))),
        law: c.law.clone(),
        files: intake::Files::in_memory(),
    }))
}

async fn routing_deps(stores: &Stores, c: &Common) -> Made {
    let db = stores.fresh("routing", &c.mint, &c.clocks).await;
    routing::seed::seed(&db, register()).await.expect("register");
    let law = c.law.clone();
    let suite = web::SuiteActor::new(c.suite.clone(), &c.mint, c.clocks.technical.clone());
    Made::Routing(Box::new(routing::Deps {
        db,
        bus: Bus::Memory(c.bus.core("routing")),
        clocks: c.clocks.clone(),
        door: c.door("routing"),
        rules: Arc::new(routing::Rules {
            law,
            proposers: Proposers::new(Proposer::try_new(catalogue()).expect("catalogue")),
            office_contact: "0990-8800000".to_owned(),
        }),
        suite,
        suggester: Arc::default(),
        config: routing::Config { receipt_within_ms: 30_000, learns_after: 0 },
        health: Health::new(),
    }))
}

async fn supervision_deps(stores: &Stores, c: &Common) -> Made {
    Made::Supervision(Box::new(supervision::Deps {
        db: stores.fresh("supervision", &c.mint, &c.clocks).await,
        bus: Bus::Memory(c.bus.core("supervision")),
        clocks: c.clocks.clone(),
        door: c.door("supervision"),
        law: c.law.clone(),
        config: supervision::Config { receipt_within_ms: 30_000, warn_at_percent: vec![80, 100] },
        health: Health::new(),
    }))
}

async fn meetings_deps(stores: &Stores, c: &Common) -> Made {
    let db = stores.fresh("meetings", &c.mint, &c.clocks).await;
    let body = meetings::domain::body::Body {
        code: super::conference::BODY.to_owned(),
        name_zh: "云岭市信访工作联席会议".to_owned(),
        name_en: "Joint Conference".to_owned(),
        convener: "市委常委".to_owned(),
        members: AGENCIES.iter().map(|unit| code(unit)).collect(),
        places: Vec::new(),
        kinds: vec![meetings::domain::body::Kind { kind: MeetingKind::Case, notice_days: 1 }],
    };
    meetings::seed::seed(&db, vec![body]).await.expect("the conference");
    Made::Meetings(Box::new(meetings::Deps {
        db,
        bus: Bus::Memory(c.bus.core("meetings")),
        clocks: c.clocks.clone(),
        door: c.door("meetings"),
        config: meetings::Config {
            receipt_within_ms: 30_000,
            organizer: "云岭市联席办".to_owned(),
            uid_domain: "yunling.example".to_owned(),
        },
        health: Health::new(),
    }))
}

async fn notification_deps(stores: &Stores, c: &Common) -> Made {
    let office = notification::config::Office::default();
    // Letters alone: a mail goes out of the simulation.
    let config = notification::Config { mail: None, office: office.clone(), mail_retry_ms: Vec::new() };
    let texts = notification::texts::Texts::try_new().expect("templates");
    let table =
        notification::domain::table::Table::read(None, notification::texts::NAMES).expect("the table");
    Made::Notification(Box::new(notification::Deps {
        db: stores.fresh("notification", &c.mint, &c.clocks).await,
        bus: Bus::Memory(c.bus.core("notification")),
        clocks: c.clocks.clone(),
        door: c.door("notification"),
        suite: web::SuiteActor::new(c.suite.clone(), &c.mint, c.clocks.technical.clone()),
        table: Arc::new(table),
        words: notification::svc::Words { texts, office },
        config: Arc::new(config),
        health: Health::new(),
    }))
}

async fn console_deps(stores: &Stores, c: &Common) -> Made {
    let db = stores.fresh("console", &c.mint, &c.clocks).await;
    let office = console::config::Office {
        name_zh: "云岭市联席办".to_owned(),
        name_en: "Office".to_owned(),
        region: "990100".parse().expect("region"),
        telephone: "0990-8800000".to_owned(),
        address: String::new(),
    };
    let config = console::Config {
        office,
        regions: Vec::new(),
        own: None,
        tls: false,
        public_origin: None,
        trusted_proxies: Arc::from([]),
        samples: Vec::new(),
        problems: &[],
        clock_hand: None,
    };
    Made::Board(Box::new(console::Deps {
        watch: BoardWatch::new(db.clone()),
        db,
        bus: Bus::Memory(c.bus.core("console")),
        clocks: c.clocks.clone(),
        mint: c.mint.clone(),
        signer: c.office.clone(),
        suite: web::SuiteActor::new(c.suite.clone(), &c.mint, c.clocks.technical.clone()),
        policy: Arc::new(c.law.profile.clone()),
        calendar: Arc::new(c.law.calendar.clone()),
        config: Arc::new(config),
        health: Health::new(),
    }))
}

async fn agency_deps(stores: &Stores, c: &Common, agency: &AgencyCode, identity: AgencyIdentity) -> Made {
    let config = agency::Config {
        site: format!("{agency}-1"),
        name_zh: format!("云岭市{agency}"),
        doc_prefix: "云".to_owned(),
        review_unit: "云岭市人民政府".to_owned(),
        computer: agency.as_str() != LAOJIAN,
        webhook_targets: agency::webhooks::Targets::Public,
        webhook_ca: Vec::new(),
    };
    Made::Agency(Box::new(agency::Deps {
        code: agency.clone(),
        db: stores.fresh(agency.as_str(), &c.mint, &c.clocks).await,
        bus: Bus::Memory(c.bus.agency(agency)),
        clocks: c.clocks.clone(),
        mint: c.mint.clone(),
        door: c.door("agency"),
        identity,
        key_ring: KeyRing::new(Secret32::from([9; 32]), Vec::new()),
        config: Arc::new(config),
        law: Arc::new(c.law.clone()),
        health: Health::new(),
    }))
}

fn register() -> Vec<Agency> {
    let entry = |name: &str, superior: Option<&str>, level, categories: &[&str]| Agency {
        code: code(name),
        name_zh: format!("云岭市{name}"),
        name_en: name.to_owned(),
        level,
        region: "990100".parse().expect("region"),
        superior: superior.map(code),
        line: "government".to_owned(),
        doc_prefix: "云".to_owned(),
        review_unit: "云岭市人民政府".to_owned(),
        site: "hosted".to_owned(),
        computer: name != LAOJIAN,
        valid_from: "2024-01-01".parse().expect("date"),
        valid_to: None,
        competence: vec![Competence {
            region: "990100".parse().expect("region"),
            categories: categories.iter().map(|c| (*c).to_owned()).collect(),
        }],
        telephone: "0990-8800100".to_owned(),
        email: String::new(),
        ending: None,
    };
    vec![
        entry(RENSHE, None, Level::City, &["labour"]),
        entry(LAOJIAN, Some(RENSHE), Level::County, &["labour"]),
        entry(JIWEI, None, Level::City, &["discipline"]),
    ]
}

fn catalogue() -> Catalogue {
    let category = Category {
        code: "labour.wages".to_owned(),
        parent: Some("labour".to_owned()),
        name_zh: "工资报酬".to_owned(),
        name_en: "Wages".to_owned(),
        usual_level: Some(Level::City),
        route: Some(Route::R6),
        service_request: false,
        keywords: vec![("拖欠工资".to_owned(), 8)],
    };
    Catalogue { version: "simulation".to_owned(), valid_from: None, categories: vec![category] }
}
