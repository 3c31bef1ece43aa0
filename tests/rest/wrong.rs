//! Requests that cannot be right: each gets its problem document, in the reader's language, and nothing is stored.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use suite::books::{self, Book};

use crate::{
    checker::read::rows,
    office::{
        Office, Store,
        letter::{claim, matter, proposed, register, with},
        wait::wait_for,
    },
};

struct Told {
    status: u16,
    code: String,
    field: String,
    kind: String,
    detail: String,
}

async fn send(office: &Office, token: &str, path: &str, kind: &str, body: Vec<u8>) -> Told {
    let url = format!("{}{path}", office.suite.console().expect("a console"));
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = http.post(url).header("content-type", kind).header("accept-language", "en").body(body);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let kind =
        answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let told: Value = answer.json().await.unwrap_or_default();
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    Told { status, code: text("code"), field: text("field"), kind, detail: text("detail") }
}

/// A request, and how it is refused.
struct Wrong<'a> {
    what: &'static str,
    token: &'a str,
    path: &'a str,
    kind: &'static str,
    body: Vec<u8>,
    told: (u16, &'static str, &'static str),
}

const JSON: &str = "application/json";
const FORM: &str = "/api/v1/submissions";

fn letter(changes: Value) -> Vec<u8> {
    with(claim(), changes).to_string().into_bytes()
}

/// A letter that cannot be registered.
fn wrong_letter<'a>(
    what: &'static str,
    desk: &'a str,
    changes: Value,
    told: (u16, &'static str, &'static str),
) -> Wrong<'a> {
    Wrong { what, token: desk, path: FORM, kind: JSON, body: letter(changes), told }
}

fn letters(desk: &str) -> Vec<Wrong<'_>> {
    let malformed = |field| (422, "malformed_input", field);
    let of = |what, changes, told| wrong_letter(what, desk, changes, told);
    vec![
        of("oversized", json!({ "text": "很".repeat(200_000) }), (413, "body_too_large", "")),
        of("too long", json!({ "title": "长".repeat(101) }), (422, "field_too_long", "title")),
        of("wrongly typed", json!({ "heads": "three" }), malformed("heads")),
        of("unknown field", json!({ "received_at": 1 }), malformed("received_at")),
        of("wrong code", json!({ "channel": "telepathy" }), malformed("channel")),
        of("no such day", json!({ "written_on": "2026-02-30" }), malformed("written_on")),
        of("impossible", json!({ "received_on": "2027-01-01" }), (422, "received_in_future", "received_on")),
    ]
}

/// Requests that fail before anybody reads what they say, and steps that the matter's state forbids.
fn steps<'a>(desk: &'a str, handler: &'a str, screener: &'a str, waiting: &'a str) -> Vec<Wrong<'a>> {
    let nowhere = "/api/v1/matters/xf_01k1v7f5r00000000000000000/recall";
    let post = |what, token, path, body: Value, told| {
        let body = body.to_string().into_bytes();
        Wrong { what, token, path, kind: JSON, body, told }
    };
    let recall = json!({
        "expected_version": 99, "assignment_id": "as_01k1v7f5r00000000000000000", "reason": "wrong_agency",
    });
    vec![
        Wrong {
            what: "malformed",
            token: desk,
            path: FORM,
            kind: JSON,
            body: b"{\"channel\": ".to_vec(),
            told: (422, "malformed_input", "channel"),
        },
        Wrong {
            what: "no JSON",
            token: desk,
            path: FORM,
            kind: "text/plain",
            body: b"x".to_vec(),
            told: (422, "unsupported_media_type", ""),
        },
        post("unauthorised", "", nowhere, json!({}), (401, "not_signed_in", "")),
        post("a token that is none", "lxa_nonsense", FORM, claim(), (401, "not_signed_in", "")),
        // An agency's own people recall nothing.
        post("forbidden", handler, nowhere, json!({}), (403, "not_allowed", "")),
        post("no id", screener, "/api/v1/matters/9/recall", recall.clone(), (404, "bad_id", "")),
        post("no such matter", screener, nowhere, recall.clone(), (409, "not_here_yet", "")),
        post("seen another version", screener, waiting, recall, (409, "stale_version", "expected_version")),
    ]
}

/// Rows by service and table.
type Counts = BTreeMap<(String, String), usize>;

/// How many rows every table of every store has.
async fn counts(books: &[Book]) -> Counts {
    let mut counts = Counts::new();
    for book in books {
        for (table, _) in rows(&book.db, &[]).await {
            *counts.entry((book.name.clone(), table)).or_default() += 1;
        }
    }
    counts
}

/// For so long nothing moves.
const STILL: Duration = Duration::from_millis(750);

/// The same once nothing moves any more: facts are on their way for a moment after a registration.
async fn settled(books: &[Book]) -> Counts {
    // A look takes long where the machine is busy: what counts is for how long nothing moved, not how many looks.
    let last = RefCell::new((Counts::new(), Instant::now()));
    wait_for("the stores stand still", || async {
        let (begun, now) = (Instant::now(), counts(books).await);
        let mut last = last.borrow_mut();
        if now == last.0 {
            return (last.1.elapsed() >= STILL).then_some(now);
        }
        *last = (now, begun);
        None
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_wrong_request_is_told_why_and_nothing_is_half_stored_on_sqlite() {
    wrong(Office::start(&["renshe"]).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_wrong_request_is_told_why_and_nothing_is_half_stored_on_postgresql() {
    let Some(office) = Office::start_on(Store::Postgres, &["renshe"]).await else { return };
    wrong(office).await;
}

async fn wrong(office: Office) {
    let desk = office.token("desk").await;
    let (handler, screener) = (office.token("renshe.handler").await, office.token("screener").await);
    let there = register(&office.person("desk").await, "there", &claim()).await;
    // Routing has it, or says that it has not.
    proposed(&office.person("screener").await, &there.submission_id.to_string()).await;
    let waiting = format!("/api/v1/matters/{}/recall", there.submission_id);
    let books = books::open(&office.suite.site).await.expect("books");
    let before = settled(&books).await;
    let cases = letters(&desk).into_iter().chain(steps(&desk, &handler, &screener, &waiting));
    for case in cases {
        let what = case.what;
        let told = send(&office, case.token, case.path, case.kind, case.body).await;
        assert_eq!((told.status, told.code.as_str(), told.field.as_str()), case.told, "{what}");
        assert_eq!(told.kind, "application/problem+json", "{what}");
        assert!(told.detail.is_ascii() && told.detail.len() > 10, "{what}: {}", told.detail);
    }
    assert_eq!(settled(&books).await, before, "rows of some table of some store");
    books::close(books).await;
    // What was refused took no number, is on no list and moved nothing.
    let desk = office.person("desk").await;
    let next = register(&desk, "next", &claim()).await;
    let serial = |number: &str| number.rsplit('-').next().and_then(|last| last.parse::<i64>().ok());
    assert_eq!(serial(&next.number), serial(&there.number).map(|n| n + 1));
    matter(&desk, &next.submission_id.to_string()).await;
    let counts: Value = office.person("screener").await.get("/api/v1/counts").await.expect("counts");
    let by_state = counts["by_state"].as_object().expect("counts");
    let matters: i64 = by_state.values().filter_map(Value::as_i64).sum();
    assert_eq!(matters, 2, "nothing else was stored: {counts}");
    office.stop().await;
}
