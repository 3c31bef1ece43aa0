//! 延期 (Art. 34): the head lengthens the handling, once; office, agency and petitioner see the new date.

use serde_json::{Value, json};

use crate::office::{
    Office,
    letter::{at, claim, code_of, forward_to, notice, on_board, opinion, register, screen, step, task},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_extension_moves_the_limit_for_everybody_who_may_see_it() {
    let office = Office::start(&["renshe"]).await;
    let screener = office.person("screener").await;
    let (handler, head) = (office.person("renshe.handler").await, office.person("renshe.head").await);
    let receipt = register(&office.person("registrar").await, "extend-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
    let mut held = task(&handler, &id, "").await;
    step(&handler, &mut held, "notify_acceptance", notice(), "").await.expect("accepted");
    let asked = |days: u32| json!({ "days": days, "reason": "需委托鉴定。", "approver": "沈志强 局长" });
    assert_eq!(code_of(step(&handler, &mut held, "extend", asked(30), "").await), "head_signs");
    assert_eq!(code_of(step(&head, &mut held, "extend", asked(31), "").await), "extension_too_long");
    step(&head, &mut held, "extend", asked(30), "").await.expect("extended");
    assert_eq!(code_of(step(&head, &mut held, "extend", asked(1), "").await), "second_extension");

    let view = on_board(&screener, &id, "extended").await;
    let dues = at(&view, "/routing/assignments/0/dues").as_array().expect("limits").clone();
    let t06 = dues.iter().find(|due| at(due, "/rule") == "T06").expect("T06");
    // Ninety days from 3 August, over a Sunday.
    assert_eq!((at(t06, "/nominal_on"), at(t06, "/legal_on")), (&json!("2026-11-01"), &json!("2026-11-02")));
    assert_eq!(at(&view, "/board/due/extended_days"), 30);
    let ask = json!({ "number": receipt.number, "query_code": receipt.query_code });
    let seen: Value = office.door.post("/api/v1/lookup", &ask).await.expect("looked up");
    let milestones = at(&seen, "/milestones").as_array().expect("milestones").clone();
    assert!(milestones.iter().any(|m| at(m, "/code") == "extended"), "{milestones:?}");
    step(&head, &mut held, "issue_opinion", opinion(2), "").await.expect("issued");
    on_board(&screener, &id, "opinion_issued").await;
    office.stop().await;
}
