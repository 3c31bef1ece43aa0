//! 系统建议: what stands behind a proposal is shown to the one who screens, and goes back with the decision; versions are
//! looked after by those who may.

use axum::http::StatusCode;
use kernel::Role;
use serde_json::{Value, json};

use crate::{
    browser::{Matter, Person, accepted, categories, location, routing_view},
    facts::Teller,
    support::Rig,
};

#[tokio::test]
async fn reasons_stand_beside_a_proposal_and_what_was_seen_goes_with_the_decision() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, assignment, notice } = accepted(&rig, &mut teller).await;
    rig.scripts.on("routing.matter", move |_| {
        let mut view = routing_view(id, assignment, notice);
        (view["state"], view["assignments"]) = ("registered".into(), json!([]));
        view["categories"][0]["reasons"] = json!([{ "rule": "learned", "detail": "3" }]);
        view["agencies"][0]["reasons"] =
            json!([{ "rule": "outside", "detail": "990102" }, { "rule": "off_line", "detail": "labour.wages" }]);
        Ok(view)
    });
    rig.scripts.on("routing.why_proposed", move |got| {
        assert_eq!(got.body, json!({ "matter_id": id }));
        Ok(json!({ "categories": [{
            "code": "labour.wages", "terms": ["血汗钱<b>"],
            "earlier": [{ "matter_id": id, "number": "XF990100-260720-0003" }],
        }], "agencies": [] }))
    });
    let screener = Person::office(&rig, Role::Screener).await;
    let path = format!("/matters/{id}/screen");
    let page = screener.sees(&path).await.replace("&#x2f;", "/");
    let expected = [
        "血汗钱&lt;b&gt;",
        "XF990100-260720-0003",
        "name=\"seen_category\" value=\"labour.wages\"",
        "第 3 版",
    ];
    for shown in expected {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    // Routing or intake may be away: the page stands.
    rig.scripts.on("routing.why_proposed", |_| Err(web::ask::SERVICE_AWAY.refuse()));
    assert!(!screener.sees(&path).await.contains("血汗钱"));

    rig.scripts.on("routing.screen", move |got| {
        assert_eq!(got.body["seen"], json!({ "category": "labour.wages" }), "{}", got.body);
        Ok(json!({ "matter_id": id, "version": 1 }))
    });
    let fields = [
        ("purpose", "claim"),
        ("category", "urban.noise"),
        ("route", "R6"),
        ("level", "city"),
        ("mode", "later"),
        ("seen_category", "labour.wages"),
        ("seen_agency", ""),
    ];
    let answer = screener.submit(&path, &fields).await;
    assert_eq!(location(&answer), format!("/matters/{id}?notice=screened"), "{}", answer.text);
    fresh.discard().await.expect("discarded");
}

fn view(off: bool) -> Value {
    let figures = json!({ "texts": 160, "first_right": 845, "among_three": 971, "confidence_off": 19 });
    let version = |number: i64, taken: bool| json!({ "number": number, "texts": 812, "taken": taken, "figures": figures, "before": figures });
    let category = json!({
        "kind": "category", "in_use": 2, "off": off, "damaged": false, "can_go_back": true,
        "versions": [version(3, false), version(2, true)],
        "last": { "learned_on": "2026-08-03", "end": "kept", "texts": 812 },
    });
    let agency =
        json!({ "kind": "agency", "off": false, "damaged": true, "can_go_back": false, "versions": [] });
    json!({ "kinds": [category, agency], "learning": false, "fresh": 31, "learns_after": 50 })
}

#[tokio::test]
async fn the_director_sees_what_was_compared_switches_it_and_has_it_learn() {
    let (rig, fresh) = Rig::fresh().await;
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    rig.scripts.on("routing.suggestions", |_| Ok(view(false)));
    rig.scripts.on("routing.agreement", |got| {
        if got.body["from"] == "2026-09-01" {
            return Err(web::errors::MALFORMED_INPUT.refuse().at("from"));
        }
        let uses = json!({ "proposed": 40, "taken": 36, "overruled": 4, "none": 2 });
        let row = json!({ "category": "labour.wages", "uses": uses });
        Ok(json!({ "from": "2026-05-05", "to": "2026-08-03", "categories": [row], "agencies": uses }))
    });
    let director = Person::office(&rig, Role::OfficeDirector).await;
    let page = director.sees("/suggestions").await.replace("&#x2f;", "/");
    for shown in ["84.5%", "1.9%", "90%", "/suggestions/category/switch", "value=\"back\"", "2026-05-05"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let wrong = director.look("/suggestions?from=2026-09-01&to=2026-08-01").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("90%"), "the page stands: {}", wrong.text);

    rig.scripts.on("routing.switch_suggestions", |got| {
        assert_eq!(got.body, json!({ "kind": "category", "switch": "back", "in_use": 2 }));
        Err(web::errors::MALFORMED_INPUT.refuse().at("in_use"))
    });
    let fields = [("switch", "back"), ("expected_version", "2")];
    let refused = director.submit("/suggestions/category/switch", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    rig.scripts.on("routing.switch_suggestions", |_| Ok(view(false)["kinds"][0].clone()));
    let done = director.submit("/suggestions/category/switch", &fields).await;
    assert_eq!(location(&done), "/suggestions?notice=suggestions_switched");
    let none = director.submit("/suggestions/category/switch", &[("switch", "sideways")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);

    rig.scripts.on("routing.learn_now", |_| Ok(json!({ "under_way": false })));
    let asked = director.submit("/suggestions/learn", &[]).await;
    assert_eq!(location(&asked), "/suggestions?notice=learning_asked");
    fresh.discard().await.expect("discarded");
}
