//! 推送 by the REST face: an agency's addresses for its own dispatches, and their log.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
};
use contracts::{
    Page, PageRequest,
    agency::commands::{
        AddWebhook, AnnounceAgain, Announcement, AnnouncementQueued, ListAnnouncements, ListWebhooks,
        RotateWebhook, SetWebhook, Webhook, WebhookChanged, WebhookMade,
    },
    codes::AnnouncementState,
};
use kernel::{WebhookDeliveryId, WebhookId};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use web::{
    extract::{Json, Query},
    problem::Refused,
};

use super::{body, tasks::agency_of};
use crate::{
    door::{Caller, Operation, Routes, Site},
    rights::Right,
};

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    let op = |summary| Operation::new(summary, "agency");
    routes
        .get("/api/v1/webhooks", Right::Webhooks, list)
        .says(op("Addresses at which the agency's own dispatches are announced").gives::<Vec<Webhook>>())
        .post("/api/v1/webhooks", Right::Webhooks, add)
        .says(
            op("Names an address; its secret is given once")
                .reads::<AddWebhook>()
                .gives::<WebhookMade>()
                .with(&[201]),
        )
        .post("/api/v1/webhooks/{id}/set", Right::Webhooks, set)
        .says(Operation::command::<SetWebhook>("Other types, or on and off", "agency", "webhook_id"))
        .post("/api/v1/webhooks/{id}/rotate", Right::Webhooks, rotate)
        .says(Operation::look::<RotateWebhook>("Another secret, given once", "agency", "webhook_id"))
        .get("/api/v1/webhooks/announcements", Right::Webhooks, announcements)
        .says(op("The log, the newest first").asks::<AskedLog>().gives::<Page<Announcement>>())
        .post("/api/v1/webhooks/announcements/{id}/again", Right::Webhooks, again)
        .says(Operation::command::<AnnounceAgain>("Announces once more", "agency", "delivery_id"))
}

/// The log as an address asks for it.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedLog {
    state: Option<AnnouncementState>,
    after: Option<String>,
    limit: Option<i64>,
}

/// `GET /api/v1/webhooks`
pub async fn list(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<Vec<Webhook>>, Refused> {
    let agency = agency_of(&caller, None)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &ListWebhooks {}).await?))
}

/// `POST /api/v1/webhooks`
pub async fn add(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<AddWebhook>,
) -> Result<(StatusCode, Answer<WebhookMade>), Refused> {
    caller.person()?;
    let agency = agency_of(&caller, None)?;
    Ok((StatusCode::CREATED, Answer(site.ask_agency(&caller, &agency, &command).await?)))
}

/// `POST /api/v1/webhooks/{id}/set`
pub async fn set(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Answer<WebhookChanged>, Refused> {
    caller.person()?;
    let agency = agency_of(&caller, None)?;
    let id: WebhookId = body::id(&id)?;
    let command: SetWebhook = body::command(body, "webhook_id", &id)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `POST /api/v1/webhooks/{id}/rotate`
pub async fn rotate(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Answer<WebhookMade>, Refused> {
    caller.person()?;
    let agency = agency_of(&caller, None)?;
    let id: WebhookId = body::id(&id)?;
    let command: RotateWebhook = body::command(body, "webhook_id", &id)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `GET /api/v1/webhooks/announcements`
pub async fn announcements(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedLog>,
) -> Result<Answer<Page<Announcement>>, Refused> {
    let agency = agency_of(&caller, None)?;
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command = ListAnnouncements { state: asked.state, page };
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}

/// `POST /api/v1/webhooks/announcements/{id}/again`
pub async fn again(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Result<Answer<AnnouncementQueued>, Refused> {
    let agency = agency_of(&caller, None)?;
    let id: WebhookDeliveryId = body::id(&id)?;
    let command: AnnounceAgain = body::command(body, "delivery_id", &id)?;
    Ok(Answer(site.ask_agency(&caller, &agency, &command).await?))
}
