//! 通知 by the REST face: lists and counts, letters, inboxes, and a new query code at the counter.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use contracts::{
    Command, Page, PageRequest,
    codes::{NoticeChannel, NoticeState},
    intake::commands::{Receipt, ReissueCode},
    notification::commands::{
        CountNotices, CountUnread, InboxItem, ListInbox, ListNotices, NoticeCounts, NoticeView,
        NoticesChanged, NoticesOfMatter, PostLetters, PrintLetters, PrintedLetters, ReadInbox,
        RecordDelivery, RecordReturn, SendAgain, ShowNotice, Unread,
    },
};
use kernel::NoticeId;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use web::{
    Language,
    extract::{Json, Query},
    problem::Refused,
};

use super::{
    body,
    etag::{self, IfMatch},
    paging,
};
use crate::{
    door::{Caller, Operation, Routes, Site},
    rights::Right,
};

const NOTIFICATION: &str = "notification";

/// Adds them.
pub fn routes(routes: Routes) -> Routes {
    let op = |summary| Operation::new(summary, NOTIFICATION);
    fn step_of<C: Command>(summary: &'static str) -> Operation {
        Operation::command::<C>(summary, NOTIFICATION, "notice_id").versioned()
    }
    routes
        .get("/api/v1/notices", Right::Notices, list)
        .says(op("通知: notices to petitioners").asks::<AskedNotices>().gives::<Page<NoticeView>>())
        .get("/api/v1/notices/counts", Right::Notices, counts)
        .says(op("How many notices, by state").gives::<NoticeCounts>())
        .get("/api/v1/notices/{id}", Right::Notices, show)
        .says(op("One notice").gives::<NoticeView>().versioned())
        .post("/api/v1/notices/print", Right::Letters, print)
        .says(op("打印: letters with their envelopes").reads::<PrintLetters>().gives::<PrintedLetters>())
        .post("/api/v1/notices/post", Right::Letters, post)
        .says(op("寄出").reads::<PostLetters>().gives::<NoticesChanged>().once())
        .post("/api/v1/notices/{id}/deliver", Right::Letters, step::<RecordDelivery>)
        .says(step_of::<RecordDelivery>("登记送达"))
        .post("/api/v1/notices/{id}/return", Right::Letters, step::<RecordReturn>)
        .says(step_of::<RecordReturn>("退件"))
        .post("/api/v1/notices/{id}/send_again", Right::Letters, step::<SendAgain>)
        .says(step_of::<SendAgain>("重新发送"))
        .get("/api/v1/matters/{id}/notices", Right::Notices, of_matter)
        .says(
            op("The notices of a matter to its petitioner").asks::<PageRequest>().gives::<Page<NoticeView>>(),
        )
        .get("/api/v1/inbox", Right::Inbox, inbox)
        .says(op("站内通知").asks::<AskedInbox>().gives::<Page<InboxItem>>())
        .get("/api/v1/inbox/unread", Right::Inbox, unread)
        .says(op("How many are unread").gives::<Unread>())
        .post("/api/v1/inbox/read", Right::Inbox, read)
        .says(op("They were read").reads::<ReadInbox>().gives::<NoticesChanged>().once())
        .post("/api/v1/query_codes", Right::Letters, reissue)
        .says(
            Operation::new("补发查询码, at the counter", "intake")
                .reads::<ReissueCode>()
                .gives::<Receipt>()
                .once(),
        )
}

/// Notices as an address asks for them.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedNotices {
    state: Option<NoticeState>,
    channel: Option<NoticeChannel>,
    restricted: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// An inbox as an address asks for it.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AskedInbox {
    unread_only: bool,
    after: Option<String>,
    limit: Option<i64>,
}

/// `GET /api/v1/notices`
pub async fn list(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Query(asked): Query<AskedNotices>,
) -> Result<Answer<Page<NoticeView>>, Refused> {
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command = ListNotices {
        states: asked.state.into_iter().collect(),
        channel: asked.channel,
        restricted: asked.restricted,
        page,
    };
    Ok(Answer(site.ask(&caller, NOTIFICATION, &command).await?))
}

/// `GET /api/v1/notices/{id}`
pub async fn show(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let notice: NoticeView =
        site.ask(&caller, NOTIFICATION, &ShowNotice { notice_id: body::id(&id)? }).await?;
    Ok(etag::answer(&headers, &[notice.version], &notice))
}

/// `GET /api/v1/notices/counts`
pub async fn counts(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<NoticeCounts>, Refused> {
    Ok(Answer(site.ask(&caller, NOTIFICATION, &CountNotices {}).await?))
}

/// `GET /api/v1/matters/{id}/notices`
pub async fn of_matter(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(page): Query<PageRequest>,
) -> Result<Answer<Page<NoticeView>>, Refused> {
    let command = NoticesOfMatter { matter_id: body::matter_id(&id)? };
    let notices = site.ask(&caller, NOTIFICATION, &command).await?;
    Ok(Answer(paging::cut(notices, &page, |notice| notice.notice_id.to_string())?))
}

/// `POST /api/v1/notices/print`
pub async fn print(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<PrintLetters>,
) -> Result<Answer<PrintedLetters>, Refused> {
    Ok(Answer(site.ask(&caller, NOTIFICATION, &command).await?))
}

/// `POST /api/v1/notices/post`
pub async fn post(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<PostLetters>,
) -> Result<Answer<NoticesChanged>, Refused> {
    Ok(Answer(site.ask(&caller, NOTIFICATION, &command).await?))
}

/// `POST /api/v1/notices/{id}/<step>`
pub async fn step<C: Command<Reply = NoticesChanged>>(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    Json(body): Json<Value>,
) -> Result<Answer<NoticesChanged>, Refused> {
    let id: NoticeId = body::id(&id)?;
    let command: C = body::command(if_match.into(body), "notice_id", &id)?;
    Ok(Answer(site.ask(&caller, NOTIFICATION, &command).await?))
}

/// `GET /api/v1/inbox`
pub async fn inbox(
    State(site): State<Arc<Site>>,
    caller: Caller,
    language: Language,
    Query(asked): Query<AskedInbox>,
) -> Result<Answer<Page<InboxItem>>, Refused> {
    let page = PageRequest { after: asked.after, limit: asked.limit };
    let command = ListInbox { english: language.is_english(), unread_only: asked.unread_only, page };
    Ok(Answer(site.ask(&caller, NOTIFICATION, &command).await?))
}

/// `GET /api/v1/inbox/unread`
pub async fn unread(State(site): State<Arc<Site>>, caller: Caller) -> Result<Answer<Unread>, Refused> {
    Ok(Answer(site.ask(&caller, NOTIFICATION, &CountUnread {}).await?))
}

/// `POST /api/v1/inbox/read`
pub async fn read(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<ReadInbox>,
) -> Result<Answer<NoticesChanged>, Refused> {
    Ok(Answer(site.ask(&caller, NOTIFICATION, &command).await?))
}

/// `POST /api/v1/query_codes`
pub async fn reissue(
    State(site): State<Arc<Site>>,
    caller: Caller,
    Json(command): Json<ReissueCode>,
) -> Result<Answer<Receipt>, Refused> {
    Ok(Answer(site.ask(&caller, "intake", &command).await?))
}
