//! 单位名录: a form keeps what was typed, a change says which version was seen, a case goes where the person chose.

use axum::{body::Body, http::StatusCode};
use kernel::{MatterId, Refusal, Role};
use serde_json::{Value, json};

use crate::{
    browser::{Person, categories, location},
    facts::{self, Teller},
    support::Rig,
};

fn view() -> Value {
    json!({
        "agency": "renshe", "version": 3, "site": "hosted",
        "entry": {
            "name_zh": "人社局", "name_en": "HR", "level": "city", "region": "990100", "line": "renshe",
            "doc_prefix": "云人社", "review_unit": "市政府", "computer": true, "valid_from": "2024-01-01",
            "competence": [{ "region": "990100", "categories": ["labour.wages"] }],
            "telephone": "0990-8800100", "email": "",
        },
    })
}

const TYPED: [(&str, &str); 11] = [
    ("expected_version", "3"),
    ("name_zh", "云岭市劳动局"),
    ("level", "city"),
    ("region", "990100"),
    ("line", "renshe"),
    ("doc_prefix", "云劳"),
    ("review_unit", "市政府"),
    ("valid_from", "2024-01-01"),
    ("competence", "990100：labour.wages，labour.injury"),
    ("telephone", "0990-8800177"),
    ("email", "desk"),
];

fn refused(field: &'static str) -> Refusal {
    web::errors::MALFORMED_INPUT.refuse().at(field)
}

#[tokio::test]
async fn a_form_of_the_register_keeps_what_was_typed_and_sends_what_was_meant() {
    let (rig, fresh) = Rig::fresh().await;
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    rig.scripts.on("routing.agency", |_| Ok(view()));
    let line = json!({ "agency": "renshe", "name_zh": "人社局", "name_en": "HR", "level": "city", "region": "990100",
        "computer": true, "valid_from": "2024-01-01", "version": 3, "site": "hosted" });
    rig.scripts.on("routing.agencies_page", move |_| Ok(json!({ "items": [line], "next": "renshe" })));
    let admin = Person::office(&rig, Role::Administrator).await;
    let list = admin.sees("/agencies").await.replace("&#x2f;", "/");
    assert!(list.contains("/agency/renshe") && list.contains("/agencies?after=renshe"), "{list}");
    admin.sees("/agencies/new").await;
    admin.sees("/agency/renshe").await;

    rig.scripts.on("routing.change_agency", |got| {
        assert_eq!((&got.body["expected_version"], &got.body["agency"]), (&json!(3), &json!("renshe")));
        let lines = &got.body["entry"]["competence"];
        assert_eq!(*lines, json!([{ "region": "990100", "categories": ["labour.wages", "labour.injury"] }]));
        Err(refused("entry.competence[0].categories"))
    });
    let answer = admin.submit("/agency/renshe/change", &TYPED).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in ["云岭市劳动局", "0990-8800177", "labour.injury", "competence-problem"] {
        assert!(answer.text.contains(kept), "{kept}: {}", answer.text);
    }
    rig.scripts.on("routing.change_agency", |_| Ok(json!({ "agency": "renshe", "version": 4 })));
    let done = admin.submit("/agency/renshe/change", &TYPED).await;
    assert_eq!(location(&done), "/agency/renshe?notice=agency_kept");

    rig.scripts.on("routing.end_agency", |got| {
        let shares = json!([{ "agency": "laodong", "categories": ["labour"], "regions": ["990102"] }, { "agency": "shuju" }]);
        assert_eq!(got.body["ending"]["successors"], shares);
        Err(refused("ending.successors[1].categories"))
    });
    let fields = [
        ("expected_version", "3"),
        ("kind", "split"),
        ("last_on", "2026-08-31"),
        ("ground", "云编〔2026〕12号"),
        ("successors", "laodong: labour 990102\nshuju"),
    ];
    let answer = admin.submit("/agency/renshe/end", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("laodong: labour 990102") && answer.text.contains("successors-problem"));
    assert!(answer.text.contains("云编〔2026〕12号"));

    let desk = Person::office(&rig, Role::Registrar).await;
    let page = desk.sees("/agency/renshe").await;
    assert!(
        !page.contains("/agency/renshe/change") && !page.contains("/agency/renshe/end"),
        "no form: {page}"
    );
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_case_of_an_ended_agency_is_handed_on_as_the_person_chose() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let id: MatterId = teller.mint.mint();
    for (code, name) in [("renshe", "人社局"), ("laodong", "劳动局"), ("shuju", "数据局")] {
        teller.say(code, &facts::listed(code, name)).await;
    }
    console::parts(&rig.deps).feed.step().await.expect("step");
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    rig.scripts.on("routing.orphans", move |_| {
        Ok(json!({ "items": [{ "matter_id": id, "version": 5, "assignment_no": 1, "role": "lead", "state": "signed",
            "agency": "renshe", "last_on": "2026-07-31", "ended": true, "successors": ["laodong"] }] }))
    });
    let screener = Person::office(&rig, Role::Screener).await;
    let page = screener.sees("/agencies/cases").await;
    assert!(page.contains("value=\"laodong\" selected"), "the successor is proposed: {page}");
    rig.scripts.on("routing.reassign", |got| {
        assert_eq!(got.body["expected_version"], json!(5));
        assert_eq!(
            got.body["hand_over"],
            json!({ "agency": "shuju", "mode": "assign", "limit_on": "2026-09-30" })
        );
        Err(refused("hand_over.agency"))
    });
    let fields = [("expected_version", "5"), ("agency", "shuju"), ("limit_on", "2026-09-30")];
    let answer = screener.submit(&format!("/agencies/cases/{id}"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"shuju\" selected") && answer.text.contains("2026-09-30"));
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn the_rest_face_gives_a_tag_and_takes_it_back() {
    let (rig, fresh) = Rig::fresh().await;
    rig.scripts.on("routing.agency", |_| Ok(view()));
    rig.scripts.on("routing.end_agency", |got| {
        assert_eq!(got.body["expected_version"], json!(3));
        Ok(json!({ "agency": "renshe", "version": 4 }))
    });
    let director = rig.office("director", Role::OfficeDirector).await;
    let shown = rig.get("/api/v1/agencies/renshe", Some(&director)).await;
    assert_eq!((shown.status, shown.headers["etag"].to_str().expect("tag")), (StatusCode::OK, "\"3\""));
    let body =
        json!({ "ending": { "kind": "abolished", "last_on": "2026-08-31", "ground": "云编〔2026〕12号" } });
    let headers = [("content-type", "application/json"), ("if-match", "\"3\"")];
    let body = Body::from(body.to_string());
    let path = "/api/v1/agencies/renshe/end_agency";
    let ended = rig.send("POST", path, Some(&director), &headers, body).await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.text);
    assert_eq!(ended.json()["version"], json!(4));
    fresh.discard().await.expect("discarded");
}
