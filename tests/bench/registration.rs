//! Row i: registrations acknowledged a second, over HTTP, with the whole suite at work behind them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::ensure;
use tokio::time::Instant;

use crate::{cpu, office::Office, report::percentile, wire::post};

/// Before anything counts: connections are opened, statements prepared.
const WARM_UP: Duration = Duration::from_secs(1);

/// What clients got done.
#[derive(Clone, Debug)]
pub struct Rate {
    /// Acknowledged a second.
    pub per_second: f64,
    /// Half of them took no longer, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 took no longer, in milliseconds.
    pub p99_ms: f64,
    /// CPU of the load generator, as a share of one core.
    pub generator: f64,
    /// CPU of suite and nats-server meanwhile, as cores.
    pub suite: f64,
}

/// Who registers what.
pub struct Counter {
    token: String,
    bodies: Vec<Vec<u8>>,
    next: AtomicU64,
}

impl Counter {
    /// A clerk at the counter with the sample's petitions that come without files.
    pub async fn open(office: &Office) -> anyhow::Result<Arc<Self>> {
        let plain = office.sample().petitions.iter().filter(|p| p.files().is_empty() && !p.is_accusation());
        let bodies =
            plain.map(|p| serde_json::to_vec(&p.command(Vec::new()))).collect::<Result<Vec<_>, _>>()?;
        ensure!(!bodies.is_empty(), "a sample without petitions");
        let token = office.sign_in("registrar").await?;
        Ok(Arc::new(Self { token, bodies, next: AtomicU64::new(0) }))
    }

    fn request(&self) -> Vec<u8> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let at = usize::try_from(n).unwrap_or(0) % self.bodies.len();
        let body = self.bodies.get(at).map_or(&[][..], Vec::as_slice);
        post("/api/v1/submissions", Some(&self.token), Some(&format!("bench-{n}")), body)
    }
}

/// Clients that each register one petition after the other.
pub async fn measure(
    office: &Arc<Office>,
    counter: &Arc<Counter>,
    clients: usize,
    phase: Duration,
) -> anyhow::Result<Rate> {
    let from = Instant::now() + WARM_UP;
    let until = from + phase;
    let work = (0..clients).map(|_| {
        let (office, counter) = (office.clone(), counter.clone());
        tokio::spawn(async move {
            let mut wire = office.wire().await?;
            let mut times = Vec::new();
            loop {
                let sent = Instant::now();
                if sent >= until {
                    return anyhow::Ok(times);
                }
                let answer = wire.send(&counter.request()).await?;
                ensure!(answer.status == 201, "registering: {}", answer.text());
                let known = Instant::now();
                if known >= from && known < until {
                    times.push((known - sent).as_secs_f64() * 1e3);
                }
            }
        })
    });
    let work: Vec<_> = work.collect();
    tokio::time::sleep_until(from).await;
    let (own, used) = (cpu::own()?, office.cpu()?);
    tokio::time::sleep_until(until).await;
    let (own_after, used_after) = (cpu::own()?, office.cpu()?);
    let mut times = Vec::new();
    for client in work {
        times.append(&mut client.await??);
    }
    times.sort_by(f64::total_cmp);
    let seconds = phase.as_secs_f64();
    let suite = used_after.suite + used_after.nats - used.suite - used.nats;
    Ok(Rate {
        per_second: times.len() as f64 / seconds,
        p50_ms: percentile(&times, 0.5),
        p99_ms: percentile(&times, 0.99),
        generator: (own_after - own).as_secs_f64() / seconds,
        suite: suite.as_secs_f64() / seconds,
    })
}

impl Rate {
    /// In words.
    pub fn note(&self) -> String {
        format!(
            "p50 {:.1} ms, p99 {:.1} ms; cores used: generator {:.2}, suite and nats-server {:.2}",
            self.p50_ms, self.p99_ms, self.generator, self.suite
        )
    }
}
