//! 消息: the inbox of a unit or of a post, with live updates.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Query, State},
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use contracts::{
    PageRequest,
    notification::commands::{CountUnread, InboxItem, ListInbox, ReadInbox},
};
use futures::stream;
use kernel::Refusal;

use super::{Names, Shown, Visit, encoded, fresh_key, html, typed::Typed};
use crate::{
    door::{Caller, Site},
    rest::body,
    views::notices::{InboxPage, InboxRow},
};

/// A connection without news says so, that proxies leave it open.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// How long one connection lasts.
const AT_MOST: Duration = Duration::from_secs(600);

/// `GET /inbox`
pub async fn show(visit: Visit, Query(page): Query<PageRequest>) -> Shown {
    let names = Names::of(&visit).await?;
    let wish = ListInbox { english: visit.language.is_english(), unread_only: false, page };
    let found = visit.site.ask(&visit.caller, "notification", &wish).await?;
    let unread = visit.site.ask(&visit.caller, "notification", &CountUnread {}).await?;
    let tasks = visit.caller.agency().is_some();
    let view = InboxPage {
        chrome: visit.chrome_of(&names, "inbox", "").await?,
        items: found.items.into_iter().map(|item| row(item, tasks)).collect(),
        unread: u64::try_from(unread.unread).unwrap_or(0),
        key: fresh_key(&visit.site.deps.mint),
        next_href: found.next.map(|next| format!("/inbox?after={}", encoded(&next))),
    };
    Ok(html(visit.site.page(visit.language, &view)?))
}

fn row(item: InboxItem, tasks: bool) -> InboxRow {
    let href = match (tasks, &item.assignment_id) {
        (true, Some(assignment)) => Some(format!("/tasks/{assignment}")),
        (true, None) => None,
        (false, _) => item.subject_id.starts_with("xf_").then(|| format!("/matters/{}", item.subject_id)),
    };
    InboxRow {
        id: item.notice_id.to_string(),
        title: item.title,
        paragraphs: item.paragraphs,
        href,
        at: item.at.to_string(),
        read: item.read,
    }
}

/// `POST /inbox/read`: one, or all.
pub async fn read(visit: Visit, typed: Typed) -> Shown {
    let notices = typed.all("notice").map(body::id).collect::<Result<_, Refusal>>()?;
    visit.site.ask(&visit.caller, "notification", &ReadInbox { notices }).await?;
    Ok(Redirect::to("/inbox").into_response())
}

/// `GET /inbox/live`: the number of unread notices, whenever it changes.
pub async fn live(State(site): State<Arc<Site>>, caller: Caller) -> Response {
    let marks = site.inbox.watch(&site.deps);
    let until = tokio::time::Instant::now() + AT_MOST;
    let first = (site, caller, marks, None::<i64>);
    let events = stream::unfold(first, move |(site, caller, mut marks, last)| async move {
        loop {
            // A caller that lost the right, or a service that is away, ends nothing: the next change asks anew.
            let unread = site.ask(&caller, "notification", &CountUnread {}).await.ok().map(|u| u.unread);
            if let Some(unread) = unread.filter(|unread| last != Some(*unread)) {
                let event = Event::default().event("unread").data(unread.to_string());
                return Some((Ok::<_, Infallible>(event), (site, caller, marks, Some(unread))));
            }
            tokio::select! {
                // The browser comes back, and its session is looked at anew.
                () = tokio::time::sleep_until(until) => return None,
                // The console ends: so does the stream.
                changed = marks.changed() => changed.ok()?,
            }
        }
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}
