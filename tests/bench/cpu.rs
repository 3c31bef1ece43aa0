//! CPU and memory of processes, as Linux accounts for them. And row iii: what a petition costs from end to end.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use tokio::time::Instant;

use crate::{
    legs::Route,
    office::Office,
    plan::Plan,
    report::{Bound, Row},
};

/// Length of an accounting tick: `USER_HZ` is 100 on every Linux.
const TICK: Duration = Duration::from_millis(10);

/// User and system time of a process with all its threads.
pub fn of(pid: u32) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .with_context(|| format!("process {pid} is gone"))?;
    // The name in parentheses may hold anything; the fields are counted behind it.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u32 = fields.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u32>().ok()).sum();
    Ok(TICK * ticks)
}

/// That of this process: the load generator.
pub fn own() -> anyhow::Result<Duration> {
    of(std::process::id())
}

/// Memory that a process holds, in MiB.
pub fn resident_mib(pid: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).context("a process without memory")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024.0)
}

/// Row iii: 64 clients, each taking one petition after the other through both legs.
pub async fn petitions(plan: &Plan, office: &Arc<Office>, route: &Arc<Route>) -> anyhow::Result<Vec<Row>> {
    office.settled().await?;
    let (own_before, before) = (own()?, office.cpu()?);
    let begun = Instant::now();
    let until = begun + plan.phase;
    let clients = (0..plan.clients).map(|_| {
        let (office, route) = (office.clone(), route.clone());
        tokio::spawn(async move {
            let mut wire = office.wire().await?;
            let mut done = 0_u32;
            while Instant::now() < until {
                route.follow(&mut wire, Instant::now()).await?;
                done += 1;
            }
            anyhow::Ok(done)
        })
    });
    let mut done = 0_u32;
    for client in clients.collect::<Vec<_>>() {
        done += client.await??;
    }
    let took = begun.elapsed();
    let own = own()? - own_before;
    // Receipts, the board and its index come after: they belong to the cost.
    office.settled().await?;
    let after = office.cpu()?;
    let each = |whole: Duration| whole.as_secs_f64() * 1e6 / f64::from(done.max(1));
    let (suite, nats) = (after.suite - before.suite, after.nats - before.nats);
    Ok(vec![
        Row::new("iii", "CPU per petition, end to end, 64 clients", each(suite + nats), "µs")
            .within(Bound::AtMost { must: 600.0, aim: 300.0 })
            .noting(format!(
                "{:.0} µs suite + {:.0} µs nats-server; {:.0} petitions/s until the agency has them; generator {:.0} µs each",
                each(suite),
                each(nats),
                f64::from(done) / took.as_secs_f64(),
                each(own),
            )),
    ])
}
