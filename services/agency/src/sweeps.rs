//! Announces what is due: a function of the technical clock's now. Each attempt is on record before it is made; what
//! became of it is a second transaction. A process that dies between the two leaves an open attempt, and the same
//! announcement is sent again under the same `webhook-id` when its lease is over: at least once, never lost.

use contracts::codes::AnnouncementState;
use db::StoreError;
use futures::future;
use kernel::{UnixMillis, WebhookDeliveryId};

use crate::{
    Deps,
    domain::webhook::{Next, next},
    store::webhooks::{self, Delivery},
    webhooks::{Answer, Caller},
};

/// Announcements of one step, all called at a time: a step takes no longer than one call may.
const AT_ONCE: i64 = 8;
/// How long a claim holds, in milliseconds: longer than a call may take.
const LEASE_MS: i64 = 60_000;

/// Announces an agency's dispatches.
#[derive(Clone)]
pub struct Announcer {
    deps: Deps,
    caller: Caller,
}

/// What is about to be sent.
struct Claimed {
    delivery: Delivery,
    address: String,
    headers: Vec<(&'static str, String)>,
}

impl Announcer {
    /// The announcer of a node.
    #[must_use]
    pub fn new(deps: &Deps) -> Self {
        Self { deps: deps.clone(), caller: Caller::new(deps.config.webhook_targets, &deps.config.webhook_ca) }
    }

    /// Announces what is due at an instant of the technical clock; says how many attempts were made. There may be
    /// more when it is not 0.
    ///
    /// # Errors
    /// What the store says; what was sent is on record, or will be sent again.
    pub async fn step(&self, now: UnixMillis) -> Result<usize, StoreError> {
        let due = self
            .deps
            .db
            .read(move |tx| Box::pin(async move { webhooks::due(tx, now, AT_ONCE).await }))
            .await?;
        // Each to its end: a trouble with one leaves no other half done.
        let made = future::join_all(due.into_iter().map(|id| self.announce(id, now))).await;
        made.into_iter().try_fold(0, |sum, one| Ok(sum + usize::from(one?)))
    }

    async fn announce(&self, id: WebhookDeliveryId, now: UnixMillis) -> Result<bool, StoreError> {
        let Some(claimed) = self.claim(id, now).await? else { return Ok(false) };
        let Claimed { delivery, address, headers } = claimed;
        let answer = self.caller.post(&address, &headers, delivery.body.clone()).await;
        self.note(&delivery, answer).await?;
        Ok(true)
    }

    /// Puts an attempt on record; nothing when another process has it, or its address was switched off.
    async fn claim(&self, id: WebhookDeliveryId, now: UnixMillis) -> Result<Option<Claimed>, StoreError> {
        let ring = self.deps.key_ring.clone();
        let claimed = self.deps.db.write(move |tx| {
            let ring = ring.clone();
            Box::pin(async move {
                let Some(mut delivery) = webhooks::delivery(tx, id).await? else { return Ok(None) };
                let Some(webhook) = webhooks::load(tx, delivery.webhook_id).await? else { return Ok(None) };
                let due = delivery.state == AnnouncementState::Pending && delivery.next_at <= now;
                if !due || !webhook.view.active {
                    return Ok(None);
                }
                let timestamp_s = now.0.div_euclid(1_000);
                let name = delivery.dispatch_id.to_string();
                let secrets = webhook.secrets(&ring, now)?;
                let signed: Vec<String> =
                    secrets.iter().map(|s| s.sign(&name, timestamp_s, &delivery.body)).collect();
                delivery.attempts += 1;
                delivery.next_at = now.plus_ms(LEASE_MS);
                webhooks::save(tx, &delivery, None).await?;
                webhooks::open_attempt(tx, &delivery, now).await?;
                delivery.version += 1;
                let headers = vec![
                    ("webhook-id", name),
                    ("webhook-timestamp", timestamp_s.to_string()),
                    ("webhook-signature", signed.join(" ")),
                ];
                Ok(Some(Claimed { delivery, address: webhook.view.address, headers }))
            })
        });
        match claimed.await {
            // Another process was first.
            Err(StoreError::Stale) => Ok(None),
            other => other,
        }
    }

    async fn note(&self, delivery: &Delivery, answer: Answer) -> Result<(), StoreError> {
        let now = self.deps.clocks.technical.now();
        let mut chance = [0_u8];
        self.deps.mint.fill(&mut chance);
        let [chance] = chance;
        let was = delivery.clone();
        let noted = self.deps.db.write(move |tx| {
            let mut delivery = was.clone();
            Box::pin(async move {
                webhooks::close_attempt(tx, &delivery, &answer).await?;
                let tried = delivery.attempts - delivery.round_from;
                let ended = match next(answer.outcome, tried, chance) {
                    Next::Ended(state) => {
                        delivery.state = state;
                        Some(now)
                    }
                    Next::Again(ms) => {
                        delivery.next_at = now.plus_ms(ms);
                        None
                    }
                };
                webhooks::save(tx, &delivery, ended).await?;
                Ok(delivery.state)
            })
        });
        match noted.await {
            Ok(AnnouncementState::Dead) => {
                tracing::warn!(delivery = %delivery.id, outcome = %answer.outcome, "an announcement is given up");
                Ok(())
            }
            Ok(AnnouncementState::Pending | AnnouncementState::Delivered) => Ok(()),
            // The lease was over and another process has it: its attempt is the one that counts.
            Err(StoreError::Stale) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
