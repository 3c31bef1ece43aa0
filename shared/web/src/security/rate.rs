//! How often a client may come: a token bucket per key (GCRA), on the technical clock, in bounded
//! memory.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Clock, Refusal};

use crate::{
    errors::TOO_MANY_REQUESTS,
    problem::{RETRY_AFTER_PARAM, Refused},
    security::ClientIps,
};

/// The most keys that one limiter remembers: about 2 MB.
pub const KEYS_MAX: usize = 50_000;
/// How many remembered keys are looked at to find one to forget.
const EVICTION_SAMPLE: usize = 32;

/// `burst` at once and as many again in each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many may come at once; at least one.
    pub burst: u32,
    /// In how many milliseconds the burst is refilled.
    pub period_ms: i64,
}

/// The key's budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too often; free again in {retry_after_ms} ms")]
pub struct TooOften {
    /// When the next request fits, in milliseconds from now.
    pub retry_after_ms: i64,
}

impl From<TooOften> for Refusal {
    fn from(too_often: TooOften) -> Self {
        let seconds = too_often.retry_after_ms.max(0).unsigned_abs().div_ceil(1_000).max(1);
        TOO_MANY_REQUESTS.refuse().with(RETRY_AFTER_PARAM, seconds)
    }
}

/// Counts by key: an address, an account, a registration number. Keys are kept as keyed hashes, so
/// that no number that somebody typed stays in memory.
pub struct RateLimiter {
    rate: Rate,
    keys_max: usize,
    clock: Arc<dyn Clock>,
    hasher: RandomState,
    /// For each key the instant (ms) at which its bucket is full again.
    full_at: Mutex<HashMap<u64, i64>>,
}

impl RateLimiter {
    /// A limiter that remembers at most [`KEYS_MAX`] keys.
    #[must_use]
    pub fn new(rate: Rate, technical: Arc<dyn Clock>) -> Self {
        Self::with_keys_max(rate, technical, KEYS_MAX)
    }

    fn with_keys_max(rate: Rate, clock: Arc<dyn Clock>, keys_max: usize) -> Self {
        Self { rate, keys_max, clock, hasher: RandomState::new(), full_at: Mutex::new(HashMap::new()) }
    }

    /// Takes one request of a key.
    ///
    /// # Errors
    /// When its budget is used up; nothing is taken then.
    pub fn take(&self, key: &str) -> Result<(), TooOften> {
        let Rate { burst, period_ms } = self.rate;
        let step_ms = (period_ms / i64::from(burst.max(1))).max(1);
        let now = self.clock.now().0;
        let key = self.hasher.hash_one(key);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not lock anybody out for longer than a period.
        let full = full_at.get(&key).copied().unwrap_or(now).clamp(now, now.saturating_add(period_ms));
        let wait_ms = full + step_ms - now - period_ms.max(step_ms);
        if wait_ms > 0 {
            return Err(TooOften { retry_after_ms: wait_ms });
        }
        if full_at.len() >= self.keys_max && !full_at.contains_key(&key) {
            make_room(&mut full_at, now, self.keys_max);
        }
        full_at.insert(key, full + step_ms);
        Ok(())
    }
}

/// Forgets every key whose bucket is full, which loses nothing; if none is, the one of a sample that
/// is nearest to it.
fn make_room(full_at: &mut HashMap<u64, i64>, now: i64, keys_max: usize) {
    full_at.retain(|_, full| *full > now);
    if full_at.len() >= keys_max {
        let nearest =
            full_at.iter().take(EVICTION_SAMPLE).min_by_key(|(_, full)| **full).map(|(key, _)| *key);
        if let Some(key) = nearest {
            full_at.remove(&key);
        }
    }
}

/// A limit by client address.
#[derive(Clone)]
pub struct IpLimit {
    /// The counts.
    pub limiter: Arc<RateLimiter>,
    /// How an address is read.
    pub clients: ClientIps,
}

/// Middleware: refuses a client address that comes too often. A request whose peer is unknown counts
/// under one key with its like.
pub async fn limit_by_ip(State(limit): State<IpLimit>, request: Request, next: Next) -> Response {
    let client = limit.clients.of(request.extensions(), request.headers());
    let key = client.map_or_else(|| "unknown".to_owned(), |ip| ip.to_string());
    match limit.limiter.take(&key) {
        Ok(()) => next.run(request).await,
        Err(too_often) => Refused::from(Refusal::from(too_often)).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, http::StatusCode, middleware::from_fn_with_state, routing::get};
    use kernel::{ManualClock, UnixMillis};
    use tower::ServiceExt;

    use super::*;

    const RATE: Rate = Rate { burst: 3, period_ms: 3_000 };

    fn limiter(keys_max: usize) -> (Arc<ManualClock>, RateLimiter) {
        let clock = Arc::new(ManualClock::at(UnixMillis(1_785_686_400_000)));
        (clock.clone(), RateLimiter::with_keys_max(RATE, clock, keys_max))
    }

    #[test]
    fn a_burst_passes_and_the_budget_comes_back_with_time() {
        let (clock, limiter) = limiter(10);
        assert!((0..3).all(|_| limiter.take("a").is_ok()));
        assert_eq!(limiter.take("a"), Err(TooOften { retry_after_ms: 1_000 }));
        assert!(limiter.take("b").is_ok(), "each key has its own budget");
        clock.advance_ms(999);
        assert_eq!(limiter.take("a"), Err(TooOften { retry_after_ms: 1 }));
        clock.advance_ms(1);
        assert!(limiter.take("a").is_ok());
        assert!(limiter.take("a").is_err());
        clock.advance_ms(60_000);
        assert!((0..3).all(|_| limiter.take("a").is_ok()), "never more than the burst");
        assert!(limiter.take("a").is_err());
    }

    #[test]
    fn memory_is_bounded_and_the_busiest_are_remembered() {
        let (clock, limiter) = limiter(8);
        for _ in 0..3 {
            limiter.take("busy").expect("budget");
        }
        clock.advance_ms(1);
        for n in 0..1_000 {
            limiter.take(&format!("passer-by {n}")).expect("first");
        }
        assert_eq!(limiter.full_at.lock().expect("map").len(), 8);
        assert!(limiter.take("busy").is_err(), "a flood of other keys does not free the one that is limited");
        clock.advance_ms(3_000);
        limiter.take("new").expect("first");
        assert_eq!(limiter.full_at.lock().expect("map").len(), 1, "full buckets are forgotten");
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let (clock, limiter) = limiter(8);
        limiter.take("a").expect("first");
        clock.advance_ms(-86_400_000);
        let TooOften { retry_after_ms } = limiter.take("a").expect_err("clamped to a full bucket's wait");
        assert!(retry_after_ms <= 3_000, "{retry_after_ms}");
    }

    #[tokio::test]
    async fn a_client_that_comes_too_often_is_told_when_to_return() {
        let (_, limiter) = limiter(8);
        let limit = IpLimit { limiter: Arc::new(limiter), clients: ClientIps::default() };
        let app =
            Router::new().route("/", get(|| async { "ok" })).layer(from_fn_with_state(limit, limit_by_ip));
        let ask = || Request::get("/").body(Body::empty()).expect("request");
        for _ in 0..3 {
            assert_eq!(app.clone().oneshot(ask()).await.expect("answer").status(), StatusCode::OK);
        }
        let refused = app.oneshot(ask()).await.expect("answer");
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers()["retry-after"], "1");
    }
}
