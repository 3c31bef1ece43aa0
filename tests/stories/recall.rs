//! 撤回误转: a wrong forward comes back, and the agency that had it can open nothing any more.

use contracts::{agency::commands::Task, codes::AssignmentState};
use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{
        at, claim, code_of, command, forward_to, matter, notice, on_board, register, screen, step, task,
    },
    wait::wait_for,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_forward_is_recalled_before_acceptance_and_not_after() {
    let office = Office::start(&["shifu", "renshe"]).await;
    let screener = office.person("screener").await;
    let (wrong, right) = (office.person("shifu.handler").await, office.person("renshe.handler").await);
    let receipt = register(&office.person("registrar").await, "recall-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("shifu")).await.expect("forwarded");
    let mut astray = task(&wrong, &id, "").await;
    step(&wrong, &mut astray, "sign", json!({}), "").await.expect("signed");

    let assignment =
        |view: &Value, n: usize| at(view, &format!("/routing/assignments/{n}/assignment_id")).clone();
    let first = assignment(&matter(&screener, &id).await, 0);
    let recall = json!({ "assignment_id": first, "reason": "wrong_agency" });
    command(&screener, &id, "recall", recall).await.expect("recalled");
    let view = on_board(&screener, &id, "screened").await;
    for claim in at(&view, "/routing/claims").as_array().expect("claims") {
        assert_eq!(at(claim, "/holder"), "office", "between two agencies the office holds each claim");
    }
    let path = format!("/api/v1/tasks/{}", astray.dispatch.assignment_id);
    let recalled: Task = wait_for("the agency hears of the recall", || async {
        let task: Task = wrong.get(&path).await.expect("its task");
        (task.state == AssignmentState::Recalled).then_some(task)
    })
    .await;
    astray.version = recalled.version;
    assert_eq!(code_of(step(&wrong, &mut astray, "notify_acceptance", notice(), "").await), "task_recalled");
    let opened =
        wrong.post::<Value>(&format!("{path}/open"), &json!({ "part": "text", "purpose": "handling" })).await;
    let code = code_of(opened);
    assert!(["right_recalled", "task_recalled"].contains(&code.as_str()), "{code}");

    command(&screener, &id, "forward", json!({ "hand_over": forward_to("renshe") }))
        .await
        .expect("forwarded anew");
    let mut found = task(&right, &id, "").await;
    assert_eq!(found.dispatch.assignment_no, 2);
    step(&right, &mut found, "sign", json!({}), "").await.expect("signed");
    step(&right, &mut found, "notify_acceptance", notice(), "").await.expect("accepted");
    let view = on_board(&screener, &id, "handling").await;
    let recall = json!({ "assignment_id": assignment(&view, 1), "reason": "wrong_agency" });
    assert_eq!(code_of(command(&screener, &id, "recall", recall).await), "already_accepted");
    let row = wrong.get::<Value>(&format!("/api/v1/matters/{id}")).await;
    code_of(row);
    office.stop().await;
}
