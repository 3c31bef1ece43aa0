//! A late agency: warned, overdue, urged; it replies, is sent back, replies again, and the order is closed.

use contracts::{
    Page,
    agency::commands::ReceivedOrder,
    codes::{DutyState, OrderState},
    supervision::commands::{DutyView, OrderView},
};
use serde_json::{Value, json};
use suite::client::Client;

use crate::office::{
    Office,
    letter::{at, claim, code_of, forward_to, matter, notice, register, screen, step, task},
    wait::wait_for,
};

/// A duty of a matter, once it is as wanted.
async fn duty(by: &Client, id: &str, rule: &str, wanted: impl Fn(&DutyView) -> bool) -> DutyView {
    wait_for("the duty is as wanted", || async {
        let path = format!("/api/v1/matters/{id}/duties");
        let all: Page<DutyView> = suite::client::patiently(by.get(&path).await).expect("duties")?;
        all.items.into_iter().find(|duty| duty.rule.code() == rule && wanted(duty))
    })
    .await
}

/// The one order, once it is in a state.
async fn order(by: &Client, state: OrderState) -> OrderView {
    wait_for("the order is in its state", || async {
        let page: Page<OrderView> = by.get("/api/v1/orders").await.expect("orders");
        assert!(page.items.len() <= 1, "one order at a time");
        page.items.into_iter().find(|order| order.state == state)
    })
    .await
}

async fn received(by: &Client, state: OrderState) -> ReceivedOrder {
    wait_for("the agency has the order in its state", || async {
        let page: Page<ReceivedOrder> = by.get("/api/v1/tasks/orders").await.expect("orders");
        page.items.into_iter().find(|order| order.state == state)
    })
    .await
}

async fn reply(by: &Client, order: &ReceivedOrder, text: &str) {
    let path = format!("/api/v1/tasks/orders/{}/reply_order", order.dispatch.order_id);
    let body = json!({ "expected_version": order.version, "text": text });
    by.post::<Value>(&path, &body).await.expect("replied");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_agency_is_warned_breached_urged_and_answers() {
    let office = Office::start(&["shifu", "renshe"]).await;
    let officer = office.person("supervisor").await;
    let (screener, handler) = (office.person("screener").await, office.person("renshe.handler").await);
    let receipt = register(&office.person("registrar").await, "late-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
    let mut late = task(&handler, &id, "").await;
    step(&handler, &mut late, "sign", json!({}), "").await.expect("signed");
    duty(&officer, &id, "T03", |d| d.state == DutyState::Running && d.warned.is_none()).await;

    office.set_clock("2026-08-15T09:00:00+08:00");
    duty(&officer, &id, "T03", |d| d.warned == Some(80)).await;
    office.set_clock("2026-08-19T09:00:00+08:00");
    let breached = duty(&officer, &id, "T03", |d| d.state == DutyState::Breached).await;
    assert_eq!(breached.breached_on.map(|on| on.to_string()).as_deref(), Some("2026-08-19"));
    // Acceptance is deemed at receipt and 15 days: T06 does not stay dormant.
    let handling = duty(&officer, &id, "T06", |d| d.state == DutyState::Running).await;
    assert_eq!(handling.due.start_on.to_string(), "2026-08-18");

    let draft = order(&officer, OrderState::Draft).await;
    let issue = json!({
        "assignment_id": draft.assignment_id, "order_id": draft.order_id, "cause": draft.cause,
        "owed": draft.owed, "due_on": "2026-08-26",
    });
    let path = format!("/api/v1/matters/{id}/issue_order");
    assert_eq!(code_of(screener.post::<Value>(&path, &issue).await), "not_allowed");
    officer.post::<Value>(&path, &issue).await.expect("issued");
    let letter = received(&handler, OrderState::Issued).await;
    assert_eq!(letter.dispatch.document_number, "信督〔2026〕1号");
    let other = office.person("shifu.handler").await;
    let none: Page<ReceivedOrder> = other.get("/api/v1/tasks/orders").await.expect("its own");
    assert!(none.items.is_empty(), "an order reaches its own agency alone");

    let acknowledge = format!("/api/v1/tasks/orders/{}/acknowledge_order", draft.order_id);
    handler
        .post::<Value>(&acknowledge, &json!({ "expected_version": letter.version }))
        .await
        .expect("in hand");
    order(&officer, OrderState::Acknowledged).await;
    reply(&handler, &received(&handler, OrderState::Acknowledged).await, "正在办理。").await;
    let replied = order(&officer, OrderState::Replied).await;
    let judge = format!("/api/v1/orders/{}/judge_order", draft.order_id);
    let back = json!({
        "expected_version": replied.version, "verdict": "send_back", "reason": "no_date", "due_on": "2026-08-28",
    });
    officer.post::<Value>(&judge, &back).await.expect("sent back");
    let again = received(&handler, OrderState::SentBack).await;
    assert_eq!(again.due_on.to_string(), "2026-08-28");
    // The agency does what it owes, late, and says so.
    late.version = task(&handler, &id, "").await.version;
    step(&handler, &mut late, "notify_acceptance", notice(), "").await.expect("accepted late");
    reply(&handler, &again, "已于8月19日书面告知信访人，8月28日前办结。").await;
    let replied = order(&officer, OrderState::Replied).await;
    let (_, content) = replied.replies.last().copied().expect("two replies");
    let paper: Value = officer
        .post(
            &format!("/api/v1/matters/{id}/paper"),
            &json!({ "content_id": content, "purpose": "auditing" }),
        )
        .await
        .expect("the reply is read");
    assert!(at(&paper, "/body").as_str().expect("a body").contains("8月28日前办结"));
    let accept = json!({ "expected_version": replied.version, "verdict": "accept" });
    officer.post::<Value>(&judge, &accept).await.expect("closed");
    received(&handler, OrderState::Closed).await;

    let met = duty(&officer, &id, "T03", |d| d.met_on.is_some()).await;
    assert_eq!(met.state, DutyState::Breached, "met late stays breached");
    let view = matter(&screener, &id).await;
    let events: Vec<&str> = at(&view, "/timeline")
        .as_array()
        .expect("events")
        .iter()
        .filter_map(|e| e["type"].as_str())
        .collect();
    for told in ["duty_warned", "duty_breached", "acceptance_deemed", "order_issued", "order_closed"] {
        assert!(events.contains(&told), "{told} in {events:?}");
    }
    office.stop().await;
}
