//! Reading outbox rows back as the messages that they are.

use contracts::{DispatchSeal, Message, MessageKind};
use kernel::{AgencyCode, By, EventId, UnixMillis};

use crate::{Db, Sql, StoreError, error::parse, outbox::MAX_PAGE};

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Order in this database. Never a cursor: on PostgreSQL a lower number may commit later.
    pub seq: i64,
    /// Fact, dispatch, return or dead letter.
    pub kind: MessageKind,
    /// What travels.
    pub message: Message,
    /// Hash in the chain of its subject.
    pub hash: String,
    /// Times it was sent again.
    pub attempt: i64,
    /// When the bus took it last, technical clock.
    pub sent_at: Option<UnixMillis>,
    /// Where the bus keeps it.
    pub stream: Option<String>,
    /// Its number there.
    pub stream_seq: Option<i64>,
    /// Its number in the service-wide log.
    pub log_seq: Option<i64>,
    /// When the agency's receipt came, technical clock.
    pub received_at: Option<UnixMillis>,
}

impl OutboxRow {
    /// The NATS subject.
    #[must_use]
    pub fn subject(&self) -> String {
        self.message.subject(self.kind)
    }
}

/// The columns as stored.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) seq: i64,
    id: String,
    kind: String,
    event_type: String,
    pub(crate) order_key: String,
    pub(crate) subject_id: String,
    version: i64,
    at: i64,
    causation: Option<String>,
    traceparent: Option<String>,
    body: String,
    hash: String,
    agency: Option<String>,
    agency_seq: Option<i64>,
    agency_prev_hash: Option<String>,
    agency_hash: Option<String>,
    attempt: i64,
    sent_at: Option<i64>,
    stream: Option<String>,
    stream_seq: Option<i64>,
    log_seq: Option<i64>,
    received_at: Option<i64>,
    acted_by: Option<String>,
}

/// The columns of [`Line`], for every statement that reads rows.
macro_rules! columns {
    () => {
        "SELECT seq, id, kind, event_type, order_key, subject_id, version, at, causation, traceparent, body, \
         hash, agency, agency_seq, agency_prev_hash, agency_hash, attempt, sent_at, stream, stream_seq, \
         log_seq, received_at, acted_by FROM outbox "
    };
}
pub(crate) use columns;

const TABLE: &str = "outbox";

impl Line {
    /// Its place in the chain of its subject.
    pub(crate) fn key(&self) -> (String, String, i64) {
        (self.order_key.clone(), self.subject_id.clone(), self.version)
    }

    /// Its place in the chain of its agency.
    pub(crate) fn agency_key(&self) -> (String, i64) {
        (self.agency.clone().unwrap_or_default(), self.agency_seq.unwrap_or_default())
    }

    pub(crate) fn into_row(self) -> Result<OutboxRow, StoreError> {
        let seq = self.seq;
        let kind =
            MessageKind::from_code(&self.kind).ok_or_else(|| StoreError::corrupt(TABLE, "kind", seq))?;
        let source = self.order_key.split('>').next().unwrap_or_default().to_owned();
        let dispatch = match (self.agency, self.agency_seq, self.agency_prev_hash, self.agency_hash) {
            (None, None, None, None) => None,
            (Some(agency), Some(number), Some(prev_hash), Some(hash)) => Some(DispatchSeal {
                agency: parse::<AgencyCode>(TABLE, "agency", seq, &agency)?,
                sender: source.strip_prefix("lianxi/").unwrap_or(&source).to_owned(),
                seq: number,
                prev_hash,
                hash,
            }),
            _ => return Err(StoreError::corrupt(TABLE, "agency_seq", seq)),
        };
        let causation = self.causation.map(|id| parse(TABLE, "causation", seq, &id)).transpose()?;
        let by = self.acted_by.map(|by| parse::<By>(TABLE, "acted_by", seq, &by)).transpose()?;
        Ok(OutboxRow {
            seq,
            kind,
            hash: self.hash,
            attempt: self.attempt,
            sent_at: self.sent_at.map(UnixMillis),
            stream: self.stream,
            stream_seq: self.stream_seq,
            log_seq: self.log_seq,
            received_at: self.received_at.map(UnixMillis),
            message: Message {
                id: parse(TABLE, "id", seq, &self.id)?,
                event_type: self.event_type,
                source,
                subject_id: self.subject_id,
                at: UnixMillis(self.at),
                version: self.version,
                causation,
                by,
                traceparent: self.traceparent,
                dispatch,
                body: self.body,
            },
        })
    }
}

pub(crate) fn rows(lines: Vec<Line>) -> Result<Vec<OutboxRow>, StoreError> {
    lines.into_iter().map(Line::into_row).collect()
}

static BY_ID: Sql = Sql::same(concat!(columns!(), "WHERE id = $1"));
static PAGE: Sql = Sql::same(concat!(
    columns!(),
    "WHERE seq > $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2) ORDER BY seq LIMIT $3"
));
static DISPATCHES: Sql = Sql::same(concat!(
    columns!(),
    "WHERE agency IS NOT NULL AND agency = $1 AND agency_seq >= $2 AND agency_seq <= $3 \
     ORDER BY agency_seq LIMIT $4"
));
static COUNTS: Sql = Sql::same(
    "SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS unsent,
            (SELECT min(at) FROM outbox WHERE sent_at IS NULL) AS oldest_unsent_at,
            (SELECT count(*) FROM outbox WHERE agency IS NOT NULL AND received_at IS NULL) AS unreceipted,
            (SELECT min(sent_at) FROM outbox WHERE agency IS NOT NULL AND received_at IS NULL)
                AS oldest_unreceipted_at",
);
static AGENCY_HEADS: Sql = Sql::same("SELECT agency, seq, hash FROM dispatch_head ORDER BY agency");

pub(crate) const ALL: &[&Sql] = &[&BY_ID, &PAGE, &DISPATCHES, &COUNTS, &AGENCY_HEADS];

/// The row of a message.
///
/// # Errors
/// What the store says.
pub async fn by_id(db: &Db, id: EventId) -> Result<Option<OutboxRow>, StoreError> {
    let line: Option<Line> =
        db.peek(|tx| Box::pin(async move { tx.query(&BY_ID).bind(id).optional().await })).await?;
    line.map(Line::into_row).transpose()
}

/// Rows behind a number, of one kind or of all: for the rebuild and for exports.
///
/// # Errors
/// What the store says.
pub async fn page(
    db: &Db,
    kind: Option<MessageKind>,
    after_seq: i64,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let kind = kind.map(MessageKind::code);
    let lines: Vec<Line> = db
        .peek(|tx| {
            Box::pin(async move { tx.query(&PAGE).bind(after_seq).bind(kind).bind(limit).all().await })
        })
        .await?;
    rows(lines)
}

/// An agency's dispatches by their numbers, both ends included: what it asks for when it sees a gap.
///
/// # Errors
/// What the store says.
pub async fn dispatches(
    db: &Db,
    agency: &AgencyCode,
    from_seq: i64,
    to_seq: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    let agency = agency.clone();
    let lines: Vec<Line> = db
        .peek(move |tx| {
            Box::pin(async move {
                let query = tx.query(&DISPATCHES).bind(&agency).bind(from_seq).bind(to_seq);
                query.bind(MAX_PAGE).all().await
            })
        })
        .await?;
    rows(lines)
}

/// How much is on its way, for health and alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct OutboxCounts {
    /// Rows the bus has not taken.
    pub unsent: i64,
    /// Business instant of the oldest of them.
    pub oldest_unsent_at: Option<i64>,
    /// Dispatches without a receipt.
    pub unreceipted: i64,
    /// Technical instant at which the oldest of them was sent.
    pub oldest_unreceipted_at: Option<i64>,
}

/// Counts what is on its way.
///
/// # Errors
/// What the store says.
pub async fn counts(db: &Db) -> Result<OutboxCounts, StoreError> {
    db.peek(|tx| Box::pin(async move { tx.query(&COUNTS).one().await })).await
}

/// Where the numbering of an agency's dispatches ends: the site must come to the same.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AgencyHead {
    /// Code of the agency.
    pub agency: String,
    /// Number of the last dispatch.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// The heads of all agencies.
///
/// # Errors
/// What the store says.
pub async fn agency_heads(db: &Db) -> Result<Vec<AgencyHead>, StoreError> {
    db.peek(|tx| Box::pin(async move { tx.query(&AGENCY_HEADS).all().await })).await
}
