//! How long a search may take, how it tells of its progress, and how it is stopped.
//!
//! By iterations a search is reproducible: the same seed gives the same plan on any machine. By CPU time it
//! is anytime: it plans its cooling for the time it has and returns the best plan so far.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

pub use kernel::thread_cpu;

/// The most a search may use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// Moves tried; reproducible.
    Iterations(u64),
    /// CPU time of the searching thread.
    Cpu(Duration),
}

/// Asks a running search to end soon with the best it has. Clones share one flag.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks it to end.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to end.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A budget being used up by the thread that made it.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    budget: Budget,
    begun: Duration,
}

impl Meter {
    /// Starts to measure.
    #[must_use]
    pub fn start(budget: Budget) -> Self {
        Self { budget, begun: thread_cpu() }
    }

    /// CPU time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        thread_cpu().saturating_sub(self.begun)
    }

    /// How much of the budget is used, 0 to 1 and beyond; `done` is the number of iterations so far.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a share; its last digits do not count")]
    pub fn used(&self, done: u64) -> f64 {
        match self.budget {
            Budget::Iterations(most) => done as f64 / most.max(1) as f64,
            Budget::Cpu(most) => self.elapsed().as_secs_f64() / most.as_secs_f64().max(1e-9),
        }
    }
}
