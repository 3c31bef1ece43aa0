//! 异议 (Art. 23) and 管辖争议 (Art. 24): upheld and re-routed, rejected, decided by the common superior.

use contracts::{agency::commands::PaperBody, codes::AssignmentState as S};
use serde_json::{Value, json};
use suite::client::Client;

use crate::office::{
    Office, Store,
    letter::{at, claim, code_of, forward_to, matter, notice, on_board, register, screen, step, task},
};

fn objection(proposed: Option<&str>) -> Value {
    json!({
        "reasons": "该项目由住建部门监管，不属本单位职责。",
        "own_duties": "《市人社局职责规定》第三条",
        "proposed_agency": proposed,
    })
}

async fn rule(clerk: &Client, id: &str, verb: &str, reason: &str) -> anyhow::Result<Value> {
    let view = matter(clerk, id).await;
    let last =
        at(&view, "/routing/assignments").as_array().expect("assignments").last().expect("one").clone();
    let command = json!({
        "expected_version": at(&view, "/routing/version"),
        "assignment_id": at(&last, "/assignment_id"),
        "reason": reason,
        "note": "经核实",
    });
    clerk.post(&format!("/api/v1/matters/{id}/{verb}"), &command).await
}

async fn forward(clerk: &Client, id: &str, hand_over: Value) -> anyhow::Result<Value> {
    let view = matter(clerk, id).await;
    let command = json!({ "expected_version": at(&view, "/routing/version"), "hand_over": hand_over });
    clerk.post(&format!("/api/v1/matters/{id}/forward"), &command).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_refusals_become_a_dispute_that_the_common_superior_decides_on_sqlite() {
    let office = Office::start(&["renshe", "zhujian"]).await;
    dispute(&office).await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_refusals_become_a_dispute_that_the_common_superior_decides_on_postgresql() {
    let Some(office) = Office::start_on(Store::Postgres, &["renshe", "zhujian"]).await else { return };
    dispute(&office).await;
    office.stop().await;
}

async fn dispute(office: &Office) {
    let (screener, director) = (office.person("screener").await, office.person("director").await);
    let (first, second) = (office.person("renshe.handler").await, office.person("zhujian.handler").await);
    let receipt = register(&office.person("registrar").await, "object-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");

    let mut refused = task(&first, &id, "").await;
    let t03 = refused.dues[0].clone();
    step(&first, &mut refused, "object", objection(Some("zhujian")), "").await.expect("objected");
    assert_eq!(refused.state, S::Objected);
    let view = on_board(&screener, &id, "objected").await;
    assert_eq!(at(&view, "/routing/assignments/0/objections/0/late"), false);
    assert_eq!(at(&view, "/routing/assignments/0/dues/0"), &serde_json::to_value(&t03).expect("json"));
    // The office reads the reasons where they lie sealed; the bus carried none.
    let letter = at(&view, "/routing/assignments/0/objections/0/content_id");
    let asked = json!({ "content_id": letter, "purpose": "auditing" });
    let paper: Value =
        screener.post(&format!("/api/v1/matters/{id}/paper"), &asked).await.expect("the letter");
    let body: PaperBody = serde_json::from_str(at(&paper, "/body").as_str().expect("body")).expect("paper");
    let PaperBody::Objection { reasons, .. } = body else { panic!("another paper") };
    assert!(reasons.contains("住建部门"));
    assert!(office.folder.files_with(&["该项目由住建部门监管"]).is_empty(), "in plain text on disk");

    let own = json!({ "expected_version": 1, "assignment_id": at(&view, "/routing/assignments/0/assignment_id"),
        "reason": "not_competent" });
    let path = format!("/api/v1/matters/{id}/uphold_objection");
    code_of(first.post::<Value>(&path, &own).await);
    rule(&screener, &id, "uphold_objection", "not_competent").await.expect("upheld");
    on_board(&screener, &id, "returned").await;
    assert_eq!(code_of(forward(&screener, &id, forward_to("renshe")).await), "unit_refused_before");
    forward(&screener, &id, forward_to("zhujian")).await.expect("re-routed");
    ended(&first, &refused.dispatch.assignment_id.to_string()).await;

    let mut again = task(&second, &id, "").await;
    assert_eq!(again.dispatch.assignment_no, 2);
    step(&second, &mut again, "object", objection(None), "").await.expect("objected");
    on_board(&screener, &id, "objected").await;
    rule(&director, &id, "uphold_objection", "not_competent").await.expect("upheld");
    let view = on_board(&screener, &id, "disputed").await;
    assert_eq!(at(&view, "/routing/bounces"), 2);
    assert_eq!(at(&view, "/routing/dispute/deciders"), &json!({ "superior": "shifu" }));
    decided(&screener, &first, &id, &view).await;
}

/// The unit's task is over and its text closed to it.
async fn ended(handler: &Client, assignment: &str) {
    let path = format!("/api/v1/tasks/{assignment}");
    crate::office::wait::wait_for("the ruling arrives", || async {
        let shown: Value = handler.get(&path).await.expect("its task");
        (at(&shown, "/state") == "returned").then_some(())
    })
    .await;
    let open = json!({ "part": "text", "purpose": "handling" });
    assert_eq!(code_of(handler.post::<Value>(&format!("{path}/open"), &open).await), "task_wrong_state");
}

/// The decision names the unit that refused first; it cannot object any more.
async fn decided(screener: &Client, handler: &Client, id: &str, view: &Value) {
    let mut decision = json!({
        "expected_version": at(view, "/routing/version"),
        "lead": "renshe",
        "due_on": "2026-10-30",
        "by": "resolution:rs-1",
        "document_number": "云政办函〔2026〕3号",
    });
    let path = format!("/api/v1/matters/{id}/decide_competence");
    assert_eq!(code_of(screener.post::<Value>(&path, &decision).await), "not_the_decider");
    decision["by"] = json!("superior:shifu");
    screener.post::<Value>(&path, &decision).await.expect("recorded");
    on_board(screener, id, "assigned").await;
    let mut binding = crate::office::wait::wait_for("the binding task arrives", || async {
        let tasks: contracts::Page<contracts::agency::commands::Task> =
            handler.get("/api/v1/tasks?open_only=true").await.expect("tasks");
        tasks.items.into_iter().find(|t| t.dispatch.matter_id.to_string() == *id)
    })
    .await;
    assert!(binding.dispatch.binding);
    let refused = step(handler, &mut binding, "object", objection(None), "").await;
    assert_eq!(code_of(refused), "competence_decided");
    step(handler, &mut binding, "notify_acceptance", notice(), "").await.expect("accepted");
    on_board(screener, id, "handling").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_objection_goes_on_under_the_same_limit() {
    let office = Office::start(&["renshe"]).await;
    let (screener, handler) = (office.person("screener").await, office.person("renshe.handler").await);
    let receipt = register(&office.person("registrar").await, "object-2", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
    let mut held = task(&handler, &id, "").await;
    let t03 = held.dues[0].clone();
    step(&handler, &mut held, "object", objection(None), "").await.expect("objected");
    on_board(&screener, &id, "objected").await;
    rule(&screener, &id, "reject_objection", "within_duties").await.expect("rejected");
    on_board(&screener, &id, "forwarded").await;
    let path = format!("/api/v1/tasks/{}", held.dispatch.assignment_id);
    let mut back: contracts::agency::commands::Task =
        crate::office::wait::wait_for("the ruling arrives", || async {
            let shown: contracts::agency::commands::Task = handler.get(&path).await.expect("its task");
            (shown.state == S::Delivered).then_some(shown)
        })
        .await;
    assert_eq!(back.dues[0], t03, "T03 never stopped");
    step(&handler, &mut back, "notify_acceptance", notice(), "").await.expect("accepted");
    on_board(&screener, &id, "handling").await;
    office.stop().await;
}
