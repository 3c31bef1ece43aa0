//! What has a version gives an `ETag` and takes it back; lists turn pages; papers and status are there for programs.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::furnished::{Furnished, furnished};
use crate::office::wait::wait_for;

struct Asker {
    base: String,
    http: reqwest::Client,
    token: String,
}

impl Asker {
    async fn of(there: &Furnished, login: &str) -> Self {
        let base = there.office.suite.console().expect("a console").to_owned();
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { base, http, token: there.office.token(login).await }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        header: Option<(&str, &str)>,
        body: Option<Value>,
    ) -> Response {
        let asked = self.http.request(method, format!("{}/api/v1/{path}", self.base.trim_end_matches('/')));
        let asked = asked.bearer_auth(&self.token).header("accept-language", "en");
        let asked = header.into_iter().fold(asked, |asked, (name, value)| asked.header(name, value));
        let asked = body.into_iter().fold(asked, |asked, body| asked.json(&body));
        asked.send().await.expect("an answer")
    }

    async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, None, None).await
    }

    /// The tag of a thing; read again with it, it is not sent again.
    async fn tag(&self, path: &str) -> String {
        let shown = self.get(path).await;
        assert_eq!(shown.status(), StatusCode::OK, "{path}");
        let tag = shown.headers().get("etag").and_then(|v| v.to_str().ok()).expect("a tag").to_owned();
        let again = self.send(Method::GET, path, Some(("if-none-match", &tag)), None).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        tag
    }

    /// A step over a version that is not there.
    async fn stale(&self, path: &str, body: Value) {
        let told = self.send(Method::POST, path, Some(("if-match", "\"99\"")), Some(body)).await;
        assert_eq!(told.status(), StatusCode::CONFLICT, "{path}");
        let told: Value = told.json().await.expect("a problem");
        assert!(told["code"].as_str().is_some_and(|code| code.contains("stale")), "{path}: {told}");
    }

    /// Every row of a list is on one page, two at a time.
    async fn turns_pages(&self, path: &str) {
        let all: Value = self.get(&format!("{path}?limit=200")).await.json().await.expect("a page");
        let all = all["items"].as_array().expect("rows").clone();
        let (mut turned, mut after) = (Vec::new(), String::new());
        loop {
            let page: Value = self.get(&format!("{path}?limit=2{after}")).await.json().await.expect("a page");
            turned.extend(page["items"].as_array().expect("rows").clone());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert!(turned == all && all.len() > 2, "{path}: {} of {}", turned.len(), all.len());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_a_version_says_so_and_a_step_over_another_one_is_refused() {
    let there = furnished().await;
    let (director, desk) = (Asker::of(&there, "director").await, Asker::of(&there, "desk").await);
    let handler = Asker::of(&there, "renshe.handler").await;
    let order = format!("orders/{}", there.order);
    director.tag(&order).await;
    director.stale(&format!("{order}/judge_order"), json!({ "verdict": "accept" })).await;
    let received = format!("tasks/orders/{}", there.order);
    let seen = handler.tag(&received).await;
    handler.stale(&format!("{received}/acknowledge_order"), json!({})).await;
    let path = format!("{received}/acknowledge_order");
    let taken = handler.send(Method::POST, &path, Some(("if-match", &seen)), Some(json!({}))).await;
    assert_eq!(taken.status(), StatusCode::OK);
    assert_ne!(handler.tag(&received).await, seen, "it has moved on");
    let notice = format!("notices/{}", there.notice);
    desk.tag(&notice).await;
    let delivered = json!({ "delivered_on": "2026-08-03", "way": "mail", "proof": "XA1" });
    desk.stale(&format!("{notice}/deliver"), delivered).await;
    director.tag(&format!("meetings/{}", there.meeting)).await;
    director.tag(&format!("agenda/{}", there.item)).await;
    let unknown = director.get("resolution_tasks/tk_01k1v7f5r00000000000000000").await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);

    for path in ["agencies", "categories"] {
        director.turns_pages(path).await;
    }
    Asker::of(&there, "admin").await.turns_pages("users").await;
    let lost = director.get("agencies?after=nowhere").await;
    assert_eq!(lost.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let kind = |answer: &Response| answer.headers()["content-type"].to_str().expect("text").to_owned();
    let receipt = desk.get(&format!("matters/{}/papers/receipt", there.waiting)).await;
    assert_eq!((receipt.status(), kind(&receipt).starts_with("text/html")), (StatusCode::OK, true));
    assert!(receipt.text().await.expect("a page").contains("<html"));
    let notice = director.get(&format!("meetings/{}/papers/notice", there.meeting)).await;
    assert!(notice.text().await.expect("a page").contains("市民中心A座301会议室"));
    let admin = Asker::of(&there, "admin").await;
    // Each part says how it is once it has looked.
    wait_for("all parts are well", || async {
        let status: Value = admin.get("status").await.json().await.expect("a status");
        (status["health"] == "ok" && status["bus_up"] == true).then_some(())
    })
    .await;
    there.office.stop().await;
}
