//! Two clocks, both injected. The business clock dates the law; the technical clock times the machine.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::NaiveDate;
use rustix::time::{ClockId, clock_gettime};

use crate::{UnixMillis, civil_date};

/// A source of instants.
pub trait Clock: Send + Sync + 'static {
    /// The instant it is.
    fn now(&self) -> UnixMillis;
}

/// The machine's clock: the one place that reads it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one door to the machine's clock")]
    fn now(&self) -> UnixMillis {
        UnixMillis(chrono::Utc::now().timestamp_millis())
    }
}

/// CPU time that the calling thread has used: for budgets and measurements, in which what else runs does not count.
#[must_use]
pub fn thread_cpu() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// A clock that stands still until it is moved: tests and the simulation.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at an instant.
    #[must_use]
    pub fn at(now: UnixMillis) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves the clock forward (back when negative).
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, now: UnixMillis) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::SeqCst))
    }
}

/// The clock that legal dates are read from: the technical clock plus one offset, which only the
/// demo and tests move.
#[derive(Clone)]
pub struct BusinessClock {
    base: Arc<dyn Clock>,
    offset_ms: Arc<AtomicI64>,
}

impl BusinessClock {
    /// The business clock of a real office: no offset.
    #[must_use]
    pub fn new(base: Arc<dyn Clock>) -> Self {
        Self { base, offset_ms: Arc::new(AtomicI64::new(0)) }
    }

    /// Sets the offset from the technical clock, in milliseconds.
    pub fn set_offset_ms(&self, ms: i64) {
        self.offset_ms.store(ms, Ordering::SeqCst);
    }

    /// The offset from the technical clock, in milliseconds.
    #[must_use]
    pub fn offset_ms(&self) -> i64 {
        self.offset_ms.load(Ordering::SeqCst)
    }

    /// The civil date it is in Asia/Shanghai.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        civil_date(self.now())
    }
}

impl Clock for BusinessClock {
    fn now(&self) -> UnixMillis {
        self.base.now().plus_ms(self.offset_ms())
    }
}

/// Both clocks, as every service gets them.
#[derive(Clone)]
pub struct Clocks {
    /// Dates of the law.
    pub business: BusinessClock,
    /// Sessions, tokens, leases, back-off.
    pub technical: Arc<dyn Clock>,
}

impl Clocks {
    /// Both clocks over the machine's.
    #[must_use]
    pub fn system() -> Self {
        Self::over(Arc::new(SystemClock))
    }

    /// Both clocks over one source.
    #[must_use]
    pub fn over(technical: Arc<dyn Clock>) -> Self {
        Self { business: BusinessClock::new(technical.clone()), technical }
    }
}
