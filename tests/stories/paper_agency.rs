//! 没有电脑的单位: the office records its steps from papers; nobody else's steps.

use contracts::codes::AssignmentState;
use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{at, claim, code_of, forward_to, notice, on_board, opinion, register, screen, step, task, with},
};

const FENGDU: &str = "agency=fengdu";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_records_the_steps_of_an_agency_without_computers() {
    let office = Office::start(&["fengdu", "renshe"]).await;
    let desk = office.person("desk").await;
    let receipt = register(&desk, "paper-1", &with(claim(), json!({ "place_region": "990102003" }))).await;
    let id = receipt.submission_id.to_string();
    screen(&desk, &id, forward_to("fengdu")).await.expect("forwarded");
    let mut task = task(&desk, &id, &format!("&{FENGDU}")).await;

    let asked = format!("?{FENGDU}");
    let bare = code_of(step(&desk, &mut task, "sign", json!({}), &asked).await);
    assert_eq!(bare, "paper_owed_on_behalf");
    let scan = desk.upload("枫渡乡回执.pdf", b"%PDF-1.4\nscan\n".to_vec()).await.expect("a scan");
    let paper = json!({ "on_behalf_paper": at(&scan, "/attachment_id") });
    let from_paper = |body: Value| with(body, paper.clone());
    step(&desk, &mut task, "sign", from_paper(json!({})), &asked).await.expect("signed");
    step(&desk, &mut task, "notify_acceptance", from_paper(notice()), &asked).await.expect("accepted");
    step(&desk, &mut task, "issue_opinion", from_paper(opinion(2)), &asked).await.expect("issued");
    let service = json!({ "way": "mail", "served_on": "2026-08-03", "proof": "挂号信回执" });
    step(&desk, &mut task, "record_service", from_paper(service), &asked).await.expect("served");
    step(&desk, &mut task, "complete", from_paper(json!({ "close_code": "S" })), &asked)
        .await
        .expect("closed");
    assert_eq!(task.state, AssignmentState::Closed);

    let view = on_board(&desk, &id, "closed").await;
    let told: Vec<&Value> = at(&view, "/timeline").as_array().expect("timeline").iter().collect();
    for event in ["acceptance_notified", "opinion_issued", "opinion_served", "matter_closed"] {
        let row = told
            .iter()
            .find(|e| e.to_string().contains(event))
            .unwrap_or_else(|| panic!("no {event}: {told:?}"));
        assert!(
            row.to_string().contains("\"on_behalf\":true"),
            "{event} does not say who recorded it: {row}"
        );
    }
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_records_nothing_for_an_agency_that_works_itself() {
    let office = Office::start(&["renshe"]).await;
    let (desk, handler) = (office.person("desk").await, office.person("renshe.handler").await);
    let receipt = register(&desk, "paper-2", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&desk, &id, forward_to("renshe")).await.expect("forwarded");
    let mut task = task(&handler, &id, "").await;
    let scan = desk.upload("回执.pdf", b"%PDF-1.4\nscan\n".to_vec()).await.expect("a scan");
    let with_paper = json!({ "on_behalf_paper": at(&scan, "/attachment_id") });
    let by_office = step(&desk, &mut task, "sign", with_paper.clone(), "?agency=renshe").await;
    assert_eq!(code_of(by_office), "on_behalf_not_needed");
    let by_itself = step(&handler, &mut task, "sign", with_paper, "").await;
    assert_eq!(code_of(by_itself), "on_behalf_not_yours");
    step(&handler, &mut task, "sign", json!({}), "").await.expect("signed");
    office.stop().await;
}
