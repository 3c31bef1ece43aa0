//! A database that keeps what a handler did, and handlers that do it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use bus::{Applied, Handler};
use contracts::{Event, Message, MessageKind};
use db::{BoxFuture, Db, DbConfig, Draft, Migration, MigrationSet, Sql, StoreError, Tx};
use kernel::{Clock, Clocks, EventId, IdMint, ManualClock};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::START;

pub static EFFECTS: MigrationSet = MigrationSet {
    name: "effects",
    steps: &[Migration {
        number: 1,
        name: "effects",
        sqlite: "CREATE TABLE effect (nr INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, \
                 subject_id TEXT NOT NULL, n INTEGER NOT NULL)",
        postgres: "CREATE TABLE effect (nr BIGSERIAL PRIMARY KEY, message_id TEXT NOT NULL, \
                   subject_id TEXT NOT NULL, n BIGINT NOT NULL)",
    }],
};

static KEEP: Sql = Sql::same("INSERT INTO effect (message_id, subject_id, n) VALUES ($1, $2, $3)");
static KEPT: Sql = Sql::same("SELECT subject_id, n FROM effect ORDER BY nr");
static BREAK: Sql = Sql::same("INSERT INTO effect (nr, message_id, subject_id, n) VALUES (1, $1, NULL, 0)");

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Happened {
    pub n: i64,
}

impl Event for Happened {
    const TYPE: &'static str = "lianxi.routing.happened.v1";
    const KIND: MessageKind = MessageKind::Fact;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opened {
    pub n: i64,
}

impl Event for Opened {
    const TYPE: &'static str = "lianxi.intake.opened.v1";
    const KIND: MessageKind = MessageKind::Fact;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ordered {
    pub n: i64,
}

impl Event for Ordered {
    const TYPE: &'static str = "lianxi.routing.ordered.v1";
    const KIND: MessageKind = MessageKind::Dispatch;
}

/// A database with a clock of its own: in memory, or a schema of the PostgreSQL server for tests.
pub struct Store {
    pub db: Db,
    pub clock: Arc<ManualClock>,
}

impl Store {
    pub async fn new(seed: u64) -> Self {
        Self::on(Arc::new(ManualClock::at(START)), seed).await
    }

    pub async fn on(clock: Arc<ManualClock>, seed: u64) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("bus-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let clocks = Clocks::over(clock.clone());
        let mint = IdMint::seeded(clock.clone(), seed);
        // A throw-away server: its schemas are not taken down one by one.
        let config = DbConfig::new(match std::env::var(db::testing::POSTGRES_VARIABLE) {
            Ok(server) => {
                let joint = if server.contains('?') { '&' } else { '?' };
                format!("{server}{joint}schema={}", name.replace('-', "_"))
            }
            Err(_) => format!("sqlite-mem:{name}"),
        });
        let db = Db::open(&config, &[&EFFECTS], mint, clocks).await.expect("database");
        Self { db, clock }
    }

    /// Publishes one fact in a transaction of its own.
    pub async fn say<E: Event + Clone>(&self, subject_id: &str, event: E) -> EventId {
        let (at, subject_id) = (self.clock.now(), subject_id.to_owned());
        self.db
            .write(move |tx| {
                let (event, subject_id) = (event.clone(), subject_id.clone());
                Box::pin(async move { Ok(tx.publish(Draft::of(subject_id, at, &event)?).await?.id) })
            })
            .await
            .expect("say")
    }

    /// Dispatches once.
    pub async fn send(&self, agency: &str, subject_id: &str, n: i64) {
        let (at, agency, id) = (self.clock.now(), super::code(agency), subject_id.to_owned());
        self.db
            .write(move |tx| {
                let (agency, id) = (agency.clone(), id.clone());
                Box::pin(async move { tx.dispatch(&agency, Draft::of(id, at, &Ordered { n })?).await })
            })
            .await
            .expect("dispatch");
    }

    /// What the handler did, in order.
    pub async fn effects(&self) -> Vec<(String, i64)> {
        self.db.read(|tx| Box::pin(async move { tx.query(&KEPT).all().await })).await.expect("effects")
    }

    pub async fn unsent(&self) -> i64 {
        db::outbox::counts(&self.db).await.expect("counts").unsent
    }

    pub async fn unreceipted(&self) -> i64 {
        db::outbox::counts(&self.db).await.expect("counts").unreceipted
    }
}

/// Keeps each message as a row, and fails on demand.
#[derive(Default)]
pub struct Keeper {
    /// Poison: this number.
    pub poison: Mutex<Option<i64>>,
    /// A store error each time: this number.
    pub broken: Mutex<Option<i64>>,
    /// While set, facts of routing wait for another context.
    pub wait: AtomicBool,
}

impl Keeper {
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    pub fn poisoned_by(n: i64) -> Arc<Self> {
        Arc::new(Self { poison: Mutex::new(Some(n)), ..Self::default() })
    }
}

fn number(message: &Message) -> i64 {
    let value: serde_json::Value = serde_json::from_str(&message.body).expect("json");
    value["n"].as_i64().expect("n")
}

impl Handler for Keeper {
    fn name(&self) -> &'static str {
        "keeper"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        let n = number(message);
        let poison = *self.poison.lock().expect("lock") == Some(n);
        let broken = *self.broken.lock().expect("lock") == Some(n);
        let wait = self.wait.load(Ordering::SeqCst) && message.context() == "routing";
        Box::pin(async move {
            if poison {
                return Ok(Applied::Poison(format!("number {n} is poison")));
            }
            if wait {
                return Ok(Applied::Wait);
            }
            if broken {
                tx.query(&BREAK).bind(message.id).run().await?;
            }
            tx.query(&KEEP).bind(message.id).bind(&message.subject_id).bind(n).run().await?;
            Ok(Applied::Done)
        })
    }
}

/// Takes receipts, as routing does.
pub struct ReceiptTaker;

impl Handler for ReceiptTaker {
    fn name(&self) -> &'static str {
        "receipts"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            let received = match message.decode::<contracts::agency::ReceivedV1>() {
                Ok(received) => received,
                Err(bad) => return Ok(Applied::Poison(bad.to_string())),
            };
            let agency = message.source_agency().expect("stamped by the hub");
            bus::take_receipt(tx, &agency, &received).await?;
            Ok(Applied::Done)
        })
    }
}
