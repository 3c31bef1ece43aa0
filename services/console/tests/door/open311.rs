//! Open311 GeoReport v2: what a program may ask for, what it sends, what it may know, and what nobody gets.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{body::Body, http::StatusCode};
use console::{
    accounts::{
        PasswordBench,
        keys::{self, NewKey},
    },
    rights::Right,
};
use kernel::{MatterId, Place, Role};
use serde_json::{Value, json};

use crate::{
    facts::{self, Teller},
    rest::feed,
    support::{Answer, Rig},
};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn office() -> (Rig, db::testing::Fresh, MatterId) {
    let (rig, fresh) = Rig::fresh().await;
    let id: MatterId = rig.deps.mint.mint();
    rig.scripts.on("routing.categories", |_| {
        Ok(json!([
            { "code": "urban", "parent": null, "name_zh": "城乡建设", "name_en": "Construction" },
            { "code": "urban.municipal", "parent": "urban", "name_zh": "市政设施", "name_en": "Streets & lamps",
              "service_request": true },
            { "code": "discipline.corruption", "parent": null, "name_zh": "贪污受贿", "name_en": "Bribery" },
        ]))
    });
    rig.scripts.on("intake.register", move |_| {
        Ok(json!({
            "outcome": "registered", "submission_id": id, "number": "XF990102-260803-0001",
            "query_code": "K7M-RQ4X-2WD", "registered_at": "2026-08-03T09:00:00+08:00",
            "received_on": "2026-08-03", "channel": "web", "claims": 1, "attachments": 0,
            "t01": facts::due(calendar::RuleId::T01, "2026-08-03"), "version": 1,
        }))
    });
    (rig, fresh, id)
}

async fn key(rig: &Rig, login: &str, scope: Right) -> String {
    let bench = PasswordBench::new(rig.deps.mint.clone()).expect("bench");
    let new = NewKey {
        login: login.to_owned(),
        display: "市民随手拍".to_owned(),
        place: Place::Office,
        roles: vec![Role::Registrar],
        scopes: vec![scope],
        days: 30,
    };
    let (_, token) = keys::make(&rig.deps.db, &bench, rig.deps.mint.mint(), new).await.expect("a key");
    token.expose().to_owned()
}

async fn post(rig: &Rig, ending: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [&[FORM], headers].concat();
    rig.send("POST", &format!("/open311/v2/requests.{ending}"), None, &headers, Body::from(body)).await
}

fn request(key: &str) -> Vec<(&str, &str)> {
    vec![
        ("api_key", key),
        ("service_code", "urban.municipal"),
        ("description", "第三中学门口路灯不亮"),
        ("address_string", "人民路 12 号"),
        ("lat", "25.04"),
        ("long", "102.7"),
        ("first_name", "明"),
        ("last_name", "罗"),
        ("phone", "19900990008"),
    ]
}

/// The one error of an answer.
fn error(answer: &Answer) -> (u64, String) {
    let list = answer.json();
    let [one] = list.as_array().expect("a list").as_slice() else { panic!("{list}") };
    assert_eq!(one["code"].as_u64(), Some(u64::from(answer.status.as_u16())), "{one}");
    let text = one["description"].as_str().expect("text");
    (u64::from(answer.status.as_u16()), text.split([' ', ':']).next().expect("a code").to_owned())
}

#[tokio::test]
async fn services_are_what_the_catalogue_marks_and_nothing_else() {
    let (rig, fresh, _) = office().await;
    let services = rig.get("/open311/v2/services.json?lang=en", None).await.json();
    let [service] = services.as_array().expect("list").as_slice() else { panic!("{services}") };
    assert_eq!(
        (&service["service_code"], &service["group"]),
        (&json!("urban.municipal"), &json!("Construction"))
    );
    let xml = rig.get("/open311/v2/services.xml?lang=en", None).await;
    assert_eq!(xml.headers["content-type"], "text/xml; charset=utf-8");
    assert!(xml.text.contains("<services><service><"), "{}", xml.text);
    assert!(xml.text.contains("<service_name>Streets &amp; lamps</service_name>"), "{}", xml.text);
    let defined = rig.get("/open311/v2/services/urban.municipal.json", None).await.json();
    let codes: Vec<&Value> =
        defined["attributes"].as_array().expect("list").iter().map(|a| &a["code"]).collect();
    assert_eq!(codes, ["region", "withhold_identity"]);
    let xml = rig.get("/open311/v2/services/urban.municipal.xml", None).await.text;
    assert!(xml.contains("<attributes><attribute>") && xml.contains("<values><value>"), "{xml}");
    for other in ["discipline.corruption", "nothing", "accusation"] {
        let answer = rig.get(&format!("/open311/v2/services/{other}.json"), None).await;
        assert_eq!(error(&answer), (404, "open311_no_such_service".to_owned()), "{other}");
    }
    let found = rig.get("/open311/discovery.json", None).await.json();
    assert_eq!(found["endpoints"][0]["specification"], "http://wiki.open311.org/GeoReport_v2");
    assert!(rig.get("/open311/discovery.xml", None).await.text.contains("<endpoints><endpoint>"));
    let elsewhere = rig.get("/open311/v2/services.json?jurisdiction_id=sf.gov", None).await;
    assert_eq!(error(&elsewhere), (404, "open311_jurisdiction".to_owned()));
    let elsewhere = rig.get("/open311/v2/services.xml?jurisdiction_id=sf.gov", None).await;
    assert!(elsewhere.text.contains("<errors><error><code>404</code>"), "{}", elsewhere.text);
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_request_is_a_registration_and_the_device_is_dropped_by_name() {
    let (rig, fresh, _) = office().await;
    let key = key(&rig, "api.app", Right::Open311).await;
    let mut fields = request(&key);
    fields.extend([
        ("device_id", "canary-device"),
        ("account_id", "canary-account"),
        ("media_url", "https://canary.example/p.jpg"),
    ]);
    let answer = post(&rig, "json", &fields, &[("idempotency-key", "one")]).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.headers["x-lianxi-dropped"], "device_id, account_id, media_url");
    let given = answer.json();
    assert_eq!(given[0]["service_request_id"], "XF990102-260803-0001");
    assert_eq!(given[0]["query_code"], "K7M-RQ4X-2WD");
    let got = rig.scripts.got("intake.register");
    let [one] = got.as_slice() else { panic!("{} registrations", got.len()) };
    let body = &one.body;
    assert!(!body.to_string().contains("canary"), "{body}");
    assert_eq!((&body["channel"], &body["purpose"]), (&json!("web"), &json!("claim")));
    assert_eq!(body["petitioner"]["name"], "罗明");
    assert!(body["received_on"].is_null(), "the day of receipt is the office's");
    assert!(body["text"].as_str().expect("text").contains("人民路 12 号 (25.04, 102.7)"), "{body}");
    assert_eq!(one.key.as_deref().map(|key| key.ends_with(":one")), Some(true));
    let xml = post(&rig, "xml", &request(&key), &[]).await;
    assert!(xml.text.contains("<service_requests><request><"), "{}", xml.text);
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn what_is_refused_is_refused_in_the_errors_of_the_format() {
    let (rig, fresh, _) = office().await;
    let (own, other) =
        (key(&rig, "api.app", Right::Open311).await, key(&rig, "api.desk", Right::Register).await);
    let without = |field: &str| -> Vec<(&str, &str)> {
        request(&own).into_iter().filter(|(name, _)| *name != field).collect()
    };
    let with = |field: &'static str, value: &'static str| {
        let mut fields = without(field);
        fields.push((field, value));
        fields
    };
    let cases = [
        (without("api_key"), 403, "open311_key"),
        (with("api_key", "lxa_nonsense"), 403, "open311_key"),
        (request(&other), 403, "open311_key"),
        (without("service_code"), 404, "open311_no_such_service"),
        (with("service_code", "discipline.corruption"), 403, "open311_not_a_request"),
        (with("service_code", "accusation"), 403, "open311_not_a_request"),
        (with("jurisdiction_id", "sf.gov"), 404, "open311_jurisdiction"),
        (without("description"), 400, "open311_description_owed"),
        (without("lat"), 400, "open311_place_shape"),
        (with("lat", "NaN"), 400, "open311_place_shape"),
        (with("attribute[region]", "110000"), 400, "open311_place_shape"),
    ];
    for (fields, status, code) in cases {
        let answer = post(&rig, "json", &fields, &[]).await;
        assert_eq!(error(&answer), (status, code.to_owned()), "{fields:?}");
    }
    let nameless: Vec<_> = without("first_name").into_iter().filter(|(n, _)| *n != "last_name").collect();
    assert_eq!(error(&post(&rig, "json", &nameless, &[]).await), (400, "open311_name_owed".to_owned()));
    let json = [("content-type", "application/json")];
    let answer = rig.send("POST", "/open311/v2/requests.json", None, &json, Body::from("{}")).await;
    assert_eq!(error(&answer), (400, "open311_form_owed".to_owned()));
    let list = rig.get("/open311/v2/requests.json?status=open", None).await;
    assert_eq!(error(&list), (403, "open311_no_list".to_owned()));
    let list = rig.get("/open311/v2/requests.xml", None).await;
    assert!(list.text.contains("<errors><error>"), "{}", list.text);
    assert!(rig.scripts.got("intake.register").is_empty(), "nothing was recorded");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_doubt_is_asked_back_and_nothing_is_recorded() {
    let (rig, fresh, _) = office().await;
    let asked = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    rig.scripts.on("intake.register", move |got| {
        counted.fetch_add(1, Ordering::SeqCst);
        assert_eq!(got.body["warnings_confirmed"], json!(false));
        Ok(json!({ "outcome": "unconfirmed",
                   "warnings": [{ "field": "petitioner.telephone", "code": "telephone_shape" }] }))
    });
    let key = key(&rig, "api.app", Right::Open311).await;
    let answer = post(&rig, "json", &request(&key), &[]).await;
    assert_eq!(error(&answer), (400, "open311_doubtful".to_owned()));
    assert!(answer.text.contains("telephone_shape"), "{}", answer.text);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_state_is_told_to_who_holds_the_query_code() {
    let (rig, fresh, id) = office().await;
    let bare = rig.get("/open311/v2/requests/XF1.json", None).await;
    assert_eq!(error(&bare), (400, "open311_query_code".to_owned()));
    assert!(rig.scripts.got("intake.lookup").is_empty());
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    teller.say(id, &facts::registered(id, "XF1")).await;
    feed(&rig).await;
    rig.scripts.on("intake.lookup", move |got| {
        assert_eq!(got.body["query_code"], "K7M-RQ4X-2WD");
        Ok(json!({ "submission_id": id, "matter_id": id, "number": "XF1", "restricted": false, "openings": [],
                   "registered_at": "2026-08-03T09:00:00+08:00", "received_on": "2026-08-03" }))
    });
    for path in ["XF1.json?query_code=K7M-RQ4X-2WD&lang=en", "XF1~K7M-RQ4X-2WD.json?lang=en"] {
        let shown = rig.get(&format!("/open311/v2/requests/{path}"), None).await.json();
        assert_eq!(shown[0]["status"], "open", "{shown}");
        assert!(shown[0]["status_notes"].as_str().expect("notes").starts_with("2026-08-03 "), "{shown}");
        let names: Vec<&String> = shown[0].as_object().expect("one").keys().collect();
        for kept in ["description", "address", "lat", "long", "media_url", "service_code"] {
            assert!(!names.iter().any(|name| *name == kept), "{names:?}");
        }
    }
    assert_eq!(rig.scripts.got("intake.lookup")[0].actor.place, Place::Portal);
    fresh.discard().await.expect("discarded");
}
