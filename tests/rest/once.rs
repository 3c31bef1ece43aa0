//! Idempotency keys: what creates or acts is done once under its caller's key, whoever comes twice, at once or after
//! a restart, and hears the first answer again. The claim, the effect and the answer are one transaction of the owner.

use contracts::{Page, meetings::commands::MeetingRow};
use futures::future::join_all;
use serde_json::{Value, json};
use suite::client::Client;

use crate::office::{
    Office, Store,
    letter::{claim, forward_to, notice, proposed, refused, register, task, with},
    wait::wait_for,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_twice_is_done_once_on_sqlite() {
    once(Office::start(&["renshe"]).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_twice_is_done_once_on_postgresql() {
    let Some(office) = Office::start_on(Store::Postgres, &["renshe"]).await else { return };
    once(office).await;
}

fn call() -> Value {
    json!({
        "body": "shilianxi",
        "kind": "working",
        "plan": {
            "starts_at": "2026-08-13T09:00:00+08:00",
            "ends_at": "2026-08-13T11:00:00+08:00",
            "place": "市民中心A座301会议室",
            "reply_by": "2026-08-10",
            "agencies": [{ "agency": "renshe", "required": true }],
            "items": [],
        },
    })
}

/// Sends the same at once, several times; all hear the same.
async fn at_once(by: &Client, path: &str, key: &str, body: &Value) -> Value {
    let answers = join_all((0..5).map(|_| by.post_once::<Value>(path, key, body))).await;
    let mut answers = answers.into_iter().map(|answer| answer.unwrap_or_else(|e| panic!("{path}: {e:#}")));
    let first = answers.next().expect("an answer");
    assert!(answers.all(|answer| answer == first), "{path}: {first}");
    first
}

async fn meetings(by: &Client) -> Vec<MeetingRow> {
    by.get::<Page<MeetingRow>>("/api/v1/meetings").await.expect("meetings").items
}

#[expect(clippy::too_many_lines, reason = "one story")]
async fn once(office: Office) {
    let (director, screener) = (office.person("director").await, office.person("screener").await);
    let called = at_once(&director, "/api/v1/meetings", "call-1", &call()).await;
    assert_eq!(meetings(&director).await.len(), 1, "one meeting");
    let other = with(call(), json!({ "kind": "plenary" }));
    let told = refused(director.post_once::<Value>("/api/v1/meetings", "call-1", &other).await);
    assert_eq!((told.status.as_u16(), told.code.as_str()), (422, "request_reused"));
    let shape = refused(director.post_once::<Value>("/api/v1/meetings", "no spaces", &call()).await);
    assert_eq!((shape.status.as_u16(), shape.code.as_str()), (422, "idempotency_key_shape"));

    let receipt = register(&office.person("desk").await, "once-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    let (body, path) = (screening(&screener, &id).await, format!("/api/v1/matters/{id}/screen"));
    let screened = at_once(&screener, &path, "screen-1", &body).await;
    let item = json!({ "matter_id": id, "parties": ["renshe"] });
    wait_for("meetings knows the matter", || async {
        screener.post_once::<Value>("/api/v1/agenda", "item-1", &item).await.ok()
    })
    .await;
    let proposed = at_once(&screener, "/api/v1/agenda", "item-1", &item).await;

    // A step with a paper goes three turns, with intake between them; one paper, one number, one return.
    let handler = office.person("renshe.handler").await;
    let held = task(&handler, &id, "").await;
    let path = |verb: &str| format!("/api/v1/tasks/{}/{verb}", held.dispatch.assignment_id);
    let sign = json!({ "expected_version": held.version });
    let signed = at_once(&handler, &path("sign"), "sign-1", &sign).await;
    let accept = with(notice(), json!({ "expected_version": signed["version"] }));
    let accepted = at_once(&handler, &path("notify_acceptance"), "accept-1", &accept).await;

    // Whoever lost the answer with the console hears it from the owner.
    let office = office.restart(|_| {}, &["renshe"]).await;
    let (director, screener) = (office.person("director").await, office.person("screener").await);
    let handler = office.person("renshe.handler").await;
    assert_eq!(at_once(&director, "/api/v1/meetings", "call-1", &call()).await, called);
    assert_eq!(meetings(&director).await.len(), 1, "still one");
    assert_eq!(at_once(&screener, "/api/v1/agenda", "item-1", &item).await, proposed);
    let again = at_once(&screener, &format!("/api/v1/matters/{id}/screen"), "screen-1", &body).await;
    assert_eq!(again, screened);
    assert_eq!(at_once(&handler, &path("sign"), "sign-1", &sign).await, signed);
    assert_eq!(at_once(&handler, &path("notify_acceptance"), "accept-1", &accept).await, accepted);
    // The same key of another caller is another request.
    let own = screener.post_once::<Value>("/api/v1/agenda", "call-1", &item).await;
    assert_eq!(refused(own).status.as_u16(), 409, "the matter stands on the agenda already");
    office.stop().await;
}

async fn screening(by: &Client, id: &str) -> Value {
    json!({
        "expected_version": proposed(by, id).await,
        "purpose": "claim",
        "category": "labour.wages",
        "route": "R6",
        "level": "city",
        "hand_over": forward_to("renshe"),
    })
}
