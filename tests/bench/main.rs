//! `make bench`: rows i, ii and iii of numbers.md, each as a ratio to a limit measured in the same run, or
//! against the bound that stands there. Not a test: it fails only when it could not measure.
//!
//! One process generates the load, another is the whole suite as an office runs it. `LIANXI_BENCH_SECONDS`
//! sets how long each phase lasts; PostgreSQL is measured when `LIANXI_TEST_POSTGRES` names a server.
#![expect(
    clippy::disallowed_methods,
    reason = "the limits lie below shared/db, and rows are watched from outside"
)]

mod cpu;
mod legs;
mod limits;
mod meetings;
mod office;
mod plan;
mod registration;
mod report;
mod suggestions;
mod watch;
mod wire;

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::{Context, bail};
use clap::Parser;
use suite::{profile::Locality, say};

use crate::{
    legs::Route,
    office::{Office, Store},
    plan::Plan,
    registration::Counter,
    report::{Bound, Row},
};

/// The server for PostgreSQL.
const POSTGRES: &str = "LIANXI_TEST_POSTGRES";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread;
    if arguments.get(1).is_some_and(|first| first == office::AS_LIANXI) {
        let cli = suite::cli::Cli::parse_from(arguments.into_iter().skip(1));
        return match runtime().enable_all().build() {
            Ok(runtime) => ended(runtime.block_on(suite::verbs::run(cli))),
            Err(error) => say::failed(&error.into()),
        };
    }
    // One thread generates the load: it shares the machine with what it measures.
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => ended(runtime.block_on(bench())),
        Err(error) => say::failed(&error.into()),
    }
}

fn ended(result: anyhow::Result<()>) -> ExitCode {
    result.map_or_else(|error| say::failed(&error), |()| ExitCode::SUCCESS)
}

async fn bench() -> anyhow::Result<()> {
    let plan = Plan::read()?;
    let begun = tokio::time::Instant::now();
    if let Some(seconds) = meetings::asked()? {
        return told(&meetings::rows(Some(seconds))?, begun);
    }
    let mut rows = on_sqlite(&plan).await?;
    match std::env::var(POSTGRES) {
        Ok(server) => rows.extend(on_postgres(&plan, &server).await?),
        Err(_) => say::progress(&format!("PostgreSQL is left out: {POSTGRES} names no server")),
    }
    rows.extend(meetings::rows(None)?);
    say::progress("suggestions");
    rows.extend(suggestions::rows()?);
    rows.sort_by_key(|row| row.row);
    told(&rows, begun)
}

fn told(rows: &[Row], begun: tokio::time::Instant) -> anyhow::Result<()> {
    say::line(&report::table(rows));
    say::line(&report::json(rows, begun.elapsed().as_secs_f64())?);
    Ok(())
}

async fn on_sqlite(plan: &Plan) -> anyhow::Result<Vec<Row>> {
    say::progress("limits of SQLite");
    let here = std::env::temp_dir();
    let limit = limits::sqlite(&here, 64, plan.short).await?;
    let single = limits::sqlite(&here, 1, plan.short).await?;
    say::progress("starting the suite on SQLite");
    let office = Arc::new(Office::start(Store::Sqlite).await?);
    let measured = measured_on_sqlite(plan, &office, limit, single).await;
    let log = office.log();
    stop(office).await?;
    measured.with_context(|| format!("the suite's last words:\n{log}"))
}

async fn measured_on_sqlite(
    plan: &Plan,
    office: &Arc<Office>,
    limit: f64,
    single: f64,
) -> anyhow::Result<Vec<Row>> {
    office.settled().await?;
    let idle = office.memory_mib()?;
    let counter = Counter::open(office).await?;
    let mut rows = Vec::new();
    say::progress("i: one client");
    let alone = registration::measure(office, &counter, 1, plan.short).await?;
    rows.push(
        Row::new("i", "registrations/s, 1 client ÷ single-row commits", alone.per_second, "/s")
            .against(single)
            .within(Bound::AtLeast { must: 0.25, aim: 0.35 })
            .noting(alone.note()),
    );
    say::progress("ii: two legs");
    let locality =
        Locality::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/profiles/sample").as_path())?;
    let route = Arc::new(Route::open(office, &locality).await?);
    rows.extend(legs::legs(plan, office, &route).await?);
    say::progress("iii: CPU from end to end");
    rows.extend(cpu::petitions(plan, office, &route).await?);
    say::progress("i: 64 clients");
    let many = registration::measure(office, &counter, plan.clients, plan.phase).await?;
    let drained = office.settled().await?;
    let memory = format!(
        "behind it drained in {:.1} s; memory {idle:.0} MiB idle, {:.0} MiB after",
        drained.as_secs_f64(),
        office.memory_mib()?
    );
    rows.insert(
        0,
        Row::new("i", "registrations/s, 64 clients ÷ 64 per commit", many.per_second, "/s")
            .against(limit)
            .within(Bound::AtLeast { must: 0.15, aim: 0.25 })
            .noting(format!("{}\n          {memory}", many.note())),
    );
    Ok(rows)
}

async fn on_postgres(plan: &Plan, server: &str) -> anyhow::Result<Vec<Row>> {
    say::progress("limit of PostgreSQL");
    let database = limits::Database::create(server).await?;
    let measured = measured_on_postgres(plan, &database.url).await;
    database.discard().await?;
    measured
}

async fn measured_on_postgres(plan: &Plan, url: &str) -> anyhow::Result<Vec<Row>> {
    let limit = limits::postgres(url, plan.short).await?;
    say::progress("starting the suite on PostgreSQL");
    let office = Arc::new(Office::start(Store::Postgres(url)).await?);
    let counter = Counter::open(&office).await?;
    say::progress("i: 64 clients on PostgreSQL");
    let many = registration::measure(&office, &counter, plan.clients, plan.phase).await;
    stop(office).await?;
    let many = many?;
    Ok(vec![
        Row::new("i", "the same on PostgreSQL ÷ 32 connections", many.per_second, "/s")
            .against(limit)
            .within(Bound::AtLeast { must: 0.4, aim: 0.6 })
            .noting(many.note()),
    ])
}

async fn stop(office: Arc<Office>) -> anyhow::Result<()> {
    match Arc::try_unwrap(office) {
        Ok(office) => office.stop().await,
        // Dropped with its last holder, which kills it.
        Err(_) => bail!("a client still holds the suite"),
    }
}
