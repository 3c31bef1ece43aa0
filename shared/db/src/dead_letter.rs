//! Messages that could not be applied: kept with the reason, seen by people, requeued by name.

use std::collections::HashMap;

use kernel::UserId;

use crate::{Db, Sql, StoreError, Tx};

/// Most letters that one call gives.
pub const MAX_PAGE: i64 = 256;
/// Longest reason kept, in characters.
const MAX_REASON: usize = 500;

/// What is to be buried.
#[derive(Debug, Clone)]
pub struct Burial {
    /// Whose inbox it was meant for.
    pub consumer: String,
    /// `ce-id`, or `<stream>/<sequence>` where it cannot be read.
    pub message_id: String,
    /// The NATS subject it came by.
    pub subject: String,
    /// Its headers.
    pub headers: HashMap<String, String>,
    /// Its exact bytes.
    pub body: Vec<u8>,
    /// Why it could not be applied; no personal data.
    pub reason: String,
}

/// A dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Number in this database.
    pub number: i64,
    /// Whose inbox it was meant for.
    pub consumer: String,
    /// `ce-id`, or `<stream>/<sequence>`.
    pub message_id: String,
    /// The NATS subject it came by.
    pub subject: String,
    /// Its headers.
    pub headers: HashMap<String, String>,
    /// Its exact bytes.
    pub body: Vec<u8>,
    /// Why it could not be applied.
    pub reason: String,
    /// When it was buried, technical clock, milliseconds.
    pub at: i64,
    /// When somebody asked for another try.
    pub requeued_at: Option<i64>,
    /// Who.
    pub requeued_by: Option<String>,
    /// When the other try went well.
    pub resolved_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Line {
    number: i64,
    consumer: String,
    message_id: String,
    subject: String,
    headers: String,
    body: Vec<u8>,
    reason: String,
    at: i64,
    requeued_at: Option<i64>,
    requeued_by: Option<String>,
    resolved_at: Option<i64>,
}

macro_rules! columns {
    () => {
        "SELECT number, consumer, message_id, subject, headers, body, reason, at, requeued_at, requeued_by, \
         resolved_at FROM dead_letter "
    };
}

static BURY: Sql = Sql::same(
    "INSERT INTO dead_letter (consumer, message_id, subject, headers, body, reason, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (consumer, message_id) WHERE resolved_at IS NULL
     DO UPDATE SET reason = excluded.reason, at = excluded.at, requeued_at = NULL
     RETURNING number",
);
static OPEN: Sql =
    Sql::same(concat!(columns!(), "WHERE resolved_at IS NULL AND number > $1 ORDER BY number LIMIT $2"));
static COUNT: Sql = Sql::same("SELECT count(*) FROM dead_letter WHERE resolved_at IS NULL");
static REQUEUE: Sql = Sql::same(
    "UPDATE dead_letter SET requeued_at = $2, requeued_by = $3
     WHERE number = $1 AND resolved_at IS NULL AND requeued_at IS NULL",
);
static REQUEUED: Sql = Sql::same(concat!(
    columns!(),
    "WHERE resolved_at IS NULL AND requeued_at IS NOT NULL AND consumer = $1 ORDER BY number LIMIT $2"
));
static RESOLVE: Sql =
    Sql::same("UPDATE dead_letter SET resolved_at = $2 WHERE number = $1 AND resolved_at IS NULL");

pub(crate) const ALL: &[&Sql] = &[&BURY, &OPEN, &COUNT, &REQUEUE, &REQUEUED, &RESOLVE];

impl Line {
    fn into_letter(self) -> Result<DeadLetter, StoreError> {
        let headers = serde_json::from_str(&self.headers)
            .map_err(|_| StoreError::corrupt("dead_letter", "headers", self.number))?;
        Ok(DeadLetter {
            number: self.number,
            consumer: self.consumer,
            message_id: self.message_id,
            subject: self.subject,
            headers,
            body: self.body,
            reason: self.reason,
            at: self.at,
            requeued_at: self.requeued_at,
            requeued_by: self.requeued_by,
            resolved_at: self.resolved_at,
        })
    }
}

/// Buries a message, in the transaction that marks it as taken in. One that lies here already gets the new
/// reason. Returns its number.
///
/// # Errors
/// What the store says.
pub async fn bury(tx: &mut Tx<'_>, burial: &Burial) -> Result<i64, StoreError> {
    let headers = serde_json::to_string(&burial.headers).map_err(|e| StoreError::other(e.to_string()))?;
    let reason: String = burial.reason.chars().filter(|c| *c != '\0').take(MAX_REASON).collect();
    let now = tx.technical_now();
    let query = tx.query(&BURY).bind(&burial.consumer).bind(&burial.message_id).bind(&burial.subject);
    let (number,): (i64,) = query.bind(headers).bind(&burial.body).bind(reason).bind(now).one().await?;
    Ok(number)
}

/// Open letters behind a number, oldest first.
///
/// # Errors
/// What the store says.
pub async fn list(db: &Db, after: i64, limit: i64) -> Result<Vec<DeadLetter>, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let lines: Vec<Line> = db
        .peek(move |tx| Box::pin(async move { tx.query(&OPEN).bind(after).bind(limit).all().await }))
        .await?;
    lines.into_iter().map(Line::into_letter).collect()
}

/// Counts open letters: each one is an alarm.
///
/// # Errors
/// What the store says.
pub async fn count(db: &Db) -> Result<i64, StoreError> {
    let (count,): (i64,) = db.peek(|tx| Box::pin(async move { tx.query(&COUNT).one().await })).await?;
    Ok(count)
}

/// Asks for another try, in the name of a person, which stays in the row. `false` when the letter is not
/// open or waits already.
///
/// # Errors
/// What the store says.
pub async fn requeue(tx: &mut Tx<'_>, number: i64, by: UserId) -> Result<bool, StoreError> {
    let now = tx.technical_now();
    Ok(tx.query(&REQUEUE).bind(number).bind(now).bind(by).run().await? == 1)
}

/// Letters of a consumer that wait for their other try. It applies each without asking the inbox (which
/// knows it), then calls [`resolve`], or [`bury`] again, which takes it out of this list.
///
/// # Errors
/// What the store says.
pub async fn requeued(tx: &mut Tx<'_>, consumer: &str, limit: i64) -> Result<Vec<DeadLetter>, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let lines: Vec<Line> = tx.query(&REQUEUED).bind(consumer).bind(limit).all().await?;
    lines.into_iter().map(Line::into_letter).collect()
}

/// Closes a letter whose other try went well.
///
/// # Errors
/// [`StoreError::Stale`] when it is not open.
pub async fn resolve(tx: &mut Tx<'_>, number: i64) -> Result<(), StoreError> {
    let now = tx.technical_now();
    tx.query(&RESOLVE).bind(number).bind(now).run_one().await
}
