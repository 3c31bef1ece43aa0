//! How fast the write path is, to be held against `numbers.md`: every figure is a durable commit.
//!
//! `cargo run --release -p db --features testing --example write_path [seconds]`; PostgreSQL too when
//! `LIANXI_TEST_POSTGRES` names a server.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use contracts::MessageKind;
use db::{Db, Draft, Migration, MigrationSet, Sql, StoreError, testing::Fresh};
use futures::future::{BoxFuture, join_all};
use kernel::{Clocks, IdMint, MatterId, UnixMillis};

static SET: MigrationSet = MigrationSet {
    name: "bench",
    steps: &[Migration {
        number: 1,
        name: "matter",
        sqlite: "CREATE TABLE matter (id TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL,
                 summary TEXT NOT NULL) STRICT, WITHOUT ROWID",
        postgres:
            "CREATE TABLE matter (id TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, at BIGINT NOT NULL,
                   summary TEXT NOT NULL)",
    }],
};
static INSERT: Sql = Sql::same("INSERT INTO matter (id, state, at, summary) VALUES ($1, $2, $3, $4)");
static INSERT_MANY: Sql = Sql::split(
    "INSERT INTO matter (id, state, at, summary)
     SELECT value->>0, value->>1, value->>2, value->>3 FROM jsonb_each($1)",
    "INSERT INTO matter (id, state, at, summary) SELECT v->>0, v->>1, CAST(v->>2 AS BIGINT), v->>3
     FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(v)",
);
static MOVE: Sql = Sql::same("UPDATE matter SET state = $2 WHERE id = $1");

const AT: UnixMillis = UnixMillis(1_785_718_800_000);
const SUMMARY: &str = "short structured summary of some two hundred bytes, as a registration carries it: class, \
                       region, channel, count of people, dates and a content hash 0123456789abcdef0123456789";

fn draft(id: MatterId, genesis: bool) -> Draft {
    Draft {
        event_type: "lianxi.intake.submission_registered.v1",
        kind: MessageKind::Fact,
        source: "lianxi/intake".to_owned(),
        subject_id: id.to_string(),
        at: AT,
        causation: None,
        body: format!("{{\"summary\":\"{SUMMARY}\",\"matter\":\"{id}\",\"text\":\"{SUMMARY}\"}}"),
        genesis,
    }
}

/// A row and its message, a statement each.
async fn register(db: &Db) -> Result<u64, StoreError> {
    let id: MatterId = db.mint().mint();
    db.write(move |tx| {
        Box::pin(async move {
            tx.query(&INSERT).bind(id).bind("registered").bind(AT).bind(SUMMARY).run_one().await?;
            tx.publish(draft(id, true)).await?;
            Ok(1)
        })
    })
    .await
}

/// Two steps of one matter: the second looks its head up.
async fn register_and_move(db: &Db) -> Result<u64, StoreError> {
    let id: MatterId = db.mint().mint();
    db.write(move |tx| {
        Box::pin(async move {
            tx.query(&INSERT).bind(id).bind("registered").bind(AT).bind(SUMMARY).run_one().await?;
            tx.publish(draft(id, true)).await.map(|_| ())
        })
    })
    .await?;
    db.write(move |tx| {
        Box::pin(async move {
            tx.query(&MOVE).bind(id).bind("forwarded").run_one().await?;
            tx.publish(draft(id, false)).await?;
            Ok(2)
        })
    })
    .await
}

/// A batch by one statement, and its messages.
async fn register_256(db: &Db) -> Result<u64, StoreError> {
    let ids: Arc<Vec<MatterId>> = Arc::new((0..256).map(|_| db.mint().mint()).collect());
    db.write(move |tx| {
        let ids = ids.clone();
        Box::pin(async move {
            let rows: Vec<_> = ids.iter().map(|id| (id.to_string(), "registered", AT.0, SUMMARY)).collect();
            let rows = serde_json::to_string(&rows).map_err(|e| StoreError::other(e.to_string()))?;
            tx.query(&INSERT_MANY).bind(rows).run().await?;
            tx.publish_all(ids.iter().map(|id| draft(*id, true)).collect()).await?;
            Ok(256)
        })
    })
    .await
}

type Work = for<'d> fn(&'d Db) -> BoxFuture<'d, Result<u64, StoreError>>;

async fn measure(name: &str, db: &Db, writers: usize, seconds: f64, work: Work) -> Result<(), StoreError> {
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let before = (db.write_stats(), cpu_us(), Instant::now());
    let tasks = (0..writers).map(|_| {
        let (db, stop, done) = (db.clone(), stop.clone(), done.clone());
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                done.fetch_add(work(&db).await?, Ordering::Relaxed);
            }
            Ok::<(), StoreError>(())
        })
    });
    let tasks: Vec<_> = tasks.collect();
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    for task in join_all(tasks).await {
        task.map_err(|e| StoreError::other(e.to_string()))??;
    }
    let rows = done.load(Ordering::Relaxed).max(1);
    let commits = db.write_stats().commits.saturating_sub(before.0.commits).max(1);
    println!(
        "{name:44} {writers:3} writers {:8.0} rows/s {:6.1} rows/commit {:6.1} µs CPU/row",
        rows as f64 / before.2.elapsed().as_secs_f64(),
        rows as f64 / commits as f64,
        (cpu_us() - before.1) / rows as f64,
    );
    Ok(())
}

/// User and system time of this process, in microseconds (100 ticks a second on Linux).
fn cpu_us() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = stat.rsplit(')').next().unwrap_or_default();
    rest.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() * 10_000.0
}

async fn run(fresh: Fresh, seconds: f64) -> Result<(), StoreError> {
    println!("{:?}", fresh.db.dialect());
    let db = &fresh.db;
    for writers in [1, 8, 64] {
        measure("row + message, a statement each", db, writers, seconds, |db| Box::pin(register(db))).await?;
    }
    let moves: Work = |db| Box::pin(register_and_move(db));
    measure("two steps of a matter, head looked up", db, 64, seconds, moves).await?;
    for writers in [1, 4] {
        measure("256 rows + messages, set-based", db, writers, seconds, |db| Box::pin(register_256(db)))
            .await?;
    }
    let start = Instant::now();
    let report = db::audit::verify(db).await?;
    let rate = report.rows as f64 / start.elapsed().as_secs_f64();
    println!("audit: sound {}, {} rows, {rate:.0} rows/s\n", report.is_sound(), report.rows);
    fresh.discard().await
}

#[tokio::main]
async fn main() -> Result<(), StoreError> {
    let seconds = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(3.0);
    run(Fresh::sqlite(&[&SET], IdMint::system(), Clocks::system()).await?, seconds).await?;
    if let Some(fresh) = Fresh::postgres(&[&SET], IdMint::system(), Clocks::system()).await? {
        run(fresh, seconds).await?;
    }
    Ok(())
}
