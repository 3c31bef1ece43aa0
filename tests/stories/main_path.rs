//! The main job: registered, forwarded, answered by the agency's own node, served, closed, looked up.

use calendar::{DueDate, RuleId};
use contracts::{
    agency::commands::Opened,
    codes::{AssignmentState, ContentPart, MatterState},
    intake::commands::Receipt,
};
use serde_json::{Value, json};

use crate::office::{
    Office, Store, day,
    letter::{
        CANARIES, at, claim, code_of, forward_to, matter, notice, on_board, opinion, petitioner, refused,
        register, screen, step, task,
    },
    wait::wait_for,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_goes_its_whole_way_on_sqlite() {
    let office = Office::start(&["renshe"]).await;
    whole_way(&office).await;
    nothing_lies_open(&office);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_goes_its_whole_way_on_postgresql() {
    let Some(office) = Office::start_on(Store::Postgres, &["renshe"]).await else { return };
    whole_way(&office).await;
    office.stop().await;
}

async fn whole_way(office: &Office) {
    let (registrar, screener) = (office.person("registrar").await, office.person("screener").await);
    let (handler, head) = (office.person("renshe.handler").await, office.person("renshe.head").await);

    let receipt = register(&registrar, "main-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    assert!(receipt.number.starts_with("XF990100-260803-"), "{}", receipt.number);
    assert_eq!((receipt.claims, receipt.received_on), (2, day("2026-08-03")));
    assert_dates(&receipt.t01, RuleId::T01, "2026-08-18", "2026-08-18");
    let printed: Receipt = registrar
        .post(&format!("/api/v1/matters/{id}/receipt"), &json!({}))
        .await
        .expect("the receipt once more");
    assert_eq!((&printed.number, &printed.query_code), (&receipt.number, &receipt.query_code));

    let read: Value = screener
        .post(&format!("/api/v1/matters/{id}/content"), &json!({ "purpose": "screening" }))
        .await
        .expect("the text");
    assert!(at(&read, "/text").as_str().expect("text").contains(CANARIES[0]));
    screen(&screener, &id, forward_to("renshe")).await.expect("screened and forwarded");

    let mut task = task(&handler, &id, "").await;
    assert_eq!((task.state, task.dispatch.sent_on), (AssignmentState::Delivered, day("2026-08-03")));
    due(&task.dues, RuleId::T03, "2026-08-18", "2026-08-18");
    due(&task.dues, RuleId::T04, "2026-08-10", "2026-08-10");
    opens(&handler, &task.dispatch.assignment_id.to_string()).await;

    step(&handler, &mut task, "sign", json!({}), "").await.expect("signed");
    step(&handler, &mut task, "notify_acceptance", notice(), "").await.expect("notified");
    assert_eq!(code_of(step(&handler, &mut task, "issue_opinion", opinion(2), "").await), "head_signs");
    assert_eq!(code_of(step(&head, &mut task, "issue_opinion", opinion(1), "").await), "claims_not_answered");
    step(&head, &mut task, "issue_opinion", opinion(2), "").await.expect("issued");
    let service = json!({ "way": "in_person", "served_on": "2026-08-03", "proof": "本人签收" });
    step(&handler, &mut task, "record_service", service, "").await.expect("served");
    step(&handler, &mut task, "complete", json!({ "close_code": "S" }), "").await.expect("closed");
    assert_eq!(task.state, AssignmentState::Closed);

    let view = on_board(&screener, &id, "closed").await;
    dates_of_the_office(&view);
    opinion_is_read(&screener, &id, &view).await;
    each_step_names_who_took_it(office, &handler, &view).await;
    petitioner_looks_up(office, &receipt).await;
}

/// The agency opens text and contact through its own account.
async fn opens(handler: &suite::client::Client, assignment: &str) {
    let path = format!("/api/v1/tasks/{assignment}/open");
    let text = wait_for("intake knows the agency's right", || async {
        let asked = json!({ "part": "text", "purpose": "handling" });
        match handler.post::<Opened>(&path, &asked).await {
            Ok(opened) => Some(opened),
            Err(error) if suite::client::problem_code(&error) == Some("right_not_here_yet") => None,
            Err(error) => panic!("{error:#}"),
        }
    })
    .await;
    let Opened::Text(content) = text else { panic!("another part") };
    assert_eq!(content.claims.len(), 2);
    let asked = json!({ "part": "contact", "purpose": "contacting" });
    let Opened::Contact(contact) = handler.post(&path, &asked).await.expect("contact") else {
        panic!("another part")
    };
    assert_eq!(serde_json::to_value(&contact.petitioners).expect("json"), json!([petitioner()]));
    let asked = json!({ "part": "contact", "purpose": "auditing" });
    assert_eq!(code_of(handler.post::<Value>(&path, &asked).await), "purpose_not_an_agencys");
}

/// Every limit of the matter with both dates, as the office sees it, and its working.
fn dates_of_the_office(view: &Value) {
    let dues: Vec<DueDate> =
        serde_json::from_value(at(view, "/routing/assignments/0/dues").clone()).expect("limits");
    due(&dues, RuleId::T03, "2026-08-18", "2026-08-18");
    due(&dues, RuleId::T04, "2026-08-10", "2026-08-10");
    // Sixty days end in the holiday of the National Day; the first working day after it is a Thursday.
    due(&dues, RuleId::T06, "2026-10-02", "2026-10-08");
    due(&dues, RuleId::T07, "2026-09-02", "2026-09-02");
    let worked = at(view, "/explanations").as_array().expect("workings");
    assert_eq!(worked.len(), dues.len() + 1, "each limit and T01 has its working");
    let days = at(view, "/routing/assignments/0/days").as_object().expect("days").clone();
    for state in ["delivered", "signed", "accepted", "opinion_issued", "served", "closed"] {
        assert_eq!(days.get(state), Some(&json!("2026-08-03")), "{state}");
    }
    let outcomes = at(view, "/routing/claims").as_array().expect("claims");
    for claim in outcomes {
        assert_eq!(at(claim, "/holder"), "renshe");
        assert_eq!(at(claim, "/outcome/outcome"), "supported");
    }
}

/// 经办人: the office sees who did what; the agency its own people alone; rules act in nobody's name.
async fn each_step_names_who_took_it(office: &Office, handler: &suite::client::Client, view: &Value) {
    let by = |event: &str| {
        let line = at(view, "/timeline").as_array().expect("lines").iter().find(|l| l["type"] == event);
        line.unwrap_or_else(|| panic!("no {event}"))["detail"]["by"].as_str().map(str::to_owned)
    };
    for (event, login, place) in [
        ("submission_registered", "registrar", "office"),
        ("matter_screened", "screener", "office"),
        ("matter_forwarded", "screener", "office"),
        ("acceptance_notified", "renshe.handler", "agency/renshe"),
        ("opinion_issued", "renshe.head", "agency/renshe"),
    ] {
        assert_eq!(by(event), Some(format!("{place}/{}", office.account(login).await)), "{event}");
    }
    assert_eq!(by("matter_proposed"), None, "the rules proposed");
    let id = at(view, "/board/matter_id").as_str().expect("an id");
    let theirs: Value = handler.get(&format!("/api/v1/matters/{id}")).await.expect("the agency's view");
    let shown = serde_json::to_string(at(&theirs, "/timeline")).expect("json");
    assert!(shown.contains("agency/renshe/us_") && !shown.contains("office/us_"), "{shown}");
}

async fn opinion_is_read(screener: &suite::client::Client, id: &str, view: &Value) {
    let papers = at(view, "/routing/assignments/0/papers").as_array().expect("papers");
    let kinds: Vec<_> = papers.iter().map(|p| at(p, "/0").as_str().expect("kind")).collect();
    assert_eq!(kinds, ["acceptance_notice", "opinion", "service_record"]);
    let asked = json!({ "content_id": at(&papers[1], "/1"), "purpose": "auditing" });
    let paper: Value =
        screener.post(&format!("/api/v1/matters/{id}/paper"), &asked).await.expect("the opinion");
    assert!(at(&paper, "/body").as_str().expect("body").contains("欠薪属实"));
}

async fn petitioner_looks_up(office: &Office, receipt: &Receipt) {
    let ask = |code: &str| json!({ "number": receipt.number, "query_code": code });
    let seen: Value = office.door.post("/api/v1/lookup", &ask(&receipt.query_code)).await.expect("looked up");
    assert_eq!(at(&seen, "/state"), MatterState::Closed.code());
    let milestones: Vec<(String, String)> = at(&seen, "/milestones")
        .as_array()
        .expect("milestones")
        .iter()
        .map(|m| {
            (
                at(m, "/code").as_str().expect("code").to_owned(),
                at(m, "/on").as_str().expect("day").to_owned(),
            )
        })
        .collect();
    let wanted =
        ["registered", "screened", "forwarded", "delivered", "accepted", "opinion", "served", "closed"];
    assert_eq!(milestones, wanted.map(|code| (code.to_owned(), "2026-08-03".to_owned())));
    assert_eq!(at(&seen, "/review_due/legal_on"), "2026-09-02");
    let openings = at(&seen, "/openings").as_array().expect("openings").clone();
    let units: Vec<String> =
        openings.iter().map(|o| format!("{} {}", at(o, "/unit"), at(o, "/part"))).collect();
    for part in [ContentPart::Text, ContentPart::Contact] {
        let seen = units.iter().any(|u| u.contains("renshe") && u.contains(part.code()));
        assert!(seen, "the petitioner sees that renshe looked at the {part}: {units:?}");
    }
    assert!(units.iter().any(|u| u.contains("office")), "{units:?}");
    let text = seen.to_string();
    for canary in CANARIES {
        assert!(!text.contains(canary), "the public look-up shows `{canary}`");
    }
    let wrong = refused(office.door.post::<Value>("/api/v1/lookup", &ask("AAAA-AAAA-AAAA")).await);
    assert_eq!(wrong.code, "no_such_pair");
}

/// Name, number, telephone and address stand in no file of the office: databases, streams, uploads.
fn nothing_lies_open(office: &Office) {
    let found = office.folder.files_with(&CANARIES);
    assert!(found.is_empty(), "in plain text on disk: {found:?}");
    // The look can fail: what is plain is found.
    assert!(!office.folder.files_with(&["labour.wages"]).is_empty());
}

fn due(dues: &[DueDate], rule: RuleId, nominal: &str, legal: &str) {
    let found = dues.iter().find(|d| d.rule == rule).unwrap_or_else(|| panic!("no {rule} in {dues:?}"));
    assert_dates(found, rule, nominal, legal);
}

fn assert_dates(due: &DueDate, rule: RuleId, nominal: &str, legal: &str) {
    assert_eq!((due.rule, due.start_on), (rule, day("2026-08-03")));
    assert_eq!((due.nominal_on, due.legal_on, due.provisional), (day(nominal), day(legal), false), "{rule}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_sees_each_step_as_it_happens() {
    let office = Office::start(&["renshe"]).await;
    let (screener, handler) = (office.person("screener").await, office.person("renshe.handler").await);
    let receipt = register(&office.person("desk").await, "steps-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    let hand_over = json!({ "agency": "renshe", "mode": "assign", "limit_on": "2026-09-04" });
    screen(&screener, &id, hand_over).await.expect("assigned");
    let view = matter(&screener, &id).await;
    assert_eq!(at(&view, "/board/state"), "assigned");
    let mut task = task(&handler, &id, "").await;
    assert_eq!(task.dispatch.limit_on, Some(day("2026-09-04")));
    step(&handler, &mut task, "sign", json!({}), "").await.expect("signed");
    step(&handler, &mut task, "notify_acceptance", notice(), "").await.expect("accepted");
    let view = on_board(&screener, &id, "handling").await;
    assert_eq!(at(&view, "/board/assignment_state"), "accepted");
    // A stale version changes nothing.
    task.version = 1;
    assert_eq!(
        code_of(step(&handler, &mut task, "complete", json!({ "close_code": "T" }), "").await),
        "task_stale"
    );
    // The wages cannot be closed unanswered.
    let mut task = self::task(&handler, &id, "").await;
    let unanswered =
        step(&handler, &mut task, "complete", json!({ "close_code": "S", "report": "完毕" }), "").await;
    assert_eq!(code_of(unanswered), "task_wrong_state");
    office.stop().await;
}
