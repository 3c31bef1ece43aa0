//! Row ii: the two legs of a petition, at a fixed rate of arrivals.
//!
//! The first leg is from the moment a registration is due to be sent until the proposal is on the screening
//! queue and its sender knows the number; the second from the confirmation by command until the row is in the
//! agency's own database. Nothing waits for the petition before (an open loop), so a stall is counted in full.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use contracts::{
    codes::{AssignmentMode, Level},
    intake::commands::Registration,
};
use kernel::AgencyCode;
use serde_json::json;
use suite::{demo::sample::Petition, profile::Locality};
use tokio::time::Instant;

use crate::{
    office::Office,
    plan::Plan,
    report::{Bound, Row, percentile},
    watch::{Question, Watch},
    wire::{Wire, post},
};

/// What the board shows once the rules have proposed.
const PROPOSED: Question = Question::OfThese(
    "SELECT matter_id FROM board_event WHERE matter_id IN (SELECT value FROM json_each(?1))
     AND context = 'routing' AND type = 'matter_proposed'",
);
/// What an agency holds.
const DELIVERED: Question =
    Question::Since("SELECT rowid, matter_id FROM task WHERE rowid > ?1 ORDER BY rowid");
/// The matter's version once it has been proposed for.
const PROPOSED_VERSION: i64 = 1;

/// A petition as its commands, made before.
struct Case {
    register: Vec<u8>,
    screen: Vec<u8>,
}

/// The way of a petition from the counter to the agency, watched from outside.
pub struct Route {
    registrar: String,
    screener: String,
    cases: Vec<Case>,
    next: AtomicUsize,
    proposed: Watch,
    delivered: Watch,
}

/// How long a petition took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    first: Duration,
    second: Duration,
}

impl Route {
    /// The sample's plain petitions for the agency that gets most of them.
    pub async fn open(office: &Office, locality: &Locality) -> anyhow::Result<Self> {
        let agency = busiest(&office.sample().petitions).context("a sample without petitions")?;
        let level = locality
            .agencies
            .iter()
            .find(|a| a.code == agency)
            .map(|a| a.level)
            .context("an unknown agency")?;
        let plain = office.sample().petitions.iter().filter(|p| is_plain(p) && p.expected.agency == agency);
        let cases = plain.map(|p| case(p, level)).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Self {
            registrar: office.sign_in("registrar").await?,
            screener: office.sign_in("screener").await?,
            cases,
            next: AtomicUsize::new(0),
            proposed: Watch::begin(&office.database("console"), PROPOSED)?,
            delivered: Watch::begin(&office.database(&suite::place::agency_database(&agency)), DELIVERED)?,
        })
    }

    /// Takes one petition through both legs.
    pub async fn follow(&self, wire: &mut Wire, due: Instant) -> anyhow::Result<Took> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let case = self.cases.get(n % self.cases.len()).context("no case")?;
        let key = format!("bench-legs-{n}");
        let request = post("/api/v1/submissions", Some(&self.registrar), Some(&key), &case.register);
        let answer = wire.send(&request).await?;
        ensure!(answer.status == 201, "registering: {}", answer.text());
        let known = Instant::now();
        let Registration::Registered(receipt) = answer.json()? else {
            bail!("asked to confirm a confirmed one")
        };
        let id = receipt.submission_id.to_string();
        let proposed = self.proposed.until(&id).await?.max(known);
        let confirmed = Instant::now();
        let request = post(&format!("/api/v1/matters/{id}/screen"), Some(&self.screener), None, &case.screen);
        let answer = wire.send(&request).await?;
        ensure!(answer.status == 200, "confirming: {}", answer.text());
        let delivered = self.delivered.until(&id).await?;
        Ok(Took { first: proposed - due, second: delivered.saturating_duration_since(confirmed) })
    }
}

fn is_plain(petition: &Petition) -> bool {
    !petition.is_accusation() && petition.files().is_empty() && petition.expected.repeat_of.is_none()
}

fn busiest(petitions: &[Petition]) -> Option<AgencyCode> {
    let mut count: BTreeMap<&AgencyCode, usize> = BTreeMap::new();
    for petition in petitions.iter().filter(|p| is_plain(p)) {
        *count.entry(&petition.expected.agency).or_default() += 1;
    }
    count.into_iter().max_by_key(|(_, n)| *n).map(|(agency, _)| agency.clone())
}

fn case(petition: &Petition, level: Level) -> anyhow::Result<Case> {
    let expected = &petition.expected;
    let screen = json!({
        "expected_version": PROPOSED_VERSION,
        "purpose": expected.purpose,
        "category": expected.category,
        "route": expected.claim_route(),
        "level": level,
        "hand_over": { "agency": expected.agency, "mode": AssignmentMode::Forward },
    });
    Ok(Case {
        register: serde_json::to_vec(&petition.command(Vec::new()))?,
        screen: screen.to_string().into_bytes(),
    })
}

/// Connections that wait for their next petition.
#[derive(Default)]
struct Idle(Mutex<Vec<Wire>>);

impl Idle {
    fn take(&self) -> Option<Wire> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put(&self, wire: Wire) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(wire);
    }
}

/// Row ii.
pub async fn legs(plan: &Plan, office: &Arc<Office>, route: &Arc<Route>) -> anyhow::Result<Vec<Row>> {
    office.settled().await?;
    let gap = Duration::from_secs(1) / plan.arrivals;
    let count = plan.phase.as_secs() * u64::from(plan.arrivals);
    let idle = Arc::new(Idle::default());
    let begun = Instant::now();
    let mut under_way = Vec::new();
    for n in 0..u32::try_from(count)? {
        let due = begun + gap * n;
        tokio::time::sleep_until(due).await;
        let (office, route, idle) = (office.clone(), route.clone(), idle.clone());
        under_way.push(tokio::spawn(async move {
            let mut wire = match idle.take() {
                Some(wire) => wire,
                None => office.wire().await?,
            };
            let took = route.follow(&mut wire, due).await?;
            idle.put(wire);
            anyhow::Ok(took)
        }));
    }
    let mut took = Vec::with_capacity(under_way.len());
    for one in under_way {
        took.push(one.await??);
    }
    let first = took.iter().map(|t| t.first);
    let second = took.iter().map(|t| t.second);
    Ok(vec![
        p50(first.clone(), "POST → on the screening queue, p50"),
        p99(first, "POST → on the screening queue, p99"),
        p50(second.clone(), "confirm → in the agency's database, p50"),
        p99(second, "confirm → in the agency's database, p99"),
    ])
}

fn sorted(times: impl Iterator<Item = Duration>) -> Vec<f64> {
    let mut all: Vec<f64> = times.map(|t| t.as_secs_f64() * 1e3).collect();
    all.sort_by(f64::total_cmp);
    all
}

fn p50(times: impl Iterator<Item = Duration>, what: &'static str) -> Row {
    let all = sorted(times);
    Row::new("ii", what, percentile(&all, 0.5), "ms").within(Bound::AtMost { must: 6.0, aim: 3.0 })
}

fn p99(times: impl Iterator<Item = Duration>, what: &'static str) -> Row {
    let all = sorted(times);
    let worst = all.last().copied().unwrap_or_default();
    Row::new("ii", what, percentile(&all, 0.99), "ms")
        .within(Bound::AtMost { must: 25.0, aim: 8.0 })
        .noting(format!("{} petitions, the slowest {worst:.1} ms", all.len()))
}
