//! 检举控告: the restricted queue, the guard of Art. 30, and nothing of it where the accused could see it.

use contracts::agency::commands::{Opened, Task};
use serde_json::{Value, json};
use suite::client::Client;

use crate::office::{
    Office,
    letter::{CANARIES, TEXT_CANARY, at, claim, code_of, forward_to, notice, register, step, task, with},
    wait::wait_for,
};

fn accusation() -> Value {
    with(
        claim(),
        json!({
            "purpose": "accusation",
            "title": format!("反映有人在{TEXT_CANARY}采购中收受回扣"),
            "accused_agencies": ["qingyan"],
        }),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accusation_is_seen_by_its_officer_and_the_agency_alone() {
    let office = Office::start(&["jiwei", "qingyan"]).await;
    let registrar = office.person("registrar").await;
    let officer = office.person("restricted").await;
    let receipt = register(&registrar, "accusation-1", &accusation()).await;
    let id = receipt.submission_id.to_string();

    queue_holds(&officer, &id).await;
    guard_refuses(&officer, &id).await;
    let screened = screened(&officer, &id, "jiwei").await;
    assert!(screened.is_ok(), "{screened:?}");

    let handler = office.person("jiwei.handler").await;
    let mut task = task(&handler, &id, "").await;
    assert!(task.dispatch.restricted);
    handled(&handler, &mut task).await;

    hidden(&office, &id).await;
    let seen: Value = office
        .door
        .post("/api/v1/lookup", &json!({ "number": receipt.number, "query_code": receipt.query_code }))
        .await
        .expect("its sender looks it up");
    assert_eq!(at(&seen, "/state"), "registered", "the look-up says that it was registered, and no more");
    assert_eq!(at(&seen, "/milestones").as_array().map(Vec::len), Some(1));
    assert_eq!(seen.get("agency"), None);
    let everywhere = [CANARIES.as_slice(), &[TEXT_CANARY]].concat();
    let found = office.folder.files_with(&everywhere);
    assert!(found.is_empty(), "an accusation in plain text on disk: {found:?}");
    office.stop().await;
}

async fn queue_holds(officer: &Client, id: &str) {
    wait_for("the restricted queue shows it", || async {
        let page: Value = officer.get("/api/v1/restricted?limit=50").await.expect("the queue");
        let rows = at(&page, "/items").as_array().expect("rows").clone();
        rows.iter().any(|row| at(row, "/matter_id") == id).then_some(())
    })
    .await;
}

/// Screens at the version of the moment; the facts of an accusation are fetched first.
async fn screened(officer: &Client, id: &str, agency: &str) -> anyhow::Result<Value> {
    wait_for("its facts are known", || async {
        let view: Value = officer.get(&format!("/api/v1/matters/{id}")).await.expect("the matter");
        let decision = json!({
            "expected_version": view.pointer("/routing/version").cloned().unwrap_or(json!(0)),
            "purpose": "accusation",
            "level": "city",
            "hand_over": forward_to(agency),
        });
        let answer = officer.post::<Value>(&format!("/api/v1/matters/{id}/screen"), &decision).await;
        let early = ["accused_not_known_yet", "not_here_yet", "stale_version"];
        match &answer {
            Err(e) if suite::client::problem_code(e).is_some_and(|code| early.contains(&code)) => None,
            _ => Some(answer),
        }
    })
    .await
}

/// Neither the accused unit nor one under it; the refusal does not say which is accused.
async fn guard_refuses(officer: &Client, id: &str) {
    for agency in ["qingyan", "huaiqiao", "qyrenshe"] {
        let refused = crate::office::letter::refused(screened(officer, id, agency).await);
        assert_eq!(refused.code, "accused_unit", "{agency}");
        assert!(refused.detail.contains("[hand_over.agency]"), "{}", refused.detail);
    }
}

async fn handled(handler: &Client, task: &mut Task) {
    let path = format!("/api/v1/tasks/{}/open", task.dispatch.assignment_id);
    let text = wait_for("intake knows the right", || async {
        let asked = json!({ "part": "text", "purpose": "handling" });
        match handler.post::<Opened>(&path, &asked).await {
            Ok(opened) => Some(opened),
            Err(error) if suite::client::problem_code(&error) == Some("right_not_here_yet") => None,
            Err(error) => panic!("{error:#}"),
        }
    })
    .await;
    let Opened::Text(content) = text else { panic!("another part") };
    assert!(content.title.contains(TEXT_CANARY));
    let contact = json!({ "part": "contact", "purpose": "contacting" });
    assert_eq!(code_of(handler.post::<Value>(&path, &contact).await), "contact_withheld");
    step(handler, task, "sign", json!({}), "").await.expect("signed");
    step(handler, task, "notify_acceptance", notice(), "").await.expect("accepted");
    step(handler, task, "complete", json!({ "close_code": "T" }), "").await.expect("transferred");
}

/// On no board, in no search, in no count, at no other desk, at no other agency.
async fn hidden(office: &Office, id: &str) {
    for login in ["screener", "registrar", "director", "leader", "qingyan.handler", "qingyan.head"] {
        let person = office.person(login).await;
        let shown = person.get::<Value>(&format!("/api/v1/matters/{id}")).await;
        let code = code_of(shown);
        assert!(
            ["no_such_matter_here", "matter_not_here", "no_such_matter", "forbidden"]
                .contains(&code.as_str()),
            "{login}: {code}"
        );
        let unknown = code_of(person.get::<Value>(&format!("/api/v1/matters/{}", another_id(id))).await);
        assert_eq!(code, unknown, "{login} can tell an accusation from what does not exist");
        for query in ["", "?q=%E7%8E%B3%E7%91%81%E7%BA%B9", "?purpose=accusation", "?agency=jiwei"] {
            let page: Value = person.get(&format!("/api/v1/matters{query}")).await.expect("the board");
            assert_eq!(at(&page, "/items"), &json!([]), "{login} {query}");
        }
        let counts: Value = person.get("/api/v1/counts").await.expect("counts");
        assert_eq!(at(&counts, "/total"), 0, "{login}: {counts}");
        assert_eq!(counts.get("restricted"), None, "{login}");
        let queue = code_of(person.get::<Value>("/api/v1/restricted").await);
        assert!(!queue.is_empty(), "{login}");
        for part in ["content", "identity"] {
            let opened = person
                .post::<Value>(&format!("/api/v1/matters/{id}/{part}"), &json!({ "purpose": "screening" }))
                .await;
            code_of(opened);
        }
    }
    let accused: Value =
        office.person("qingyan.handler").await.get("/api/v1/tasks").await.expect("its tasks");
    assert_eq!(at(&accused, "/items"), &json!([]));
}

/// An id of the same shape that nobody has.
fn another_id(id: &str) -> String {
    let fresh: kernel::MatterId = kernel::IdMint::system().mint();
    assert_ne!(fresh.to_string(), id);
    fresh.to_string()
}
