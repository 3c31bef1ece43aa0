//! What may be a repeat: on the queue, on the screening page, and side by side; for who may link it alone.

use axum::http::StatusCode;
use calendar::RuleId;
use contracts::routing::MatterProposedV1;
use kernel::{MatterId, Place, Role};
use serde_json::{Value, json};

use crate::{
    browser::{Person, categories, location},
    facts::{self, Handed, Teller},
    support::Rig,
};

/// A page, its slashes as a browser reads them.
async fn sees(person: &Person<'_>, path: &str) -> String {
    person.sees(path).await.replace("&#x2f;", "/")
}

const FIRST: &str = "XF990102-260803-0001";
const SECOND: &str = "XF990102-260803-0002";

async fn told(rig: &Rig) {
    let feed = console::parts(&rig.deps).feed;
    for _ in 0..4 {
        feed.step().await.expect("step");
        rig.clock.advance_ms(10_000);
    }
}

/// Two matters, the second proposed as a repeat of the first.
async fn two(rig: &Rig, teller: &mut Teller) -> [MatterId; 2] {
    let ids: [MatterId; 2] = [teller.mint.mint(), teller.mint.mint()];
    teller.say("renshe", &facts::listed("renshe", "人社局")).await;
    for (id, number) in ids.iter().zip([FIRST, SECOND]) {
        teller.say(*id, &facts::registered(*id, number)).await;
    }
    let proposed = MatterProposedV1 { repeat_of: Some(ids[0]), ..facts::proposed(ids[1]) };
    teller.say(ids[0], &facts::proposed(ids[0])).await;
    teller.say(ids[1], &proposed).await;
    told(rig).await;
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    rig.scripts.on("routing.matter", |got| {
        let agency = json!({ "code": "renshe", "confidence": 80, "reasons": [] });
        Ok(json!({
            "matter_id": got.body["matter_id"], "version": 1, "state": "registered", "restricted": false,
            "purpose": "claim", "category": null, "route": null, "place_region": "990102",
            "received_on": "2026-08-03", "t01": facts::due(RuleId::T01, "2026-08-03"), "categories": [],
            "agencies": [agency], "claims": [{ "claim_no": 1, "holder": "office", "outcome": null }],
            "assignments": [],
        }))
    });
    ids
}

fn found(asked: MatterId, other: MatterId, open: bool, common_petitioner: Option<bool>) -> Value {
    json!({ "submission_id": asked, "pairs": [{
        "matter_id": other, "number": FIRST, "open": open, "likeness": 93,
        "passages": [{ "here": "東風路的路燈，壞了三個月", "there": "东风路的路灯坏了三个月" }],
        "compared": [
            { "what": "place", "here": "990102", "there": "990102", "same": true },
            { "what": "agency", "here": "renshe", "there": "", "same": false },
            { "what": "day", "here": "2026-08-03", "there": "2026-08-01", "same": true },
        ],
        "common_petitioner": common_petitioner,
    }] })
}

#[tokio::test]
async fn the_queue_names_what_may_be_a_repeat_to_who_may_link_it() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let [first, second] = two(&rig, &mut teller).await;
    let screener = Person::office(&rig, Role::Screener).await;
    let said = format!("可能是重复件：{FIRST}");
    let like = format!("/matters/{second}/like");
    let queue = sees(&screener, "/board?tab=to_screen").await;
    assert!(queue.contains(&said) && queue.contains(&like), "{queue}");
    assert!(!queue.contains(&format!("/matters/{first}/like")));
    let page = sees(&screener, &format!("/matters/{second}/screen")).await;
    assert!(page.contains(&said) && page.contains(&like));
    let leader = Person::office(&rig, Role::Leader).await;
    assert!(!sees(&leader, "/board?tab=all").await.contains("可能是重复件"));
    assert_eq!(leader.look(&like).await.status, StatusCode::FORBIDDEN);
    // It is found to be an accusation: the queue names it no more.
    teller.say(first, &facts::screened(first, true)).await;
    told(&rig).await;
    let queue = sees(&screener, "/board?tab=to_screen").await;
    assert!(queue.contains(SECOND) && !queue.contains("可能是重复件") && !queue.contains(&first.to_string()));
    let token = rig.office("screener2", Role::Screener).await;
    let list = rig.get("/api/v1/matters", Some(&token)).await.text;
    assert!(list.contains(SECOND) && !list.contains("repeat_of") && !list.contains(&first.to_string()));
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_person_who_screened_is_not_told_again_and_an_agency_never() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let [_, second] = two(&rig, &mut teller).await;
    let token = rig.office("screener2", Role::Screener).await;
    let list = rig.get("/api/v1/matters", Some(&token)).await.json();
    let of = |list: &Value| {
        let items = list["items"].as_array().expect("items").iter();
        items.filter_map(|row| row.get("repeat_number").cloned()).collect::<Vec<_>>()
    };
    assert_eq!(of(&list), [json!(FIRST)]);
    teller.say(second, &facts::screened(second, false)).await;
    told(&rig).await;
    assert_eq!(of(&rig.get("/api/v1/matters", Some(&token)).await.json()), Vec::<Value>::new());
    let handed = Handed::new(second, &teller.mint);
    teller.say(second, &handed.forwarded()).await;
    told(&rig).await;
    let agency = Place::Agency("renshe".parse().expect("code"));
    let handler = rig.sign_in("handler", agency, &[Role::Handler]).await;
    let list = rig.get("/api/v1/matters", Some(&handler)).await.text;
    assert!(list.contains(SECOND) && !list.contains("repeat"), "{list}");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_pair_stands_side_by_side_and_a_person_links_it() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let [first, second] = two(&rig, &mut teller).await;
    let screener = Person::office(&rig, Role::Screener).await;
    let path = format!("/matters/{second}/like");
    rig.scripts.on("intake.like", move |got| {
        assert_eq!(got.body, json!({ "submission_id": second, "agency": "renshe" }));
        Ok(found(second, first, true, Some(false)))
    });
    let page = sees(&screener, &path).await;
    for said in
        ["信访人不同，同一件事", "東風路的路燈，壞了三個月", "东风路的路灯坏了三个月", FIRST, "人社局", "93%"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    rig.scripts.on("intake.link_repeat", move |got| {
        assert_eq!(got.body["matter_id"], json!(first));
        Ok(json!({ "matter_id": second, "version": 1 }))
    });
    let fields = [("earlier_number", FIRST), ("reason", "同一路段")];
    let answer = screener.submit(&format!("/matters/{second}/link-repeat"), &fields).await;
    assert_eq!(location(&answer), format!("/matters/{second}?notice=linked"));
    // A closed one takes no repeat.
    rig.scripts.on("intake.like", move |_| Ok(found(second, first, false, None)));
    let page = sees(&screener, &path).await;
    assert!(page.contains("已办结，不能并入") && !page.contains("name=\"earlier_number\""), "{page}");
    rig.scripts.on("intake.like", move |_| Ok(json!({ "submission_id": second, "pairs": [] })));
    assert!(sees(&screener, &path).await.contains("没有发现相近的事项"));
    let token = rig.office("screener2", Role::Screener).await;
    let answer = rig.get(&format!("/api/v1/matters/{second}/like"), Some(&token)).await;
    assert_eq!((answer.status, answer.json()["pairs"].clone()), (StatusCode::OK, json!([])));
    fresh.discard().await.expect("discarded");
}
