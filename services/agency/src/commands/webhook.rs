//! 推送地址: named, set, given another secret; the log of announcements, and "again".

use std::sync::Arc;

use contracts::{
    Page,
    agency::commands::{
        AddWebhook, AnnounceAgain, Announcement, AnnouncementQueued, ListAnnouncements, ListWebhooks,
        RotateWebhook, SetWebhook, Webhook, WebhookChanged, WebhookMade,
    },
    codes::AnnouncementState,
};
use db::{StoreError, Tx};
use kernel::{Refusal, WebhookId};
use trust::WebhookSecret;
use web::door::Asked;

use super::{Outcome, heard};
use crate::{
    Deps, consumers, error, rights,
    store::webhooks::{self, Stored},
    webhooks::{Address, BadAddress, Targets},
};

/// Addresses of one agency, switched off or on.
const WEBHOOKS_MAX: usize = 5;
/// How long the secret before signs too, in milliseconds: a day.
const OVERLAP_MS: i64 = 86_400_000;

/// The addresses.
///
/// # Errors
/// The refusals of rights and store.
pub async fn list(deps: Arc<Deps>, asked: Asked<ListWebhooks>) -> Result<Vec<Webhook>, Refusal> {
    rights::may_announce(&asked.actor, &deps.code)?;
    heard(deps.db.read(|tx| Box::pin(async move { Ok(Ok(webhooks::list(tx).await?)) })).await)
}

fn types(named: &[String]) -> Result<(), Refusal> {
    match named.iter().find(|one| !consumers::TYPES.contains(&one.as_str())) {
        None => Ok(()),
        Some(_) => Err(error::WEBHOOK_TYPE.refuse().at("types")),
    }
}

fn address(text: &str, targets: Targets) -> Result<(), Refusal> {
    Address::parse(text, targets).map(drop).map_err(|why| {
        let refused = match why {
            BadAddress::Shape => &error::WEBHOOK_ADDRESS,
            BadAddress::Plain => &error::WEBHOOK_PLAIN,
            BadAddress::Closed => &error::WEBHOOK_CLOSED,
        };
        refused.refuse().at("url")
    })
}

/// Names an address; its secret is given here and nowhere else.
///
/// # Errors
/// The refusals of rights, address, types and store.
pub async fn add(deps: Arc<Deps>, asked: Asked<AddWebhook>) -> Result<WebhookMade, Refusal> {
    rights::may_announce(&asked.actor, &deps.code)?;
    let AddWebhook { url: to, types: named } = asked.command;
    address(&to, deps.config.webhook_targets)?;
    types(&named)?;
    let (by, ring) = (asked.actor.user, deps.key_ring.clone());
    let (id, secret): (WebhookId, _) = (deps.mint.mint(), WebhookSecret::mint(&deps.mint));
    let shown = secret.expose();
    let added: Outcome<()> = deps
        .db
        .write(move |tx| {
            let (ring, secret, to, named) = (ring.clone(), secret.clone(), to.clone(), named.clone());
            Box::pin(async move {
                if webhooks::list(tx).await?.len() >= WEBHOOKS_MAX {
                    return Ok(Err(error::TOO_MANY_WEBHOOKS.refuse().with("most", WEBHOOKS_MAX)));
                }
                webhooks::insert(tx, &ring, (id, &secret), (&to, &named), by).await?;
                Ok(Ok(()))
            })
        })
        .await;
    heard(added)?;
    tracing::info!(webhook = %id, by = %by, "an address for announcements was named");
    Ok(WebhookMade { webhook_id: id, version: 1, secret: shown.into_exposed() })
}

/// The address at the version that was seen.
async fn seen(tx: &mut Tx<'_>, id: WebhookId, version: i64) -> Outcome<Stored> {
    match webhooks::load(tx, id).await? {
        None => Ok(Err(error::NO_SUCH_WEBHOOK.refuse())),
        Some(stored) if stored.view.version != version => {
            Ok(Err(error::WEBHOOK_STALE.refuse().with("found", stored.view.version)))
        }
        Some(stored) => Ok(Ok(stored)),
    }
}

/// A writer that was first is a stale version to the second.
fn settled<T>(outcome: Outcome<T>) -> Result<T, Refusal> {
    match outcome {
        Err(StoreError::Stale) => Err(error::WEBHOOK_STALE.refuse().with("found", "?")),
        other => heard(other),
    }
}

/// Other types, or on and off.
///
/// # Errors
/// The refusals of rights, types, version and store.
pub async fn set(deps: Arc<Deps>, asked: Asked<SetWebhook>) -> Result<WebhookChanged, Refusal> {
    rights::may_announce(&asked.actor, &deps.code)?;
    let request = asked.request();
    let SetWebhook { webhook_id, expected_version, types: named, active } = asked.command;
    types(&named)?;
    let by = asked.actor.user;
    let done = web::once::write(&deps.db, request, move |tx| {
        let named = named.clone();
        Box::pin(async move {
            let stored = match seen(tx, webhook_id, expected_version).await? {
                Ok(stored) => stored,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let version = webhooks::set(tx, &stored, (&named, active), by).await?;
            Ok(Ok(WebhookChanged { webhook_id, version }))
        })
    });
    let changed = settled(done.await)?;
    tracing::info!(webhook = %webhook_id, by = %by, active, "an address for announcements was set");
    Ok(changed)
}

/// Another secret.
///
/// # Errors
/// The refusals of rights, version and store.
pub async fn rotate(deps: Arc<Deps>, asked: Asked<RotateWebhook>) -> Result<WebhookMade, Refusal> {
    rights::may_announce(&asked.actor, &deps.code)?;
    let RotateWebhook { webhook_id, expected_version } = asked.command;
    let (by, ring) = (asked.actor.user, deps.key_ring.clone());
    let until = deps.clocks.technical.now().plus_ms(OVERLAP_MS);
    let secret = WebhookSecret::mint(&deps.mint);
    let shown = secret.expose();
    let done = deps.db.write(move |tx| {
        let (ring, secret) = (ring.clone(), secret.clone());
        Box::pin(async move {
            let stored = match seen(tx, webhook_id, expected_version).await? {
                Ok(stored) => stored,
                Err(refusal) => return Ok(Err(refusal)),
            };
            Ok(Ok(webhooks::rotate(tx, &ring, &stored, (&secret, until), by).await?))
        })
    });
    let version = settled(done.await)?;
    tracing::info!(webhook = %webhook_id, by = %by, "an address for announcements got another secret");
    Ok(WebhookMade { webhook_id, version, secret: shown.into_exposed() })
}

/// The log.
///
/// # Errors
/// The refusals of rights and store.
pub async fn announcements(
    deps: Arc<Deps>,
    asked: Asked<ListAnnouncements>,
) -> Result<Page<Announcement>, Refusal> {
    rights::may_announce(&asked.actor, &deps.code)?;
    let wish = asked.command;
    heard(deps.db.read(move |tx| Box::pin(async move { Ok(Ok(webhooks::page(tx, &wish).await?)) })).await)
}

/// Sends what ended once more, with a round of attempts of its own.
///
/// # Errors
/// The refusals of rights, state and store.
pub async fn again(deps: Arc<Deps>, asked: Asked<AnnounceAgain>) -> Result<AnnouncementQueued, Refusal> {
    rights::may_announce(&asked.actor, &deps.code)?;
    let (by, id) = (asked.actor.user, asked.command.delivery_id);
    let now = deps.clocks.technical.now();
    let done = web::once::write(&deps.db, asked.request(), move |tx| {
        Box::pin(async move {
            let Some(mut delivery) = webhooks::delivery(tx, id).await? else {
                return Ok(Err(error::NO_SUCH_ANNOUNCEMENT.refuse()));
            };
            if delivery.state == AnnouncementState::Pending {
                return Ok(Err(error::ANNOUNCEMENT_WAITS.refuse()));
            }
            delivery.state = AnnouncementState::Pending;
            (delivery.round_from, delivery.next_at) = (delivery.attempts, now);
            webhooks::save(tx, &delivery, None).await?;
            Ok(Ok(AnnouncementQueued { delivery_id: id }))
        })
    });
    let queued = settled(done.await)?;
    tracing::info!(delivery = %id, by = %by, "an announcement is sent again");
    Ok(queued)
}
