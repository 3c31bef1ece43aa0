//! Verifies the outbox: the chain of each subject, the numbered chain of each agency, and the log of the
//! whole service. An edit, a deletion or a reordering by raw SQL shows.
//!
//! What it cannot see alone: somebody who rewrites a chain *and* its head from some point on. Against that
//! stand the heads that others keep: the agencies' receipts, and the signed heads of [`AuditReport`].
//! Rows not sent yet stand in the chains of their subjects; the log holds them once they are sent.

use std::collections::HashMap;

use crate::{
    Db, Sql, StoreError, Tx, chain,
    outbox::row::{Line, columns},
};

/// Rows read at a time.
const PAGE: i64 = 1000;
/// How the findings name the chain of an agency.
const AGENCY: &str = "agency ";
/// Faults described; all are counted.
const MAX_FAULTS: usize = 100;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A row does not give the hash that it carries.
    Altered,
    /// One or more rows before this one are gone, or it stands in the wrong place.
    Gap,
    /// The chain does not end where its head says.
    Head,
    /// A column cannot be read.
    Unreadable,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFault {
    /// Which chain: `lianxi/routing xf_…`, `agency renshe`, `log`.
    pub chain: String,
    /// Version or number in that chain.
    pub at: i64,
    /// What is wrong.
    pub fault: Fault,
}

/// What was verified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Rows in the chains of subjects.
    pub rows: u64,
    /// Subjects.
    pub subjects: u64,
    /// Dispatches in the chains of agencies.
    pub dispatches: u64,
    /// Lines of the service-wide log.
    pub logged: u64,
    /// Where the log ends.
    pub log_head: String,
    /// The first hundred findings.
    pub faults: Vec<AuditFault>,
    /// All findings.
    pub fault_count: u64,
}

impl AuditReport {
    /// Whether nothing was found.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.fault_count == 0
    }

    fn blame(&mut self, chain: impl Into<String>, at: i64, fault: Fault) {
        self.fault_count += 1;
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(AuditFault { chain: chain.into(), at, fault });
        }
    }
}

static BY_SUBJECT: Sql = Sql::same(concat!(
    columns!(),
    "WHERE (order_key, subject_id, version) > ($1, $2, $3) ORDER BY order_key, subject_id, version LIMIT $4"
));
static BY_AGENCY: Sql = Sql::same(concat!(
    columns!(),
    "WHERE agency IS NOT NULL AND (agency, agency_seq) > ($1, $2) ORDER BY agency, agency_seq LIMIT $3"
));
static BY_LOG: Sql = Sql::same(
    "SELECT log_seq, seq, hash, log_hash FROM outbox WHERE log_seq IS NOT NULL AND log_seq > $1
     ORDER BY log_seq LIMIT $2",
);
static LAST_OF_SUBJECT: Sql = Sql::same(
    "SELECT h.order_key, h.subject_id, h.version FROM chain_head h
     LEFT JOIN outbox o ON o.order_key = h.order_key AND o.subject_id = h.subject_id AND o.version = h.version
     WHERE h.version > 0 AND (o.seq IS NULL OR o.hash <> h.hash)
     ORDER BY h.order_key, h.subject_id LIMIT $1",
);
static HEADLESS: Sql = Sql::same(
    "SELECT o.order_key, o.subject_id, o.version FROM outbox o
     LEFT JOIN chain_head h ON h.order_key = o.order_key AND h.subject_id = o.subject_id
     WHERE h.version IS NULL OR o.version > h.version
     ORDER BY o.order_key, o.subject_id, o.version LIMIT $1",
);
static AGENCY_HEADS: Sql = Sql::same("SELECT agency, seq, hash FROM dispatch_head");
static LOG_HEAD: Sql = Sql::same("SELECT seq, hash FROM log_head WHERE one = 1");

pub(crate) const ALL: &[&Sql] =
    &[&BY_SUBJECT, &BY_AGENCY, &BY_LOG, &LAST_OF_SUBJECT, &HEADLESS, &AGENCY_HEADS, &LOG_HEAD];

/// Verifies all chains in one snapshot. Reads every row once or twice; memory stays bounded.
///
/// # Errors
/// What the store says. A broken chain is not an error but a finding.
pub async fn verify(db: &Db) -> Result<AuditReport, StoreError> {
    db.read(|tx| {
        Box::pin(async move {
            let mut report = AuditReport::default();
            verify_subjects(tx, &mut report).await?;
            verify_heads(tx, &mut report).await?;
            verify_agencies(tx, &mut report).await?;
            verify_log(tx, &mut report).await?;
            Ok(report)
        })
    })
    .await
}

/// A chain as it is walked.
struct Walk {
    /// As findings name it.
    name: String,
    number: i64,
    hash: String,
}

impl Walk {
    fn start(name: String) -> Self {
        Self { name, number: 0, hash: chain::GENESIS.to_owned() }
    }

    /// Goes to the next link. `expected` gives the link's hash from the one before.
    fn step(&mut self, number: i64, hash: &str, report: &mut AuditReport, expected: impl Fn(&str) -> String) {
        if number != self.number.saturating_add(1) {
            // What it was tied to is gone, so its own hash cannot be judged.
            report.blame(&self.name, number, Fault::Gap);
        } else if expected(&self.hash) != hash {
            report.blame(&self.name, number, Fault::Altered);
        }
        self.number = number;
        hash.clone_into(&mut self.hash);
    }
}

async fn verify_subjects(tx: &mut Tx<'_>, report: &mut AuditReport) -> Result<(), StoreError> {
    let (mut order_key, mut subject_id, mut version) = (String::new(), String::new(), 0);
    let mut walk = None::<Walk>;
    loop {
        let query = tx.query(&BY_SUBJECT).bind(&order_key).bind(&subject_id).bind(version).bind(PAGE);
        let lines: Vec<Line> = query.all().await?;
        let Some(last) = lines.last() else { return Ok(()) };
        (order_key, subject_id, version) = last.key();
        for line in lines {
            let name = format!("{} {}", line.order_key, line.subject_id);
            report.rows += 1;
            if walk.as_ref().is_none_or(|walk| walk.name != name) {
                report.subjects += 1;
                walk = Some(Walk::start(name));
            }
            let Some(walk) = walk.as_mut() else { continue };
            let (_, _, at) = line.key();
            match line.into_row() {
                Ok(row) => {
                    let expected = |prev: &str| chain::row_hash(prev, row.kind, &row.message);
                    walk.step(at, &row.hash, report, expected);
                }
                Err(_) => {
                    report.blame(&walk.name, at, Fault::Unreadable);
                    walk.number = at;
                }
            }
        }
    }
}

/// The last row of each subject is the one its head names: a deletion at the end shows.
async fn verify_heads(tx: &mut Tx<'_>, report: &mut AuditReport) -> Result<(), StoreError> {
    for sql in [&LAST_OF_SUBJECT, &HEADLESS] {
        let found: Vec<(String, String, i64)> = tx.query(sql).bind(PAGE).all().await?;
        for (order_key, subject_id, version) in found {
            report.blame(format!("{order_key} {subject_id}"), version, Fault::Head);
        }
    }
    Ok(())
}

async fn verify_agencies(tx: &mut Tx<'_>, report: &mut AuditReport) -> Result<(), StoreError> {
    let heads: Vec<(String, i64, String)> = tx.query(&AGENCY_HEADS).all().await?;
    let mut heads: HashMap<String, (i64, String)> =
        heads.into_iter().filter(|(_, seq, _)| *seq > 0).map(|(a, seq, hash)| (a, (seq, hash))).collect();
    let (mut agency, mut number) = (String::new(), 0);
    let mut walk = None::<Walk>;
    loop {
        let lines: Vec<Line> = tx.query(&BY_AGENCY).bind(&agency).bind(number).bind(PAGE).all().await?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            (agency, number) = line.agency_key();
            report.dispatches += 1;
            let name = format!("{AGENCY}{agency}");
            if walk.as_ref().is_none_or(|walk| walk.name != name) {
                end_agency(walk.take(), &mut heads, report);
                walk = Some(Walk::start(name));
            }
            let Some(walk) = walk.as_mut() else { continue };
            let message = line.into_row().map(|row| row.message);
            let Some((message, seal)) = message.as_ref().ok().and_then(|m| Some((m, m.dispatch.as_ref()?)))
            else {
                report.blame(&walk.name, number, Fault::Unreadable);
                walk.number = number;
                continue;
            };
            walk.step(number, &seal.hash, report, |prev| {
                // What travelled must name its predecessor too.
                if seal.prev_hash == prev { chain::dispatch_hash(message, seal) } else { String::new() }
            });
        }
    }
    end_agency(walk, &mut heads, report);
    for (agency, (seq, _)) in heads {
        report.blame(format!("{AGENCY}{agency}"), seq, Fault::Head);
    }
    Ok(())
}

fn end_agency(walk: Option<Walk>, heads: &mut HashMap<String, (i64, String)>, report: &mut AuditReport) {
    let Some(walk) = walk else { return };
    let agency = walk.name.strip_prefix(AGENCY).unwrap_or_default();
    if heads.remove(agency) != Some((walk.number, walk.hash)) {
        report.blame(walk.name, walk.number, Fault::Head);
    }
}

async fn verify_log(tx: &mut Tx<'_>, report: &mut AuditReport) -> Result<(), StoreError> {
    let mut walk = Walk::start("log".to_owned());
    loop {
        let lines: Vec<(i64, i64, String, Option<String>)> =
            tx.query(&BY_LOG).bind(walk.number).bind(PAGE).all().await?;
        if lines.is_empty() {
            break;
        }
        for (log_seq, seq, hash, log_hash) in lines {
            report.logged += 1;
            let log_hash = log_hash.unwrap_or_default();
            walk.step(log_seq, &log_hash, report, |prev| chain::log_hash(prev, log_seq, seq, &hash));
        }
    }
    let (seq, hash): (i64, String) = tx.query(&LOG_HEAD).one().await?;
    if (seq, &hash) != (walk.number, &walk.hash) {
        report.blame("log", seq, Fault::Head);
    }
    report.log_head = hash;
    Ok(())
}
