//! The opinion: the claims' words stand beside their answers once the text was opened, and stay there.

use axum::http::StatusCode;
use kernel::Role;
use serde_json::json;

use crate::{
    browser::{Matter, Person, accepted, agency},
    facts::Teller,
    support::Rig,
};

const CLAIM: &str = "支付拖欠的工资";

fn answered(signer: &'static str) -> [(&'static str, &'static str); 7] {
    [
        ("expected_version", "3"),
        ("outcome-1", "supported"),
        ("opinion-1", "已责令支付"),
        ("facts", "查明事实"),
        ("basis", "条例"),
        ("review_unit", "市政府"),
        ("signer", signer),
    ]
}

#[tokio::test]
async fn a_sealed_claim_is_opened_with_one_click_and_stays_beside_its_answer() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, assignment, .. } = accepted(&rig, &mut teller).await;
    let head = Person::of(&rig, "renshe.head", agency(), &[Role::AgencyHead]).await;
    let (path, door) = (format!("/tasks/{assignment}"), format!("/tasks/{assignment}/open/text"));
    let closed = head.sees(&path).await;
    assert!(!closed.contains(CLAIM));
    let button = closed.split("formaction=").nth(1).expect("a way to open beside the claim");
    assert!(button.contains("open") && closed.contains("name=\"purpose\" value=\"handling\""));

    rig.scripts.on("agency.renshe.open", move |got| {
        assert_eq!((&got.body["part"], &got.body["purpose"]), (&json!("text"), &json!("handling")));
        Ok(json!({ "part": "text", "value": { "submission_id": id, "number": "XF1", "title": "拖欠工资", "text": "三个月没有发",
            "claims": [CLAIM], "attachments": [], "purpose": "claim", "place_region": "990102", "received_on": "2026-08-03" } }))
    });
    let fields = [&answered("副局长"), &[("purpose", "handling")][..]].concat();
    let opened = head.submit(&door, &fields).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text);
    assert!(opened.text.contains("三个月没有发") && opened.text.contains(&kept_words()), "{}", opened.text);
    for typed in ["已责令支付", "查明事实", "value=\"副局长\""] {
        assert!(opened.text.contains(typed), "opening loses nothing typed: {typed}");
    }

    // A refused step does not read the text again; the form kept the words.
    rig.scripts.on("agency.renshe.open", |_| panic!("read again"));
    rig.scripts.on("agency.renshe.issue_opinion", |_| Err(web::errors::MALFORMED_INPUT.refuse().at("basis")));
    let fields = [&answered("副局长"), &[("claim-words-1", CLAIM)][..]].concat();
    let refused = head.submit(&format!("{path}/issue_opinion"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains(&kept_words()) && refused.text.contains("basis-problem"),
        "{}",
        refused.text
    );
    fresh.discard().await.expect("discarded");
}

fn kept_words() -> String {
    format!("name=\"claim-words-1\" value=\"{CLAIM}\"")
}

#[tokio::test]
async fn opening_from_the_panel_proposes_the_signer_as_before() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, assignment, .. } = accepted(&rig, &mut teller).await;
    let head = Person::of(&rig, "renshe.head", agency(), &[Role::AgencyHead]).await;
    rig.scripts.on("agency.renshe.open", move |_| {
        Ok(json!({ "part": "text", "value": { "submission_id": id, "number": "XF1", "title": "t", "text": "t", "claims": [CLAIM],
            "attachments": [], "purpose": "claim", "place_region": "990102", "received_on": "2026-08-03" } }))
    });
    let path = format!("/tasks/{assignment}/open/text");
    let opened = head.submit(&path, &[("key", "k"), ("purpose", "handling")]).await;
    assert!(opened.text.contains("name=\"signer\" type=\"text\" value=\"renshe.head\""), "{}", opened.text);
    assert!(opened.text.contains(&kept_words()));
    fresh.discard().await.expect("discarded");
}
