//! Typed access to webhooks: addresses with their sealed secrets, announcements, attempts.

use std::collections::HashMap;

use contracts::{
    Page,
    agency::commands::{Announcement, AnnouncementAttempt, ListAnnouncements, Webhook},
    codes::{AnnouncementOutcome, AnnouncementState},
};
use db::{JsonText, StoreError, Tx, parse};
use kernel::{EventId, IdMint, UnixMillis, UserId, WebhookDeliveryId, WebhookId};
use trust::{Cell, DataKey, KeyRing, SealError, WebhookSecret};

use super::webhook_sql as sql;

const TABLE: &str = "webhook";

#[derive(sqlx::FromRow)]
struct WebhookRow {
    webhook_id: String,
    address: String,
    types: JsonText<Vec<String>>,
    active: i64,
    version: i64,
    wrapped: Vec<u8>,
    sealed: Vec<u8>,
    old_sealed: Option<Vec<u8>>,
    old_until: Option<i64>,
    made_by: String,
    made_at: i64,
}

/// An address as it is stored, its secrets sealed.
pub struct Stored {
    /// What is shown of it; nothing is counted yet.
    pub view: Webhook,
    wrapped: Vec<u8>,
    sealed: Vec<u8>,
    old_sealed: Option<Vec<u8>>,
}

impl WebhookRow {
    fn into_stored(self) -> Result<Stored, StoreError> {
        let id = self.webhook_id;
        Ok(Stored {
            view: Webhook {
                webhook_id: parse(TABLE, "webhook_id", &id, &id)?,
                address: self.address,
                types: self.types.0,
                active: self.active == 1,
                version: self.version,
                old_secret_until: self.old_until.map(UnixMillis),
                made_by: parse(TABLE, "made_by", &id, &self.made_by)?,
                made_at: UnixMillis(self.made_at),
                pending: 0,
                delivered: 0,
                dead: 0,
            },
            wrapped: self.wrapped,
            sealed: self.sealed,
            old_sealed: self.old_sealed,
        })
    }
}

fn key_cell(row: &str) -> Cell<'_> {
    Cell { table: TABLE, column: "wrapped", row }
}

fn secret_cell(row: &str) -> Cell<'_> {
    Cell { table: TABLE, column: "sealed", row }
}

fn unreadable(row: &str, error: &SealError) -> StoreError {
    tracing::error!(table = TABLE, %error, "a sealed value cannot be used");
    StoreError::corrupt(TABLE, "sealed", row)
}

impl Stored {
    fn key(&self, ring: &KeyRing, name: &str) -> Result<DataKey, StoreError> {
        ring.unwrap(&key_cell(name), &self.wrapped).map_err(|e| unreadable(name, &e))
    }

    /// The secrets that sign now: the newest first, the one before it while it is good.
    pub fn secrets(&self, ring: &KeyRing, now: UnixMillis) -> Result<Vec<WebhookSecret>, StoreError> {
        let name = self.view.webhook_id.to_string();
        let key = self.key(ring, &name)?;
        let old = self.view.old_secret_until.filter(|until| now < *until).and(self.old_sealed.as_ref());
        let open = |sealed: &Vec<u8>| {
            let text = key.open_text(&secret_cell(&name), sealed).map_err(|e| unreadable(&name, &e))?;
            WebhookSecret::parse(text.expose()).map_err(|e| unreadable(&name, &e))
        };
        std::iter::once(&self.sealed).chain(old).map(open).collect()
    }
}

fn seal(mint: &IdMint, key: &DataKey, name: &str, secret: &WebhookSecret) -> Result<Vec<u8>, StoreError> {
    let text = secret.expose();
    let sealed = key.seal(mint, &secret_cell(name), text.expose().as_bytes());
    Ok(sealed.map_err(|e| unreadable(name, &e))?.into_bytes())
}

/// Every address, with how many announcements stand where.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<Webhook>, StoreError> {
    let rows: Vec<WebhookRow> = tx.query(&sql::WEBHOOKS).all().await?;
    let counted: Vec<(String, String, i64)> = tx.query(&sql::COUNT_DELIVERIES).all().await?;
    let counted: HashMap<(String, String), i64> =
        counted.into_iter().map(|(id, state, n)| ((id, state), n)).collect();
    let whole = |row: WebhookRow| {
        let of = |state: AnnouncementState| {
            counted.get(&(row.webhook_id.clone(), state.code().to_owned())).copied().unwrap_or_default()
        };
        let (pending, delivered, dead) =
            (of(AnnouncementState::Pending), of(AnnouncementState::Delivered), of(AnnouncementState::Dead));
        row.into_stored().map(|stored| Webhook { pending, delivered, dead, ..stored.view })
    };
    rows.into_iter().map(whole).collect()
}

/// One address.
pub async fn load(tx: &mut Tx<'_>, id: WebhookId) -> Result<Option<Stored>, StoreError> {
    let row: Option<WebhookRow> = tx.query(&sql::LOAD_WEBHOOK).bind(id).optional().await?;
    row.map(WebhookRow::into_stored).transpose()
}

/// Enters an address with its secret.
pub async fn insert(
    tx: &mut Tx<'_>,
    ring: &KeyRing,
    (id, secret): (WebhookId, &WebhookSecret),
    (address, types): (&str, &[String]),
    by: UserId,
) -> Result<(), StoreError> {
    let (mint, now, name) = (tx.mint().clone(), kernel::Clock::now(&*tx.clocks().technical), id.to_string());
    let key = DataKey::mint(&mint);
    let wrapped = ring.wrap(&mint, &key_cell(&name), &key).map_err(|e| unreadable(&name, &e))?;
    let sealed = seal(&mint, &key, &name, secret)?;
    let query = tx.query(&sql::INSERT_WEBHOOK).bind(id).bind(address).bind(JsonText(types));
    query.bind(wrapped.into_bytes()).bind(sealed).bind(by).bind(now).run_one().await?;
    note_change(tx, id, 1, "added", by).await
}

async fn note_change(
    tx: &mut Tx<'_>,
    id: WebhookId,
    version: i64,
    change: &str,
    by: UserId,
) -> Result<(), StoreError> {
    let now = kernel::Clock::now(&*tx.clocks().technical);
    let query = tx.query(&sql::NOTE_CHANGE).bind(id).bind(version).bind(change).bind(by);
    query.bind(now).run_one().await
}

/// Other types, or on and off; gives the new version.
pub async fn set(
    tx: &mut Tx<'_>,
    stored: &Stored,
    (types, active): (&[String], bool),
    by: UserId,
) -> Result<i64, StoreError> {
    let (id, version) = (stored.view.webhook_id, stored.view.version);
    let query = tx.query(&sql::SET_WEBHOOK).bind(id).bind(version).bind(JsonText(types));
    query.bind(i64::from(active)).run_one().await?;
    note_change(tx, id, version + 1, "set", by).await?;
    Ok(version + 1)
}

/// Another secret; the one before signs too until an instant. Gives the new version.
pub async fn rotate(
    tx: &mut Tx<'_>,
    ring: &KeyRing,
    stored: &Stored,
    (secret, until): (&WebhookSecret, UnixMillis),
    by: UserId,
) -> Result<i64, StoreError> {
    let (id, version) = (stored.view.webhook_id, stored.view.version);
    let name = id.to_string();
    let sealed = seal(&tx.mint().clone(), &stored.key(ring, &name)?, &name, secret)?;
    tx.query(&sql::ROTATE_WEBHOOK).bind(id).bind(version).bind(sealed).bind(until).run_one().await?;
    note_change(tx, id, version + 1, "rotated", by).await?;
    Ok(version + 1)
}

/// Wraps every data key anew under another ring, when the books move to a site of their own.
pub async fn rewrap(tx: &mut Tx<'_>, from: &KeyRing, to: &KeyRing) -> Result<(), StoreError> {
    let rows: Vec<WebhookRow> = tx.query(&sql::WEBHOOKS).all().await?;
    for row in rows {
        let (name, stored) = (row.webhook_id.clone(), row.into_stored()?);
        let fresh = to.wrap(tx.mint(), &key_cell(&name), &stored.key(from, &name)?);
        let fresh = fresh.map_err(|e| unreadable(&name, &e))?;
        tx.query(&sql::REWRAP_WEBHOOK).bind(&name).bind(fresh.into_bytes()).run_one().await?;
    }
    Ok(())
}

/// One dispatch to be announced.
pub struct Dispatched<'d> {
    /// The message's id.
    pub id: EventId,
    /// Its type.
    pub event_type: &'d str,
    /// The event as it is sent.
    pub body: &'d str,
}

/// Queues a dispatch for every address that is told of its type. A second time it changes nothing.
pub async fn queue(tx: &mut Tx<'_>, dispatched: &Dispatched<'_>) -> Result<(), StoreError> {
    let rows: Vec<WebhookRow> = tx.query(&sql::WEBHOOKS).all().await?;
    let told = |row: &WebhookRow| {
        row.active == 1 && (row.types.0.is_empty() || row.types.0.iter().any(|t| t == dispatched.event_type))
    };
    for row in rows.iter().filter(|row| told(row)) {
        let id: WebhookDeliveryId = tx.mint().mint();
        let now = kernel::Clock::now(&*tx.clocks().technical);
        let query = tx.query(&sql::INSERT_DELIVERY).bind(id).bind(&row.webhook_id).bind(dispatched.id);
        query.bind(dispatched.event_type).bind(dispatched.body).bind(now).run().await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct DeliveryRow {
    delivery_id: String,
    webhook_id: String,
    dispatch_id: String,
    event_type: String,
    body: String,
    state: String,
    version: i64,
    attempts: i64,
    round_from: i64,
    next_at: i64,
    entered_at: i64,
}

/// An announcement as it is stored.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its id.
    pub id: WebhookDeliveryId,
    /// The address.
    pub webhook_id: WebhookId,
    /// The dispatch.
    pub dispatch_id: EventId,
    /// Its type.
    pub event_type: String,
    /// What is sent.
    pub body: String,
    /// Where it stands.
    pub state: AnnouncementState,
    /// Counts its changes.
    pub version: i64,
    /// Attempts made.
    pub attempts: i64,
    /// Attempts before a person said "again".
    pub round_from: i64,
    /// When the next is due.
    pub next_at: UnixMillis,
    /// When the dispatch came.
    pub entered_at: UnixMillis,
}

const DELIVERY: &str = "webhook_delivery";

impl DeliveryRow {
    fn into_delivery(self) -> Result<Delivery, StoreError> {
        let id = self.delivery_id;
        let state = AnnouncementState::from_code(&self.state);
        Ok(Delivery {
            id: parse(DELIVERY, "delivery_id", &id, &id)?,
            webhook_id: parse(DELIVERY, "webhook_id", &id, &self.webhook_id)?,
            dispatch_id: parse(DELIVERY, "dispatch_id", &id, &self.dispatch_id)?,
            event_type: self.event_type,
            body: self.body,
            state: state.ok_or_else(|| StoreError::corrupt(DELIVERY, "state", &id))?,
            version: self.version,
            attempts: self.attempts,
            round_from: self.round_from,
            next_at: UnixMillis(self.next_at),
            entered_at: UnixMillis(self.entered_at),
        })
    }
}

/// Announcements that are due, the longest due first.
pub async fn due(tx: &mut Tx<'_>, now: UnixMillis, most: i64) -> Result<Vec<WebhookDeliveryId>, StoreError> {
    let rows: Vec<(String,)> = tx.query(&sql::DUE_DELIVERIES).bind(now).bind(most).all().await?;
    rows.iter().map(|(id,)| parse(DELIVERY, "delivery_id", id, id)).collect()
}

/// One announcement.
pub async fn delivery(tx: &mut Tx<'_>, id: WebhookDeliveryId) -> Result<Option<Delivery>, StoreError> {
    let row: Option<DeliveryRow> = tx.query(&sql::LOAD_DELIVERY).bind(id).optional().await?;
    row.map(DeliveryRow::into_delivery).transpose()
}

/// Stores a changed announcement over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, changed: &Delivery, ended: Option<UnixMillis>) -> Result<(), StoreError> {
    let query = tx.query(&sql::UPDATE_DELIVERY).bind(changed.id).bind(changed.version);
    let query = query.bind(changed.state.code()).bind(changed.attempts).bind(changed.round_from);
    query.bind(changed.next_at).bind(ended).run_one().await
}

/// Enters an attempt that is about to be made.
pub async fn open_attempt(tx: &mut Tx<'_>, delivery: &Delivery, now: UnixMillis) -> Result<(), StoreError> {
    tx.query(&sql::OPEN_ATTEMPT).bind(delivery.id).bind(delivery.attempts).bind(now).run_one().await
}

/// Notes what became of it.
pub async fn close_attempt(
    tx: &mut Tx<'_>,
    delivery: &Delivery,
    answer: &crate::webhooks::Answer,
) -> Result<(), StoreError> {
    let query = tx.query(&sql::CLOSE_ATTEMPT).bind(delivery.id).bind(delivery.attempts);
    query.bind(answer.outcome.code()).bind(answer.status).bind(answer.took_ms).run_one().await
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    delivery_id: String,
    outcome: String,
    status: Option<i64>,
    took_ms: Option<i64>,
    at: i64,
}

/// One page of the log, the newest first.
pub async fn page(tx: &mut Tx<'_>, wish: &ListAnnouncements) -> Result<Page<Announcement>, StoreError> {
    let limit = wish.page.rows();
    let query = tx.query(&sql::PAGE_OF_DELIVERIES).bind(wish.state.map(AnnouncementState::code));
    let rows: Vec<DeliveryRow> = query.bind(wish.page.after.as_deref()).bind(limit).all().await?;
    let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let query = tx.query(&sql::ATTEMPTS_BETWEEN).bind(&oldest.delivery_id).bind(&newest.delivery_id);
    let mut made: HashMap<String, Vec<AnnouncementAttempt>> = HashMap::new();
    for row in query.all::<AttemptRow>().await? {
        let outcome = AnnouncementOutcome::from_code(&row.outcome);
        let outcome =
            outcome.ok_or_else(|| StoreError::corrupt("webhook_attempt", "outcome", &row.delivery_id))?;
        let attempt =
            AnnouncementAttempt { at: UnixMillis(row.at), outcome, status: row.status, took_ms: row.took_ms };
        made.entry(row.delivery_id).or_default().push(attempt);
    }
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = full.then(|| oldest.delivery_id.clone());
    let whole = |row: DeliveryRow| {
        let attempts = made.remove(&row.delivery_id).unwrap_or_default();
        let delivery = row.into_delivery()?;
        Ok(Announcement {
            delivery_id: delivery.id,
            webhook_id: delivery.webhook_id,
            dispatch_id: delivery.dispatch_id,
            event_type: delivery.event_type,
            state: delivery.state,
            entered_at: delivery.entered_at,
            next_at: (delivery.state == AnnouncementState::Pending).then_some(delivery.next_at),
            attempts,
        })
    };
    let items = rows.into_iter().map(whole).collect::<Result<_, StoreError>>()?;
    Ok(Page { items, next })
}

/// How many announcements stand in a state.
pub async fn count(tx: &mut Tx<'_>, state: AnnouncementState) -> Result<i64, StoreError> {
    let (n,): (i64,) = tx.query(&sql::COUNT_BY_STATE).bind(state.code()).one().await?;
    Ok(n)
}
