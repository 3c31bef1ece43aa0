//! Requests that carry a key of their caller, done once: the claim, the effect and the answer are one transaction,
//! so that whoever asks again gets the first answer, whichever process ended in between.
//!
//! An answer is kept for three days and while fewer than fifty thousand newer ones came. It holds ids, versions and
//! states: what opens something sealed is no request of this kind.

use serde::{Serialize, de::DeserializeOwned};
use trust::chain::ChainHasher;

use crate::{Db, Sql, StoreError, Tx};

/// How long an answer is kept, in milliseconds.
pub const KEPT_MS: i64 = 3 * 86_400_000;
/// Answers kept at most.
pub const KEPT_MAX: i64 = 50_000;
/// Old answers are forgotten at every so many requests.
const FORGET_EVERY: u64 = 64;

static CLAIM: Sql = Sql::same(
    "INSERT INTO answered (request, fingerprint, reply, at) VALUES ($1, $2, '', $3)
     ON CONFLICT (request) DO NOTHING",
);
static FOUND: Sql = Sql::same("SELECT fingerprint, reply FROM answered WHERE request = $1");
static ANSWER: Sql = Sql::same("UPDATE answered SET reply = $2 WHERE request = $1");
static GIVE_UP: Sql = Sql::same("DELETE FROM answered WHERE request = $1");
static FORGET_OLD: Sql = Sql::same("DELETE FROM answered WHERE at < $1");
static FORGET_MANY: Sql =
    Sql::same("DELETE FROM answered WHERE seq <= (SELECT max(seq) FROM answered) - CAST($1 AS BIGINT)");

pub(crate) const ALL: &[&Sql] = &[&CLAIM, &FOUND, &ANSWER, &GIVE_UP, &FORGET_OLD, &FORGET_MANY];

/// A request under its caller's key. What is stored of it are hashes: the key is the caller's alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    id: String,
    fingerprint: String,
}

impl Request {
    /// The request of a caller: two callers may choose the same key; each has its own.
    #[must_use]
    pub fn of(caller: &str, key: &str, command: &str, body: &[u8]) -> Self {
        let id = ChainHasher::v1().field("request").field(caller).field(key).finish().to_hex();
        // The key is part of it: whoever reads the store cannot try out bodies.
        let said = ChainHasher::v1().field("body").field(caller).field(key).field(command).field(body);
        Self { id, fingerprint: said.finish().to_hex() }
    }
}

/// What is known of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim<R> {
    /// Nothing: it is this transaction's to carry out.
    New,
    /// It was carried out, and this was the answer.
    Answered(R),
    /// The caller used the key for something else.
    Other,
}

impl Tx<'_> {
    /// Claims a request before anything else is done. On PostgreSQL a second one waits here for the first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn claim<R: DeserializeOwned>(&mut self, request: &Request) -> Result<Claim<R>, StoreError> {
        let now = self.technical_now();
        let claimed = self.query(&CLAIM).bind(&request.id).bind(&request.fingerprint).bind(now).run().await?;
        if claimed == 1 {
            return Ok(Claim::New);
        }
        let found: Option<(String, String)> = self.query(&FOUND).bind(&request.id).optional().await?;
        let Some((fingerprint, reply)) = found else { return Err(StoreError::Stale) };
        if fingerprint != request.fingerprint {
            return Ok(Claim::Other);
        }
        serde_json::from_str(&reply).map(Claim::Answered).map_err(|e| StoreError::other(e.to_string()))
    }

    /// Keeps the answer of a request that was claimed.
    ///
    /// # Errors
    /// What the store says.
    pub async fn keep_answer(&mut self, request: &Request, reply: &impl Serialize) -> Result<(), StoreError> {
        let reply = serde_json::to_string(reply).map_err(|e| StoreError::other(e.to_string()))?;
        self.query(&ANSWER).bind(&request.id).bind(reply).run_one().await
    }

    /// Gives a claim up: nothing was done, and the caller may send the request again.
    ///
    /// # Errors
    /// What the store says.
    pub async fn give_up(&mut self, request: &Request) -> Result<(), StoreError> {
        self.query(&GIVE_UP).bind(&request.id).run_one().await
    }
}

/// Forgets now and then: a request pays for it, in a transaction of its own.
///
/// # Errors
/// What the store says.
pub async fn forget_now_and_then(db: &Db) -> Result<(), StoreError> {
    if db.count_request().is_multiple_of(FORGET_EVERY) { forget(db, KEPT_MAX).await } else { Ok(()) }
}

/// Forgets answers older than [`KEPT_MS`], and the oldest above so many.
///
/// # Errors
/// What the store says.
pub async fn forget(db: &Db, most: i64) -> Result<(), StoreError> {
    let before = db.clocks().technical.now().plus_ms(-KEPT_MS);
    db.write(move |tx| {
        Box::pin(async move {
            tx.query(&FORGET_OLD).bind(before).run().await?;
            tx.query(&FORGET_MANY).bind(most).run().await.map(|_| ())
        })
    })
    .await
}
