//! 主办与协办 (Art. 24): three agencies, one lead that answers with all parts.

use contracts::{
    Page,
    agency::commands::{PaperBody, ReceivedOrder, Task},
    codes::{AssignmentRole, AssignmentState as S, CoState, OrderState},
    supervision::commands::{DutyView, OrderView},
};
use serde_json::{Value, json};
use suite::client::Client;

use crate::office::{
    Office, Store,
    letter::{
        at, claim, code_of, command, matter, notice, on_board, opinion, register, screen, step, task, with,
    },
    wait::wait_for,
};

/// What stands in the parts and nowhere else.
const PART_CANARY: &str = "协办意见独有词琉璃瓦";

fn part(claims: &[i64]) -> Value {
    let answers: Vec<Value> = claims
        .iter()
        .map(|no| json!({ "claim_no": no, "outcome": "supported", "opinion": format!("第{no}项属实。") }))
        .collect();
    json!({ "facts": format!("经查，{PART_CANARY}。"), "basis": "《建筑法》第七条", "answers": answers })
}

fn hand_over() -> Value {
    json!({
        "agency": "renshe", "mode": "assign", "limit_on": "2026-09-30",
        "co": [
            { "agency": "zhujian", "due_on": "2026-08-20", "claims": [2], "task": "facts" },
            { "agency": "minzheng", "due_on": "2026-08-25" },
            { "agency": "yibao", "due_on": "2026-08-25" },
        ],
    })
}

/// The lead's task, once its list of parts is as wanted.
async fn lead_sees(head: &Client, id: &str, wanted: impl Fn(&Task) -> bool) -> Task {
    wait_for("the lead sees its parts", || async {
        let seen = task(head, id, "").await;
        wanted(&seen).then_some(seen)
    })
    .await
}

fn state_of(task: &Task, agency: &str) -> Option<CoState> {
    task.co.iter().find(|part| part.asked.agency.as_str() == agency).map(|part| part.state)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_lead_answers_with_the_parts_of_three_on_sqlite() {
    let office = Office::start(&["renshe", "zhujian", "minzheng", "yibao", "jiaoyu"]).await;
    three_parts(&office).await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_lead_answers_with_the_parts_of_three_on_postgresql() {
    let agencies = ["renshe", "zhujian", "minzheng", "yibao", "jiaoyu"];
    let Some(office) = Office::start_on(Store::Postgres, &agencies).await else { return };
    three_parts(&office).await;
    office.stop().await;
}

async fn three_parts(office: &Office) {
    let screener = office.person("screener").await;
    let (lead, zhujian) = (office.person("renshe.head").await, office.person("zhujian.head").await);
    let receipt = register(&office.person("registrar").await, "co-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    screen(&screener, &id, hand_over()).await.expect("handed over");
    let mut leads = task(&lead, &id, "").await;
    let mut first = task(&zhujian, &id, "").await;
    assert_eq!((leads.dispatch.role, first.dispatch.role), (AssignmentRole::Lead, AssignmentRole::Co));
    assert_eq!(leads.dispatch.co.len(), 3);
    assert_eq!((first.dispatch.assignment_no, first.dispatch.claims.as_slice()), (2, &[2][..]));
    let rules: Vec<&str> = first.dues.iter().map(|due| due.rule.code()).collect();
    assert_eq!(rules, ["T04", "T05"], "a co-agency owes its part by its own day, and no notice");

    // What is the lead's is refused to a co-agency, and the reverse.
    let told = code_of(step(&zhujian, &mut first, "notify_acceptance", notice(), "").await);
    assert_eq!(told, "co_task");
    let body = json!({ "part": part(&[1, 2]), "signer": "局长 某某" });
    assert_eq!(code_of(step(&lead, &mut leads, "answer_co", body, "").await), "lead_task");
    let contact = json!({ "part": "contact", "purpose": "contacting" });
    let door = format!("/api/v1/tasks/{}/open", first.dispatch.assignment_id);
    assert_eq!(code_of(zhujian.post::<Value>(&door, &contact).await), "contact_withheld");

    step(&lead, &mut leads, "notify_acceptance", notice(), "").await.expect("accepted");
    on_board(&screener, &id, "handling").await;
    let early = step(&lead, &mut leads, "issue_opinion", opinion(2), "").await;
    let refusal = crate::office::letter::refused(early);
    assert_eq!(refusal.code, "co_parts_missing");

    first_part(office, &id, &lead, &mut first).await;
    objects(office, &screener, &lead, &id).await;
    late(office, &lead, &id).await;
    answered(office, &screener, &lead, &id, &receipt.number, &receipt.query_code).await;
}

/// The handler drafts, the head sends; the lead alone opens the part.
async fn first_part(office: &Office, id: &str, lead: &Client, first: &mut Task) {
    let (handler, head) = (office.person("zhujian.handler").await, office.person("zhujian.head").await);
    let stranger = office.person("minzheng.head").await;
    step(&handler, first, "draft_part", json!({ "part": part(&[2]) }), "").await.expect("drafted");
    let own = format!("/api/v1/tasks/{}/draft", first.dispatch.assignment_id);
    let kept: Value = head.post(&own, &json!({})).await.expect("the draft");
    assert!(at(&kept, "/facts").as_str().expect("facts").contains(PART_CANARY));
    let body = || json!({ "part": part(&[2]), "signer": "局长 某某" });
    assert_eq!(code_of(step(&handler, first, "answer_co", body(), "").await), "head_signs");
    let mut whole = body();
    whole["part"] = part(&[1, 2]);
    assert_eq!(code_of(step(&head, first, "answer_co", whole, "").await), "claims_not_answered");
    step(&head, first, "answer_co", body(), "").await.expect("sent to the lead");
    assert_eq!(first.state, S::Answered);

    let seen = lead_sees(lead, id, |t| state_of(t, "zhujian") == Some(CoState::Answered)).await;
    assert_eq!(state_of(&seen, "minzheng"), Some(CoState::Awaited));
    let door = format!("/api/v1/tasks/{}/open_part", seen.dispatch.assignment_id);
    let opened: PaperBody = wait_for("the lead opens the part", || async {
        match lead.post::<PaperBody>(&door, &json!({ "co_no": 2 })).await {
            Ok(opened) => Some(opened),
            // Intake hears of the part a moment later.
            Err(error) => {
                assert_eq!(suite::client::problem_code(&error), Some("right_not_here_yet"));
                None
            }
        }
    })
    .await;
    let PaperBody::CoPart { text, .. } = opened else { panic!("another paper") };
    assert!(text.facts.contains(PART_CANARY));
    assert_eq!(code_of(lead.post::<Value>(&door, &json!({ "co_no": 3 })).await), "co_part_not_here");
    // A co-agency opens neither another's part nor anything of the lead's.
    let theirs = task(&stranger, id, "").await;
    let own = format!("/api/v1/tasks/{}/open_part", theirs.dispatch.assignment_id);
    assert_eq!(code_of(stranger.post::<Value>(&own, &json!({ "co_no": 2 })).await), "co_part_not_here");
    assert_eq!(code_of(stranger.post::<Value>(&door, &json!({ "co_no": 2 })).await), "no_such_task");
    let paths = [
        format!("/api/v1/tasks/{}", seen.dispatch.assignment_id),
        format!("/api/v1/tasks/{}", first.dispatch.assignment_id),
    ];
    for path in paths {
        assert_eq!(code_of(stranger.get::<Value>(&path).await), "no_such_task");
    }
    let board: Value = stranger.get("/api/v1/matters").await.expect("its own list");
    assert_eq!(at(&board, "/items").as_array().map(Vec::len), Some(1), "it helps with one");
    let row = at(&board, "/items/0");
    assert_eq!(at(row, "/dues"), &json!([]), "the lead's limits are the lead's");
    assert_eq!(at(row, "/co").as_array().map(Vec::len), Some(1), "its own share alone");
    let elsewhere = office.person("jiaoyu.head").await;
    let none: Value = elsewhere.get("/api/v1/matters").await.expect("its own list");
    assert_eq!(at(&none, "/items"), &json!([]));
    assert!(office.folder.files_with(&[PART_CANARY]).is_empty(), "in plain text on disk");
}

/// A co-agency that is not competent is let go alone; the lead hears, the matter stays.
async fn objects(office: &Office, screener: &Client, lead: &Client, id: &str) {
    let head = office.person("yibao.head").await;
    let mut task = task(&head, id, "").await;
    let objection = json!({ "reasons": "不属本单位职责。", "own_duties": "职责规定第三条" });
    step(&head, &mut task, "object", objection, "").await.expect("objected");
    let assignment = task.dispatch.assignment_id.to_string();
    wait_for("the office hears of it", || async {
        let view = matter(screener, id).await;
        let all = at(&view, "/routing/assignments").as_array().expect("assignments").clone();
        all.into_iter().find(|a| a["assignment_id"] == json!(assignment) && a["state"] == "objected")
    })
    .await;
    let view = matter(screener, id).await;
    assert_eq!((at(&view, "/routing/state"), at(&view, "/routing/bounces")), (&json!("handling"), &json!(0)));
    let rule = json!({ "assignment_id": assignment, "reason": "not_competent", "note": "经核实" });
    command(screener, id, "uphold_objection", rule).await.expect("upheld");
    let seen = lead_sees(lead, id, |t| state_of(t, "yibao") == Some(CoState::Released)).await;
    assert_eq!(state_of(&seen, "minzheng"), Some(CoState::Awaited));
    assert_eq!(at(&matter(screener, id).await, "/routing/state"), "handling");
}

/// A late co-agency is breached and urged like any other; it sends its part.
async fn late(office: &Office, lead: &Client, id: &str) {
    let officer = office.person("supervisor").await;
    let head = office.person("minzheng.head").await;
    office.set_clock("2026-08-26T09:00:00+08:00");
    let breached = wait_for("the part is overdue", || async {
        let path = format!("/api/v1/matters/{id}/duties");
        let all: Page<DutyView> = suite::client::patiently(officer.get(&path).await).expect("duties")?;
        all.items.into_iter().find(|d| {
            d.rule.code() == "T05"
                && d.breached_on.is_some()
                && d.agency.as_ref().is_some_and(|a| a.as_str() == "minzheng")
        })
    })
    .await;
    assert_eq!(breached.due.nominal_on.to_string(), "2026-08-25");
    let draft = wait_for("an order is proposed", || async {
        let page: Page<OrderView> = officer.get("/api/v1/orders").await.expect("orders");
        page.items.into_iter().find(|o| o.state == OrderState::Draft && o.agency.as_str() == "minzheng")
    })
    .await;
    assert_eq!(draft.owed, contracts::codes::OrderOwed::CoPart);
    let issue = json!({
        "assignment_id": draft.assignment_id, "order_id": draft.order_id, "cause": draft.cause,
        "owed": draft.owed, "due_on": "2026-09-01",
    });
    officer.post::<Value>(&format!("/api/v1/matters/{id}/issue_order"), &issue).await.expect("issued");
    wait_for("the co-agency has the order", || async {
        let page: Page<ReceivedOrder> = head.get("/api/v1/tasks/orders").await.expect("orders");
        page.items.into_iter().find(|o| o.state == OrderState::Issued)
    })
    .await;
    let mut task = task(&head, id, "").await;
    step(&head, &mut task, "sign", json!({}), "").await.expect("signed");
    let body = json!({ "part": part(&[1, 2]), "signer": "局长 某某" });
    step(&head, &mut task, "answer_co", body, "").await.expect("sent, late");
    lead_sees(lead, id, |t| state_of(t, "minzheng") == Some(CoState::Answered)).await;
}

/// The lead answers with all parts; the petitioner sees one answer by one unit.
async fn answered(
    office: &Office,
    screener: &Client,
    lead: &Client,
    id: &str,
    number: &str,
    query_code: &str,
) {
    let mut leads = task(lead, id, "").await;
    step(lead, &mut leads, "issue_opinion", opinion(2), "").await.expect("all parts are here");
    let view = on_board(screener, id, "opinion_issued").await;
    let states: Vec<&str> = at(&view, "/routing/assignments")
        .as_array()
        .expect("assignments")
        .iter()
        .filter_map(|a| a["state"].as_str())
        .collect();
    assert_eq!(states, ["opinion_issued", "answered", "answered", "returned"]);
    let asked = json!({ "number": number, "query_code": query_code });
    let public: Value = office.door.post("/api/v1/lookup", &asked).await.expect("looked up");
    assert_eq!(at(&public, "/agency"), "renshe", "one unit answers");
    let codes: Vec<&str> = at(&public, "/milestones")
        .as_array()
        .expect("milestones")
        .iter()
        .filter_map(|m| m["code"].as_str())
        .collect();
    assert_eq!(codes.iter().filter(|code| **code == "opinion").count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == "helped").count(), 1, "{codes:?}");
    assert!(codes.iter().filter(|code| **code == "delivered").count() <= 1, "{codes:?}");
    for unit in ["zhujian", "minzheng", "yibao"] {
        assert!(!at(&public, "/milestones").to_string().contains(unit), "{unit} is the lead's to name");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_adds_and_releases_and_a_recall_of_the_lead_ends_all() {
    let office = Office::start(&["renshe", "zhujian", "minzheng"]).await;
    let screener = office.person("screener").await;
    let (lead, head) = (office.person("renshe.head").await, office.person("zhujian.head").await);
    let receipt = register(&office.person("registrar").await, "co-2", &claim()).await;
    let id = receipt.submission_id.to_string();
    let wish = json!({ "agency": "renshe", "mode": "forward",
        "co": [{ "agency": "zhujian", "due_on": "2026-08-20" }] });
    screen(&screener, &id, wish).await.expect("handed over");
    lead_sees(&lead, &id, |t| state_of(t, "zhujian") == Some(CoState::Awaited)).await;
    let add = |agency: &str| json!({ "co": { "agency": agency, "due_on": "2026-08-25" } });
    assert_eq!(code_of(command(&screener, &id, "add_co", add("renshe")).await), "co_is_lead");
    command(&screener, &id, "add_co", add("minzheng")).await.expect("added");
    lead_sees(&lead, &id, |t| state_of(t, "minzheng") == Some(CoState::Awaited)).await;
    let path = format!("/api/v1/matters/{id}/add_co");
    assert_eq!(code_of(lead.post::<Value>(&path, &add("yibao")).await), "not_allowed");

    let mut task = task(&head, &id, "").await;
    step(&head, &mut task, "sign", json!({}), "").await.expect("signed");
    let release = json!({ "assignment_id": task.dispatch.assignment_id, "reason": "not_needed" });
    command(&screener, &id, "release_co", release).await.expect("released");
    lead_sees(&lead, &id, |t| state_of(t, "zhujian") == Some(CoState::Released)).await;
    wait_for("the co-agency hears", || async {
        let path = format!("/api/v1/tasks/{}", task.dispatch.assignment_id);
        let shown: Task = head.get(&path).await.expect("its task");
        (shown.state == S::Recalled).then_some(())
    })
    .await;
    let body = json!({ "part": part(&[1, 2]), "signer": "局长 某某" });
    assert_eq!(code_of(step(&head, &mut task, "answer_co", body, "").await), "task_recalled");

    let view = matter(&screener, &id).await;
    let lead_id = at(&view, "/routing/assignments/0/assignment_id").clone();
    let recall = json!({ "assignment_id": lead_id, "reason": "wrong_agency" });
    command(&screener, &id, "recall", recall).await.expect("recalled");
    let view = on_board(&screener, &id, "screened").await;
    for n in 0..3 {
        assert_eq!(at(&view, &format!("/routing/assignments/{n}/state")), "recalled");
    }
    assert_eq!(at(&view, "/routing/assignments/2/share/released"), "lead_ended");
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accused_unit_neither_leads_nor_helps() {
    let office = Office::start(&["jiwei"]).await;
    let officer = office.person("restricted").await;
    let accusation = with(
        claim(),
        json!({ "purpose": "accusation", "title": "反映有人收受回扣", "accused_agencies": ["qingyan"] }),
    );
    let receipt = register(&office.person("registrar").await, "co-3", &accusation).await;
    let id = receipt.submission_id.to_string();
    let path = format!("/api/v1/matters/{id}/screen");
    for unit in ["qingyan", "huaiqiao"] {
        let answer = wait_for("the accused units are known", || async {
            let view: Value =
                suite::client::patiently(officer.get(&format!("/api/v1/matters/{id}")).await).expect("shown")?;
            let decision = json!({
                "expected_version": view.pointer("/routing/version")?, "purpose": "accusation", "level": "city",
                "hand_over": { "agency": "jiwei", "mode": "forward",
                    "co": [{ "agency": unit, "due_on": "2026-08-20" }] },
            });
            let answer = officer.post::<Value>(&path, &decision).await;
            let code = answer.as_ref().err().and_then(suite::client::problem_code).unwrap_or_default();
            (code != "accused_not_known_yet").then_some(answer)
        })
        .await;
        assert_eq!(code_of(answer), "accused_unit", "{unit}");
    }
    office.stop().await;
}
