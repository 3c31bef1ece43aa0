//! Two units of different lines refuse a matter one after the other: a dispute for the joint conference.

use serde_json::{Value, json};
use suite::client::Client;

use super::letter::{at, forward_to, matter, on_board, screen, step, task};

/// Forwards a matter to the first unit and, once that has refused, to the second, which refuses too.
pub async fn disputed(screener: &Client, units: [(&str, &Client); 2], id: &str) {
    let [(first, _), (second, _)] = units;
    screen(screener, id, forward_to(first)).await.expect("forwarded");
    for (unit, handler) in units {
        let mut refused = task(handler, id, "").await;
        let reasons = json!({
            "reasons": "不属本单位职责。",
            "own_duties": "“三定”规定第三条",
            "proposed_agency": null,
        });
        step(handler, &mut refused, "object", reasons, "").await.expect("objected");
        on_board(screener, id, "objected").await;
        uphold(screener, id).await;
        if unit == first {
            on_board(screener, id, "returned").await;
            let version = at(&matter(screener, id).await, "/routing/version").clone();
            let command = json!({ "expected_version": version, "hand_over": forward_to(second) });
            let path = format!("/api/v1/matters/{id}/forward");
            screener.post::<Value>(&path, &command).await.expect("re-routed");
        }
    }
    let view = on_board(screener, id, "disputed").await;
    assert_eq!(at(&view, "/routing/dispute/deciders"), "conference");
}

async fn uphold(screener: &Client, id: &str) {
    let view = matter(screener, id).await;
    let last = at(&view, "/routing/assignments").as_array().and_then(|all| all.last()).expect("one");
    let rule = json!({
        "expected_version": at(&view, "/routing/version"),
        "assignment_id": at(last, "/assignment_id"),
        "reason": "not_competent",
    });
    let path = format!("/api/v1/matters/{id}/uphold_objection");
    screener.post::<Value>(&path, &rule).await.expect("upheld");
}
