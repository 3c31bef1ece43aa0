//! 登记, set-based: many registrations in one transaction, one statement per table.
//!
//! Everything that costs time without the database (checks, seals) was done before; here keys are claimed,
//! numbers given, rows inserted and facts published. The job may run again from the start.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use contracts::intake::{OpenSummary, SubmissionRegisteredV1};
use db::{StoreError, Tx};
use kernel::{AttachmentId, Refusal, RegionCode, SubmissionId, UnixMillis};
use serde::Serialize;
use suggest::repeats::Sketch;
use trust::{QueryCode, QueryCodeKey};

use super::{Attachment, attachments, sketches, sql};
use crate::{
    domain::{fact::Fact, number},
    error, publish,
    sealing::{SealedContent, SealedPerson},
};

/// A registration that was checked and sealed, and waits for its number.
#[derive(Debug)]
pub struct Prepared {
    /// Its id.
    pub id: SubmissionId,
    /// Hash of the idempotency key together with who sent it.
    pub key: String,
    /// Who registers, as `domain::rights::owner` names it; the files must be theirs.
    pub owner: String,
    /// The civil day of registration.
    pub today: NaiveDate,
    /// When, business clock.
    pub at: UnixMillis,
    /// What everyone may know of it; the number is filled in here.
    pub summary: OpenSummary,
    /// 检举控告: of it the id alone is published.
    pub restricted: bool,
    /// The wrapped data key.
    pub data_key: Vec<u8>,
    /// Sealed title, text and claims.
    pub content: SealedContent,
    /// The query code.
    pub code: QueryCode,
    /// The same, sealed.
    pub sealed_code: Vec<u8>,
    /// The petitioners, sealed.
    pub people: Vec<SealedPerson>,
    /// What a later submission is held against; an accusation has none.
    pub sketch: Option<Sketch>,
    /// Files to be bound.
    pub files: Vec<AttachmentId>,
    /// Most bytes of them together.
    pub max_file_bytes: i64,
}

impl Prepared {
    /// Bytes that its rows take, roughly: bounds a batch.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.content.cell.len() + self.people.iter().map(|p| p.cell.len() + 100).sum::<usize>() + 2_000
    }
}

/// What became of one registration.
#[derive(Clone, Debug)]
pub enum Filed {
    /// Recorded under this number, with this version of its fact.
    New {
        /// The public number.
        number: String,
        /// `ce-version`.
        version: i64,
    },
    /// The key was used before; this is its submission.
    Repeat(SubmissionId),
    /// Not recorded.
    Refused(Refusal),
}

/// Files a batch. The outcomes stand in the order of the batch.
///
/// # Errors
/// What the store says; then nothing of the batch is recorded.
pub async fn file(
    tx: &mut Tx<'_>,
    batch: &[&Prepared],
    office: &RegionCode,
    codes: &QueryCodeKey,
) -> Result<Vec<Filed>, StoreError> {
    // Files are held first: whoever waits here for a twin sees the twin's key afterwards.
    let files = hold_files(tx, batch).await?;
    let mut sorted = Sorted::of(batch, &files);
    let claimed = claim(tx, &sorted.candidates).await?;
    sorted.settle_claims(batch, &claimed);
    resolve_repeats(tx, batch, &mut sorted).await?;
    let numbers = give_numbers(tx, &sorted.candidates, office).await?;
    insert(tx, &sorted.candidates, &numbers, codes).await?;
    bind_files(tx, &sorted.candidates).await?;
    for (one, number) in sorted.candidates.iter().zip(&numbers) {
        let version = tx.publish(publish::draft(&fact(one, number), one.at)?).await?.version;
        sorted.outcomes.insert(one.id, Filed::New { number: number.clone(), version });
    }
    sorted.into_outcomes(batch)
}

/// A batch taken apart.
struct Sorted<'b> {
    /// To be recorded.
    candidates: Vec<&'b Prepared>,
    /// To be looked up by key: either recorded before, or refused with this.
    doubtful: Vec<(&'b Prepared, Option<Refusal>)>,
    /// Second registrations under a key of this batch, and the first one.
    twins: HashMap<SubmissionId, SubmissionId>,
    outcomes: HashMap<SubmissionId, Filed>,
}

impl<'b> Sorted<'b> {
    fn of(batch: &[&'b Prepared], files: &HashMap<AttachmentId, Attachment>) -> Self {
        let mut sorted = Self {
            candidates: Vec::with_capacity(batch.len()),
            doubtful: Vec::new(),
            twins: HashMap::new(),
            outcomes: HashMap::with_capacity(batch.len()),
        };
        let mut first: HashMap<&str, SubmissionId> = HashMap::with_capacity(batch.len());
        let mut taken = HashSet::new();
        for one in batch.iter().copied() {
            if let Some(twin) = first.get(one.key.as_str()) {
                sorted.twins.insert(one.id, *twin);
                continue;
            }
            first.insert(&one.key, one.id);
            match check_files(one, files, &taken) {
                Ok(()) => {
                    taken.extend(one.files.iter().copied());
                    sorted.candidates.push(one);
                }
                Err(refusal) => sorted.doubtful.push((one, Some(refusal))),
            }
        }
        sorted
    }

    /// Those whose key was claimed by somebody before are no candidates any more.
    fn settle_claims(&mut self, batch: &[&'b Prepared], claimed: &HashSet<String>) {
        if claimed.len() == self.candidates.len() {
            return;
        }
        self.candidates.retain(|one| claimed.contains(&one.key));
        let known: HashSet<SubmissionId> = self
            .candidates
            .iter()
            .chain(self.doubtful.iter().map(|(one, _)| one))
            .map(|one| one.id)
            .collect();
        let lost =
            batch.iter().copied().filter(|one| !known.contains(&one.id) && !self.twins.contains_key(&one.id));
        let lost: Vec<_> = lost.map(|one| (one, None)).collect();
        self.doubtful.extend(lost);
    }

    fn into_outcomes(self, batch: &[&Prepared]) -> Result<Vec<Filed>, StoreError> {
        let outcome = |one: &Prepared| match self.twins.get(&one.id) {
            // A twin is a repeat of the first, or shares its refusal.
            Some(first) => match self.outcomes.get(first) {
                Some(Filed::New { .. }) => Some(Filed::Repeat(*first)),
                other => other.cloned(),
            },
            None => self.outcomes.get(&one.id).cloned(),
        };
        let outcomes: Option<Vec<Filed>> = batch.iter().copied().map(outcome).collect();
        outcomes.ok_or_else(|| StoreError::other("a registration of the batch has no outcome"))
    }
}

async fn hold_files(
    tx: &mut Tx<'_>,
    batch: &[&Prepared],
) -> Result<HashMap<AttachmentId, Attachment>, StoreError> {
    let ids: Vec<AttachmentId> = batch.iter().flat_map(|one| one.files.iter().copied()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(attachments::hold(tx, &ids).await?.into_iter().map(|file| (file.id, file)).collect())
}

/// Whether all files of a registration are complete, of its sender, and free.
fn check_files(
    one: &Prepared,
    files: &HashMap<AttachmentId, Attachment>,
    taken: &HashSet<AttachmentId>,
) -> Result<(), Refusal> {
    let mut bytes = 0_i64;
    for (at, id) in one.files.iter().enumerate() {
        let field = format!("attachments[{at}]");
        let own = files.get(id).filter(|file| file.uploaded_by == one.owner);
        let Some(file) = own else { return Err(error::NO_SUCH_ATTACHMENT.refuse().at(field)) };
        if !file.complete {
            return Err(error::ATTACHMENT_UNFINISHED.refuse().at(field));
        }
        if file.submission_id.is_some() || taken.contains(id) {
            return Err(error::ATTACHMENT_TAKEN.refuse().at(field));
        }
        bytes = bytes.saturating_add(file.progress.size);
    }
    if bytes > one.max_file_bytes {
        let most = one.max_file_bytes / (1024 * 1024);
        return Err(error::FILES_TOO_LARGE.refuse().at("attachments").with("most", most));
    }
    Ok(())
}

async fn claim(tx: &mut Tx<'_>, candidates: &[&Prepared]) -> Result<HashSet<String>, StoreError> {
    if candidates.is_empty() {
        return Ok(HashSet::new());
    }
    let mut rows: Vec<(&str, String)> =
        candidates.iter().map(|one| (one.key.as_str(), one.id.to_string())).collect();
    // One order for all writers, or two batches deadlock on PostgreSQL.
    rows.sort_unstable();
    let claimed: Vec<(String,)> = tx.query(&sql::CLAIM_KEYS).bind(text(&rows)?).all().await?;
    Ok(claimed.into_iter().map(|(key,)| key).collect())
}

async fn resolve_repeats(
    tx: &mut Tx<'_>,
    batch: &[&Prepared],
    sorted: &mut Sorted<'_>,
) -> Result<(), StoreError> {
    if sorted.doubtful.is_empty() {
        return Ok(());
    }
    tracing::debug!(
        batch = batch.len(),
        doubtful = sorted.doubtful.len(),
        "keys used before, or files amiss"
    );
    let keys: Vec<&str> = sorted.doubtful.iter().map(|(one, _)| one.key.as_str()).collect();
    let known: Vec<(String, String)> = tx.query(&sql::KNOWN_KEYS).bind(text(&keys)?).all().await?;
    let known: HashMap<String, String> = known.into_iter().collect();
    for (one, refusal) in std::mem::take(&mut sorted.doubtful) {
        let outcome = match (known.get(&one.key), refusal) {
            (Some(id), _) => Filed::Repeat(db::parse("idempotency", "submission_id", &one.key, id)?),
            (None, Some(refusal)) => Filed::Refused(refusal),
            (None, None) => return Err(StoreError::other("a claimed key has no submission")),
        };
        sorted.outcomes.insert(one.id, outcome);
    }
    Ok(())
}

/// Public numbers in the order of the candidates, without gaps within each day.
async fn give_numbers(
    tx: &mut Tx<'_>,
    candidates: &[&Prepared],
    office: &RegionCode,
) -> Result<Vec<String>, StoreError> {
    let mut wanted: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for one in candidates {
        *wanted.entry(one.today).or_default() += 1;
    }
    let mut next = BTreeMap::new();
    for (day, count) in wanted {
        next.insert(day, tx.next_number(&number::series(day), count).await?);
    }
    let mut numbers = Vec::with_capacity(candidates.len());
    for one in candidates {
        let n = next.get_mut(&one.today).ok_or_else(|| StoreError::other("a day without numbers"))?;
        numbers.push(number::number(office, one.today, *n));
        *n += 1;
    }
    Ok(numbers)
}

/// Sealed cells one behind the other; bytes cannot travel in JSON.
#[derive(Default)]
struct Pack(Vec<u8>);

impl Pack {
    /// Adds a cell; gives where it begins (from 1, as SQL counts) and how long it is.
    fn add(&mut self, cell: &[u8]) -> (usize, usize) {
        let at = self.0.len() + 1;
        self.0.extend_from_slice(cell);
        (at, cell.len())
    }
}

/// A row of `sql::INSERT_SUBMISSIONS`.
#[derive(Serialize)]
struct Row<'a> {
    id: String,
    number: &'a str,
    channel: &'static str,
    purpose: &'static str,
    kind: &'static str,
    anonymous: i64,
    joint: i64,
    heads: i64,
    region: &'a RegionCode,
    written_on: Option<NaiveDate>,
    received_on: NaiveDate,
    at: i64,
    claims: i64,
    attachments: i64,
    withheld: i64,
    restricted: i64,
    t01: String,
    content_id: String,
    content_hash: &'a str,
    key_at: usize,
    key_len: usize,
    content_at: usize,
    content_len: usize,
    code_at: usize,
    code_len: usize,
    hash_at: usize,
    hash_len: usize,
}

fn row<'a>(
    one: &'a Prepared,
    number: &'a str,
    codes: &QueryCodeKey,
    pack: &mut Pack,
) -> Result<Row<'a>, StoreError> {
    let summary = &one.summary;
    let (key_at, key_len) = pack.add(&one.data_key);
    let (content_at, content_len) = pack.add(&one.content.cell);
    let (code_at, code_len) = pack.add(&one.sealed_code);
    let (hash_at, hash_len) = pack.add(codes.hash(number, &one.code).as_bytes());
    Ok(Row {
        id: one.id.to_string(),
        number,
        channel: summary.channel.code(),
        purpose: summary.purpose.code(),
        kind: summary.petitioner_kind.code(),
        anonymous: i64::from(summary.anonymous),
        joint: i64::from(summary.joint),
        heads: summary.heads,
        region: &summary.place_region,
        written_on: summary.written_on,
        received_on: summary.received_on,
        at: one.at.0,
        claims: summary.claims,
        attachments: summary.attachments,
        withheld: i64::from(summary.identity_withheld),
        restricted: i64::from(one.restricted),
        t01: text(&summary.t01)?,
        content_id: summary.content_id.to_string(),
        content_hash: &one.content.hash,
        key_at,
        key_len,
        content_at,
        content_len,
        code_at,
        code_len,
        hash_at,
        hash_len,
    })
}

async fn insert(
    tx: &mut Tx<'_>,
    candidates: &[&Prepared],
    numbers: &[String],
    codes: &QueryCodeKey,
) -> Result<(), StoreError> {
    if candidates.is_empty() {
        return Ok(());
    }
    let mut pack = Pack::default();
    let rows = candidates.iter().zip(numbers).map(|(one, number)| row(one, number, codes, &mut pack));
    let rows = text(&rows.collect::<Result<Vec<_>, _>>()?)?;
    let people = people(candidates, &mut pack)?;
    let sketches = sketches(tx, candidates, &mut pack).await?;
    let query = tx.query(&sql::INSERT_SUBMISSIONS).bind(rows).bind(pack.0).bind(people);
    query.bind(sketches).run().await?;
    Ok(())
}

/// The rows of the sketches: whose, their number in the order of entries, place, where the bytes lie.
async fn sketches(tx: &mut Tx<'_>, candidates: &[&Prepared], pack: &mut Pack) -> Result<String, StoreError> {
    let open = || candidates.iter().filter_map(|one| Some((*one, one.sketch.as_ref()?)));
    let count = i64::try_from(open().count()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok("[]".to_owned());
    }
    let first = sketches::numbers(tx, count).await?;
    let rows = open().zip(first..).map(|((one, sketch), seq)| {
        let (at, length) = pack.add(&sketch.0);
        (one.id.to_string(), seq, &one.summary.place_region, at, length)
    });
    text(&rows.collect::<Vec<_>>())
}

/// The rows of the petitioners: whose, position, where the cell lies, blind indexes.
fn people(candidates: &[&Prepared], pack: &mut Pack) -> Result<String, StoreError> {
    let mut rows = Vec::new();
    for one in candidates {
        let id = one.id.to_string();
        for (position, person) in one.people.iter().enumerate() {
            let (at, length) = pack.add(&person.cell);
            rows.push((id.clone(), position, at, length, &person.id_index, &person.telephone_index));
        }
    }
    text(&rows)
}

async fn bind_files(tx: &mut Tx<'_>, candidates: &[&Prepared]) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for one in candidates {
        let files = one.files.iter().enumerate();
        rows.extend(files.map(|(position, file)| (file.to_string(), one.id.to_string(), position)));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let bound = tx.query(&sql::BIND_ATTACHMENTS).bind(text(&rows)?).run().await?;
    if usize::try_from(bound) == Ok(rows.len()) { Ok(()) } else { Err(StoreError::Stale) }
}

/// What is published: everything but identity and text; of an accusation the id alone (Art. 30).
fn fact(one: &Prepared, number: &str) -> Fact {
    let open = (!one.restricted).then(|| OpenSummary { number: number.to_owned(), ..one.summary.clone() });
    Fact::Registered(SubmissionRegisteredV1 { submission_id: one.id, open })
}

fn text(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::other(e.to_string()))
}
