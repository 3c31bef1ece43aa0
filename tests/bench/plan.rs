//! How long each part takes.

use std::time::Duration;

use anyhow::{Context, ensure};

/// Seconds of a measured phase, unless `LIANXI_BENCH_SECONDS` says otherwise. With it the whole takes about
/// two minutes.
const SECONDS: u64 = 10;
/// Most that is allowed: the whole stays below four minutes.
const SECONDS_MAX: u64 = 20;

/// What is measured for how long.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// A phase under load.
    pub phase: Duration,
    /// A limit, or a phase of one client.
    pub short: Duration,
    /// Clients of the throughput rows.
    pub clients: usize,
    /// Petitions a second of row ii.
    pub arrivals: u32,
}

impl Plan {
    /// The plan that the environment asks for.
    pub fn read() -> anyhow::Result<Self> {
        let seconds = match std::env::var("LIANXI_BENCH_SECONDS") {
            Ok(text) => text.parse().context("LIANXI_BENCH_SECONDS is a whole number of seconds")?,
            Err(_) => SECONDS,
        };
        ensure!((1..=SECONDS_MAX).contains(&seconds), "LIANXI_BENCH_SECONDS is between 1 and {SECONDS_MAX}");
        let phase = Duration::from_secs(seconds);
        Ok(Self { phase, short: phase / 2, clients: 64, arrivals: 100 })
    }
}
