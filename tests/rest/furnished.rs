//! An office with a thing of each kind, for tests that ask each operation.

use serde_json::{Value, json};
use suite::client::{Client, patiently, problem_code};

use crate::office::{
    Office,
    letter::{claim, forward_to, register, screen, task},
    wait::wait_for,
};

/// An office with a thing of each kind.
pub struct Furnished {
    /// The office.
    pub office: Office,
    /// A matter that waits.
    pub waiting: String,
    /// A task that an agency holds.
    pub held: String,
    /// An agenda item about its matter.
    pub item: String,
    /// A meeting with the agency.
    pub meeting: String,
    /// An order about the task, which the agency has.
    pub order: String,
    /// A notice about the matter that waits.
    pub notice: String,
}

/// Furnishes an office.
pub async fn furnished() -> Furnished {
    let office = Office::start(&["renshe"]).await;
    let (desk, screener) = (office.person("desk").await, office.person("screener").await);
    let waiting = register(&desk, "waiting", &claim()).await.submission_id.to_string();
    let sent = register(&desk, "sent", &claim()).await.submission_id.to_string();
    screen(&screener, &sent, forward_to("renshe")).await.expect("forwarded");
    let handler = office.person("renshe.handler").await;
    let held = task(&handler, &sent, "").await.dispatch.assignment_id.to_string();
    let proposed = json!({ "matter_id": sent, "parties": ["renshe"] });
    let item = wait_for("meetings knows the matter", || async {
        screener.post::<Value>("/api/v1/agenda", &proposed).await.ok()
    });
    let item = item.await;
    let item = item["item_id"].as_str().expect("an id").to_owned();
    let director = office.person("director").await;
    let meeting = called(&director).await;
    let order = issued(&director, &sent, &held).await;
    let notice = wait_for("the desk has a notice", || async {
        let page: Value =
            patiently(desk.get(&format!("/api/v1/matters/{waiting}/notices")).await).expect("notices")?;
        page.pointer("/items/0/notice_id").and_then(Value::as_str).map(str::to_owned)
    })
    .await;
    for (path, id) in [("orders", &order), ("meetings", &meeting)] {
        wait_for("the agency has it", || async {
            handler.get::<Value>(&format!("/api/v1/tasks/{path}/{id}")).await.ok()
        })
        .await;
    }
    Furnished { office, waiting, held, item, meeting, order, notice }
}

/// A meeting with an agency.
async fn called(director: &Client) -> String {
    let plan = json!({
        "starts_at": "2026-08-13T09:00:00+08:00",
        "ends_at": "2026-08-13T11:00:00+08:00",
        "place": "市民中心A座301会议室",
        "reply_by": "2026-08-10",
        "agencies": [{ "agency": "renshe", "required": true }],
        "items": [],
    });
    let call = json!({ "body": "shilianxi", "kind": "working", "plan": plan });
    let called: Value = director.post("/api/v1/meetings", &call).await.expect("called");
    called["meeting_id"].as_str().expect("an id").to_owned()
}

/// An order about a task.
async fn issued(director: &Client, matter: &str, assignment: &str) -> String {
    let issue = json!({
        "assignment_id": assignment, "cause": "delay", "owed": "report", "due_on": "2026-08-20",
    });
    let path = format!("/api/v1/matters/{matter}/issue_order");
    let issued = wait_for("supervision knows the task", || async {
        match director.post::<Value>(&path, &issue).await {
            Ok(issued) => Some(issued),
            Err(error) if problem_code(&error).is_some_and(|code| code.starts_with("no_")) => None,
            Err(error) => panic!("{error:#}"),
        }
    });
    issued.await["order_id"].as_str().expect("an id").to_owned()
}
