//! 通知 by the REST face: lists and counts, letters, inboxes, and a new query code at the counter.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
};
use contracts::{
    Command, Page, PageRequest,
    codes::{NoticeChannel, NoticeState},
    intake::commands::{Receipt, ReissueCode},
    notification::commands::{
        CountNotices, CountUnread, InboxItem, ListInbox, ListNotices, NoticeCounts, NoticeView,
        NoticesChanged, NoticesOfMatter, PostLetters, PrintLetters, PrintedLetters, ReadInbox,
        RecordDelivery, RecordReturn, SendAgain, Unread,
    },
};
use kernel::NoticeId;
use serde::Deserialize;
use serde_json::Value;
use web::{
    extract::{Json, Query},
    problem::Refused,
};

use super::{body, submissions};
use crate::door::{Caller, Site};

/// A list as an address asks for it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Listing {
    state: Option<NoticeState>,
    channel: Option<NoticeChannel>,
    restricted: bool,
    unread_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

impl Listing {
    fn page(&self) -> PageRequest {
        PageRequest { after: self.after.clone(), limit: self.limit }
    }
}

/// `GET /api/v1/notices`
pub async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<NoticeView>>, Refused> {
    let page = asked.page();
    let command = ListNotices {
        states: asked.state.into_iter().collect(),
        channel: asked.channel,
        restricted: asked.restricted,
        page,
    };
    Ok(Answer(site.ask(&caller, "notification", &command).await?))
}

/// `GET /api/v1/notices/counts`
pub async fn counts(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<NoticeCounts>, Refused> {
    Ok(Answer(site.ask(&caller, "notification", &CountNotices {}).await?))
}

/// `GET /api/v1/matters/{id}/notices`
pub async fn of_matter(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Answer<Vec<NoticeView>>, Refused> {
    let command = NoticesOfMatter { matter_id: body::matter_id(&id)? };
    Ok(Answer(site.ask(&caller, "notification", &command).await?))
}

/// `POST /api/v1/notices/print`
pub async fn print(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<PrintLetters>,
) -> Result<Answer<PrintedLetters>, Refused> {
    Ok(Answer(site.ask(&caller, "notification", &command).await?))
}

/// `POST /api/v1/notices/post`
pub async fn post(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<PostLetters>,
) -> Result<Answer<NoticesChanged>, Refused> {
    Ok(Answer(site.ask(&caller, "notification", &command).await?))
}

/// `POST /api/v1/notices/{id}/{step}`: `deliver`, `return`, `send_again`.
pub async fn step(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path((id, step)): Path<(String, String)>,
    Json(body): Json<Value>,
) -> Result<Answer<NoticesChanged>, Refused> {
    let id: NoticeId = body::id(&id)?;
    let changed = match step.as_str() {
        RecordDelivery::NAME => {
            let command: RecordDelivery = body::command(body, "notice_id", &id)?;
            site.ask(&caller, "notification", &command).await
        }
        RecordReturn::NAME => {
            let command: RecordReturn = body::command(body, "notice_id", &id)?;
            site.ask(&caller, "notification", &command).await
        }
        SendAgain::NAME => {
            let command: SendAgain = body::command(body, "notice_id", &id)?;
            site.ask(&caller, "notification", &command).await
        }
        _ => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    };
    Ok(Answer(changed?))
}

/// `GET /api/v1/inbox`
pub async fn inbox(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<Listing>,
) -> Result<Answer<Page<InboxItem>>, Refused> {
    let command = ListInbox { english: false, unread_only: asked.unread_only, page: asked.page() };
    Ok(Answer(site.ask(&caller, "notification", &command).await?))
}

/// `GET /api/v1/inbox/unread`
pub async fn unread(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<Unread>, Refused> {
    Ok(Answer(site.ask(&caller, "notification", &CountUnread {}).await?))
}

/// `POST /api/v1/inbox/read`
pub async fn read(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<ReadInbox>,
) -> Result<Answer<NoticesChanged>, Refused> {
    Ok(Answer(site.ask(&caller, "notification", &command).await?))
}

/// `POST /api/v1/query_codes`
pub async fn reissue(
    State(site): State<Arc<Site>>,
    caller: Caller,
    headers: HeaderMap,
    Json(command): Json<ReissueCode>,
) -> Result<Answer<Receipt>, Refused> {
    let key = submissions::key_of(&headers)?;
    Ok(Answer(site.ask_once(&caller, "intake", key, &command).await?))
}
