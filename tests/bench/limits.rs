//! What the databases themselves can do on this machine, now: a matter row and an outbox row, durable.
//!
//! SQLite: all statements of a commit in one trip to the thread of its connection, each prepared once. That
//! is the library called by one thread, without a hand-over between statements.

use std::{path::Path, str::FromStr, time::Duration};

use anyhow::Context;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor,
    postgres::{PgConnectOptions, PgConnection},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::time::Instant;

/// Connections of the limit of PostgreSQL.
const CONNECTIONS: usize = 32;

/// Some two hundred bytes, as a matter's row has them.
const SUMMARY: &str = "class, region, channel, count of people, dates and a content hash 0123456789abcdef0123456789abcdef \
                       and so on and so forth until the row is as long as that of a registration, which it is by now.";

const TABLES: &str =
    "CREATE TABLE matter (id TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, at BIGINT NOT NULL,
     summary TEXT NOT NULL);";
const MATTER: &str = "INSERT INTO matter (id, state, at, summary) VALUES ($1, $2, $3, $4)";
const OUTBOX: &str = "INSERT INTO outbox (id, subject, at, body) VALUES ($1, $2, $3, $4)";

/// Rows a second into a fresh SQLite file, `rows` per commit, `synchronous=FULL`.
pub async fn sqlite(folder: &Path, rows: usize, phase: Duration) -> anyhow::Result<f64> {
    let file = folder.join(format!("limit-{rows}.db"));
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-8192")
        .row_buffer_size(4096);
    let mut connection = options.connect().await.context("a SQLite file for the limit")?;
    connection
        .execute(AssertSqlSafe(format!(
            "{TABLES} CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, subject TEXT NOT NULL,
             at INTEGER NOT NULL, body TEXT NOT NULL);"
        )))
        .await?;
    let each = "INSERT INTO matter (id, state, at, summary) VALUES (?, ?, ?, ?);
                INSERT INTO outbox (id, subject, at, body) VALUES (?, ?, ?, ?);";
    let text = format!("BEGIN IMMEDIATE; {} COMMIT;", each.repeat(rows));
    let body = SUMMARY.repeat(2);
    let (begun, mut done) = (Instant::now(), 0_i64);
    while begun.elapsed() < phase {
        let mut commit = sqlx::query(AssertSqlSafe(text.clone()));
        for _ in 0..rows {
            done += 1;
            let id = format!("01987e1f-{done:027x}");
            commit = commit.bind(id.clone()).bind("registered").bind(done).bind(SUMMARY);
            commit = commit.bind(id).bind("evt.intake.submission_registered").bind(done).bind(body.clone());
        }
        commit.execute(&mut connection).await?;
    }
    let rate = done as f64 / begun.elapsed().as_secs_f64();
    connection.close().await?;
    std::fs::remove_file(&file)?;
    Ok(rate)
}

/// Cases a second on PostgreSQL, a transaction each, over 32 connections. Runs on threads of its own.
pub async fn postgres(url: &str, phase: Duration) -> anyhow::Result<f64> {
    let url = url.to_owned();
    let measured = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(of_postgres(&url, phase))
    });
    measured.await?
}

async fn of_postgres(url: &str, phase: Duration) -> anyhow::Result<f64> {
    let options = PgConnectOptions::from_str(url)?.options([("search_path", "bench_limit")]);
    let mut first = options.connect().await?;
    first
        .execute(AssertSqlSafe(format!(
            "CREATE SCHEMA bench_limit; {TABLES} CREATE TABLE outbox (seq BIGSERIAL PRIMARY KEY, id TEXT NOT NULL,
             subject TEXT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL);"
        )))
        .await?;
    let mut connections = vec![first];
    while connections.len() < CONNECTIONS {
        connections.push(options.connect().await?);
    }
    let begun = Instant::now();
    let until = begun + phase;
    let work =
        connections.into_iter().enumerate().map(|(n, connection)| tokio::spawn(cases(connection, n, until)));
    let mut done = 0_u64;
    for one in work.collect::<Vec<_>>() {
        done += one.await??;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}

async fn cases(mut connection: PgConnection, of: usize, until: Instant) -> anyhow::Result<u64> {
    let body = SUMMARY.repeat(2);
    let mut done = 0_u64;
    while Instant::now() < until {
        let id = format!("01987e1f-{of:04x}-{done:022x}");
        let mut tx = connection.begin().await?;
        sqlx::query(MATTER).bind(&id).bind("registered").bind(1_i64).bind(SUMMARY).execute(&mut *tx).await?;
        sqlx::query(OUTBOX).bind(&id).bind("evt.intake").bind(1_i64).bind(&body).execute(&mut *tx).await?;
        tx.commit().await?;
        done += 1;
    }
    connection.close().await?;
    Ok(done)
}

/// A database of the bench's own on a server.
pub struct Database {
    server: String,
    name: String,
    /// Its URL.
    pub url: String,
}

impl Database {
    /// Makes it.
    pub async fn create(server: &str) -> anyhow::Result<Self> {
        let name = format!("lianxi_bench_{}", std::process::id());
        let (base, options) = server.split_once('?').map_or((server, None), |(b, o)| (b, Some(o)));
        let (base, _) = base.rsplit_once('/').context("LIANXI_TEST_POSTGRES names no database")?;
        let options = options.map(|o| format!("?{o}")).unwrap_or_default();
        let url = format!("{base}/{name}{options}");
        let database = Self { server: server.to_owned(), name, url };
        database.tell(&format!("CREATE DATABASE {}", database.name)).await?;
        Ok(database)
    }

    /// Removes it with all it holds.
    pub async fn discard(self) -> anyhow::Result<()> {
        self.tell(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await
    }

    async fn tell(&self, sql: &str) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect(&self.server).await.context("LIANXI_TEST_POSTGRES")?;
        connection.execute(AssertSqlSafe(sql.to_owned())).await?;
        connection.close().await?;
        Ok(())
    }
}
