//! The REST face: what goes to whom, in whose name, and what comes back.

use axum::{body::Body, http::StatusCode};
use kernel::{MatterId, Place, Role};
use serde_json::{Value, json};

use crate::{
    facts::{self, Handed, Teller},
    support::Rig,
};

fn matter_view(id: MatterId, version: i64) -> Value {
    json!({
        "matter_id": id, "version": version, "state": "registered", "restricted": false, "purpose": "claim",
        "category": null, "route": null, "place_region": "990102", "received_on": "2026-08-03",
        "t01": facts::due(calendar::RuleId::T01, "2026-08-03"), "categories": [], "agencies": [],
        "claims": [{ "claim_no": 1, "holder": "office", "outcome": null }], "assignments": [],
    })
}

fn receipt(id: MatterId) -> Value {
    json!({
        "outcome": "registered", "submission_id": id, "number": "XF990102-260803-0001", "query_code": "K7M-RQ4X-2WD",
        "registered_at": "2026-08-03T09:00:00+08:00", "received_on": "2026-08-03", "channel": "letter", "claims": 1,
        "attachments": 0, "t01": facts::due(calendar::RuleId::T01, "2026-08-03"), "version": 1,
    })
}

fn petition() -> Value {
    json!({
        "channel": "web", "purpose": "claim", "petitioner_kind": "citizen", "place_region": "990102",
        "title": "t", "text": "x", "claims": ["c"], "anonymous": true,
    })
}

pub async fn feed(rig: &Rig) {
    console::parts(&rig.deps).feed.step().await.expect("step");
}

#[tokio::test]
async fn a_registration_goes_to_intake_once_and_waits_for_the_board() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let id: MatterId = teller.mint.mint();
    teller.say(id, &facts::registered(id, "XF990102-260803-0001")).await;
    feed(&rig).await;
    rig.scripts.on("intake.register", move |_| Ok(receipt(id)));
    let token = rig.office("registrar", Role::Registrar).await;
    let headers = [("content-type", "application/json"), ("idempotency-key", "p-001")];
    let body = || Body::from(petition().to_string());
    let answer = rig.send("POST", "/api/v1/submissions", Some(&token), &headers, body()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.json()["submission_id"], json!(id));
    let answer = rig.send("POST", "/api/v1/submissions", None, &headers, body()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "the public may, too");

    let got = rig.scripts.got("intake.register");
    assert_eq!(got[0].actor.place, Place::Office);
    assert_eq!(got[1].actor.place, Place::Portal);
    let keys: Vec<_> = got.iter().map(|g| g.key.clone().expect("key")).collect();
    assert!(keys[0].ends_with(":p-001") && keys[1] == "portal:p-001" && keys[0] != keys[1]);

    let odd = [("content-type", "application/json"), ("idempotency-key", "no spaces")];
    let answer = rig.send("POST", "/api/v1/submissions", None, &odd, body()).await;
    assert_eq!(answer.json()["code"], "idempotency_key_shape");
    let wrong = Body::from(r#"{"channel":"web","purpose":"claim"}"#);
    let answer = rig.send("POST", "/api/v1/submissions", None, &headers, wrong).await;
    assert_eq!(
        (answer.status, answer.json()["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("petitioner_kind"))
    );
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_file_goes_up_in_chunks() {
    let (rig, fresh) = Rig::fresh().await;
    let id: kernel::AttachmentId = rig.deps.mint.mint();
    rig.scripts.on("intake.attach", move |got| {
        let (size, offset) = (got.body["size"].as_i64().expect("size"), got.body["offset"].as_i64().expect("offset"));
        let received = (offset + 384 * 1024).min(size);
        let complete = (received == size).then(|| json!({ "attachment_id": id, "name": "合同.pdf", "media_type": "application/pdf", "size": size, "sha256": "00" }));
        Ok(json!({ "attachment_id": id, "received": received, "complete": complete }))
    });
    let token = rig.office("registrar", Role::Registrar).await;
    let path = "/api/v1/attachments?name=%E5%90%88%E5%90%8C.pdf";
    let answer = rig.send("POST", path, Some(&token), &[], Body::from(vec![7_u8; 900_000])).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.json()["attachment_id"], json!(id));
    let offsets: Vec<_> =
        rig.scripts.got("intake.attach").iter().map(|g| g.body["offset"].as_i64()).collect();
    assert_eq!(offsets, [Some(0), Some(393_216), Some(786_432)]);
    let answer =
        rig.send("POST", path, Some(&token), &[], Body::from(vec![0_u8; 10 * 1024 * 1024 + 2])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = rig.send("POST", path, Some(&token), &[], Body::empty()).await;
    assert_eq!(answer.json()["code"], "empty_file");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn one_matter_is_the_boards_row_with_what_routing_holds() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let id: MatterId = teller.mint.mint();
    teller.say(id, &facts::registered(id, "XF1")).await;
    feed(&rig).await;
    let token = rig.office("screener", Role::Screener).await;
    let path = format!("/api/v1/matters/{id}");
    let answer = rig.get(&path, Some(&token)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["routing"], Value::Null, "not there yet is no error");
    rig.scripts.on("routing.matter", move |_| Ok(matter_view(id, 1)));
    let shown = rig.get(&path, Some(&token)).await.json();
    assert_eq!((&shown["routing"]["version"], &shown["board"]["number"]), (&json!(1), &json!("XF1")));
    assert_eq!(shown["explanations"][0]["rule"], "T01");

    rig.scripts.on("routing.screen", move |got| {
        assert_eq!(got.body["matter_id"], json!(id), "the path says which");
        Ok(json!({ "matter_id": id, "version": 0 }))
    });
    let body = json!({ "matter_id": "xf_00000000000000000000000000", "expected_version": 1, "purpose": "claim", "level": "city" });
    let answer = rig.post(&format!("{path}/screen"), Some(&token), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = rig.post(&format!("{path}/screen"), Some(&token), &json!({ "purpose": "claim" })).await;
    assert_eq!(answer.json()["code"], "malformed_input");
    let answer = rig.get("/api/v1/matters/xf_1", Some(&token)).await;
    assert_eq!(answer.json()["code"], "bad_id");
    let unknown: MatterId = rig.deps.mint.mint();
    rig.scripts.on("routing.matter", |_| Err(web::errors::PAGE_NOT_FOUND.refuse()));
    let answer = rig.get(&format!("/api/v1/matters/{unknown}"), Some(&token)).await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::NOT_FOUND, Some("matter_not_here"))
    );
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn an_accusation_is_there_for_its_officer_alone() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let id: MatterId = teller.mint.mint();
    teller.say(id, &facts::accusation(id)).await;
    feed(&rig).await;
    let path = format!("/api/v1/matters/{id}");
    let officer = rig.office("restricted", Role::RestrictedOfficer).await;
    let screener = rig.office("screener", Role::Screener).await;
    assert_eq!(rig.get(&path, Some(&officer)).await.status, StatusCode::OK);
    let unknown: MatterId = teller.mint.mint();
    let hidden = rig.get(&path, Some(&screener)).await;
    let missing = rig.get(&format!("/api/v1/matters/{unknown}"), Some(&screener)).await;
    assert_eq!((hidden.status, &hidden.text), (StatusCode::NOT_FOUND, &missing.text), "no difference to see");
    assert_eq!(rig.get("/api/v1/counts", Some(&officer)).await.json()["restricted"], 1);
    assert!(rig.get("/api/v1/counts", Some(&screener)).await.json().get("restricted").is_none());
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn an_agency_sees_its_own_matters_and_tasks_whatever_it_asks_for() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let (own, other): (MatterId, MatterId) = (teller.mint.mint(), teller.mint.mint());
    for (id, agency) in [(own, "renshe"), (other, "zhujian")] {
        teller.say(id, &facts::registered(id, &format!("XF-{agency}"))).await;
        teller.say(id, &facts::screened(id, false)).await;
        let handed = Handed { agency: agency.parse().expect("code"), ..Handed::new(id, &teller.mint) };
        teller.say(id, &handed.forwarded()).await;
    }
    for _ in 0..3 {
        feed(&rig).await;
        rig.clock.advance_ms(10_000);
    }
    let place = Place::Agency("renshe".parse().expect("code"));
    let token = rig.sign_in("renshe.handler", place, &[Role::Handler]).await;
    let rows = rig.get("/api/v1/matters?agency=zhujian", Some(&token)).await.json();
    assert_eq!(rows["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(rows["items"][0]["matter_id"], json!(own));
    assert_eq!(rig.get(&format!("/api/v1/matters/{own}"), Some(&token)).await.status, StatusCode::OK);
    assert_eq!(
        rig.get(&format!("/api/v1/matters/{other}"), Some(&token)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(rig.get("/api/v1/counts", Some(&token)).await.json()["total"], 1);
    rig.scripts.on("agency.renshe.tasks", |_| Ok(json!({ "items": [] })));
    let answer = rig.get("/api/v1/tasks?agency=zhujian&open_only=true&limit=200", Some(&token)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let got = &rig.scripts.got("agency.renshe.tasks")[0];
    assert_eq!(
        (got.actor.agency().map(ToString::to_string).as_deref(), &got.body["open_only"]),
        (Some("renshe"), &json!(true))
    );
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn the_office_names_the_agency_whose_step_it_records() {
    let (rig, fresh) = Rig::fresh().await;
    let token = rig.office("desk", Role::Screener).await;
    let id: kernel::AssignmentId = rig.deps.mint.mint();
    let path = format!("/api/v1/tasks/{id}/sign");
    assert_eq!(rig.post(&path, Some(&token), &json!({})).await.json()["code"], "agency_to_name");
    rig.scripts.on("agency.renshe.sign", |got| {
        assert!(got.body["on_behalf_paper"].is_string() && got.body["assignment_id"].is_string());
        Ok(json!({ "matter_id": "xf_01k1v7f5r00000000000000000", "version": 2, "state": "signed" }))
    });
    let paper: kernel::AttachmentId = rig.deps.mint.mint();
    let body = json!({ "expected_version": 1, "on_behalf_paper": paper });
    let answer = rig.post(&format!("{path}?agency=renshe"), Some(&token), &body).await;
    assert_eq!(
        (answer.status, answer.json()["state"].as_str()),
        (StatusCode::OK, Some("signed")),
        "{}",
        answer.text
    );
    let answer = rig.post(&format!("/api/v1/tasks/{id}/nonsense?agency=renshe"), Some(&token), &body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_look_up_shows_milestones_and_is_limited() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let id: MatterId = teller.mint.mint();
    let handed = Handed::new(id, &teller.mint);
    teller.say(id, &facts::registered(id, "XF1")).await;
    teller.say(id, &facts::screened(id, false)).await;
    teller.say(id, &handed.forwarded()).await;
    feed(&rig).await;
    let found = move |restricted: bool| {
        json!({
            "submission_id": id, "matter_id": id, "number": "XF1", "registered_at": "2026-08-03T09:00:00+08:00",
            "received_on": "2026-08-03", "restricted": restricted,
            "openings": [{ "unit": { "at": "office" }, "part": "text", "purpose": "screening", "at": "2026-08-03T10:00:00+08:00" }],
        })
    };
    rig.scripts.on("intake.lookup", move |_| Ok(found(false)));
    let asked = json!({ "number": "XF1", "query_code": "K7M-RQ4X-2WD" });
    let shown = rig.post("/api/v1/lookup", None, &asked).await.json();
    let codes: Vec<_> =
        shown["milestones"].as_array().expect("list").iter().map(|m| m["code"].clone()).collect();
    assert_eq!(codes, ["registered", "screened", "forwarded"]);
    assert_eq!(
        (&shown["state"], &shown["openings"][0]["unit"]["at"]),
        (&json!("forwarded"), &json!("office"))
    );
    assert_eq!(rig.scripts.got("intake.lookup")[0].actor.place, Place::Portal);

    rig.scripts.on("intake.lookup", move |_| Ok(found(true)));
    let shown = rig.post("/api/v1/lookup", None, &asked).await.json();
    assert_eq!(shown["state"], "registered", "of an accusation nothing but the receipt");
    assert_eq!(shown["milestones"].as_array().map(Vec::len), Some(1));
    let mut last = StatusCode::OK;
    for _ in 0..10 {
        last = rig.post("/api/v1/lookup", None, &asked).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn an_owner_that_is_away_is_told_as_such() {
    let (rig, fresh) = Rig::fresh().await;
    let token = rig.office("screener", Role::Screener).await;
    rig.memory.set_down(true);
    let answer = rig.get("/api/v1/agencies", Some(&token)).await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("service_away"))
    );
    assert!(answer.headers.contains_key("retry-after"));
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_session_ends_when_asked() {
    let (rig, fresh) = Rig::fresh().await;
    let token = rig.office("screener", Role::Screener).await;
    assert_eq!(rig.get("/api/v1/counts", Some(&token)).await.status, StatusCode::OK);
    let ended = rig.send("DELETE", "/api/v1/sessions/current", Some(&token), &[], Body::empty()).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(rig.get("/api/v1/counts", Some(&token)).await.status, StatusCode::UNAUTHORIZED);
    fresh.discard().await.expect("discarded");
}
