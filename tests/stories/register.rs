//! 单位名录 at run time: an agency entered while the office runs gets its first dispatch, signs and answers; one that
//! ends hands its cases to its successor, and nothing is lost (Art. 24).

use contracts::{
    Page,
    routing::register::{AgencyView, Orphan},
};
use serde_json::{Value, json};

use crate::office::{
    Office, Store,
    letter::{
        at, claim, code_of, command, forward_to, matter, notice, on_board, opinion, register, screen, step,
        task,
    },
    wait::wait_for,
};

fn shuju() -> Value {
    json!({
        "agency": "shuju", "site": "hosted",
        "entry": {
            "name_zh": "云岭市数据局", "name_en": "Yunling Data Bureau", "level": "city", "region": "990100",
            "line": "government", "doc_prefix": "云数", "review_unit": "云岭市人民政府", "computer": true,
            "valid_from": "2026-08-03",
            "competence": [{ "region": "990100", "categories": ["labour"] }],
            "telephone": "0990-8800188",
        },
    })
}

async fn on_every_store(story: impl AsyncFn(Office)) {
    for store in [Store::Sqlite, Store::Postgres] {
        // The suite runs as a county would: every hosted agency's node in the process.
        if let Some(office) = Office::start_with(store, &["renshe"], &[]).await {
            story(office).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agency_entered_while_the_office_runs_gets_a_case_and_the_cases_of_one_that_ends() {
    on_every_store(async |office| {
        let (admin, screener) = (office.person("admin").await, office.person("screener").await);
        let (old, desk) = (office.person("renshe.handler").await, office.person("registrar").await);
        let before = register(&desk, "reg-1", &claim()).await.submission_id.to_string();
        screen(&screener, &before, forward_to("renshe")).await.expect("forwarded");
        let mut early = task(&old, &before, "").await;
        step(&old, &mut early, "sign", json!({}), "").await.expect("signed");
        step(&old, &mut early, "notify_acceptance", notice(), "").await.expect("accepted");
        on_board(&screener, &before, "handling").await;

        assert_eq!(code_of(screener.post::<Value>("/api/v1/agencies", &shuju()).await), "not_allowed");
        admin.post::<Value>("/api/v1/agencies", &shuju()).await.expect("entered");
        assert_eq!(code_of(admin.post::<Value>("/api/v1/agencies", &shuju()).await), "agency_code_taken");

        // Its people; its account, streams and node come without a restart. A letter may be sent at once.
        let user = json!({
            "login": "shuju.handler", "display": "数据局承办", "agency": "shuju",
            "roles": ["handler", "agency_head"],
        });
        let issued: Value = admin.post("/api/v1/users", &user).await.expect("an account");
        let password = at(&issued, "/password").as_str().expect("a password").to_owned();
        let first = register(&desk, "reg-2", &claim()).await.submission_id.to_string();
        screen(&screener, &first, forward_to("shuju")).await.expect("forwarded to the new one");
        let new = office.door.sign_in("shuju.handler", &password).await.expect("signed in");
        let chosen = json!({ "current": password, "password": "数据局-Yunling-2026" });
        new.post::<Value>("/api/v1/account/password", &chosen).await.expect("chosen");
        let new = office.door.sign_in("shuju.handler", "数据局-Yunling-2026").await.expect("signed in");
        let mut found = wait_for("the node of the new agency answers", || async {
            let page: Page<contracts::agency::commands::Task> =
                suite::client::patiently(new.get("/api/v1/tasks?limit=200").await).expect("tasks")?;
            page.items.into_iter().find(|t| t.dispatch.matter_id.to_string() == first)
        })
        .await;
        step(&new, &mut found, "sign", json!({}), "").await.expect("signed");
        let text = json!({ "part": "text", "purpose": "handling" });
        let path = format!("/api/v1/tasks/{}/open", found.dispatch.assignment_id);
        let opened: Value = new.post(&path, &text).await.expect("sealed to the new agency's own key");
        assert!(opened.to_string().contains("玳瑁纹路灯"));
        step(&new, &mut found, "notify_acceptance", notice(), "").await.expect("accepted");
        step(&new, &mut found, "issue_opinion", opinion(2), "").await.expect("answered");
        on_board(&screener, &first, "opinion_issued").await;

        // The old one is merged into the new one; its last day is today.
        let view: AgencyView = admin.get("/api/v1/agencies/renshe").await.expect("shown");
        let end = json!({
            "expected_version": view.version,
            "ending": {
                "kind": "merged", "last_on": "2026-08-03", "ground": "云编〔2026〕12号",
                "successors": [{ "agency": "shuju" }],
            },
        });
        admin.post::<Value>("/api/v1/agencies/renshe/end_agency", &end).await.expect("ends");
        office.set_clock("2026-08-04T09:00:00+08:00");
        let late = register(&desk, "reg-3", &claim()).await.submission_id.to_string();
        let refused = wait_for("the day has come everywhere", || async {
            let refused = screen(&screener, &late, forward_to("renshe")).await;
            Some(code_of(refused))
        })
        .await;
        assert_eq!(refused, "agency_ended");
        let queue: Page<Orphan> = screener.get("/api/v1/orphans").await.expect("the queue");
        assert_eq!(queue.items.len(), 1);
        assert_eq!((queue.items[0].matter_id.to_string(), queue.items[0].ended), (before.clone(), true));
        assert_eq!(queue.items[0].successors, ["shuju".parse().expect("a code")]);
        command(&screener, &before, "reassign", json!({ "hand_over": forward_to("shuju") }))
            .await
            .expect("handed on");
        let mut followed = task(&new, &before, "").await;
        assert_eq!(followed.dispatch.assignment_no, 2);
        step(&new, &mut followed, "sign", json!({}), "").await.expect("signed");
        step(&new, &mut followed, "notify_acceptance", notice(), "").await.expect("accepted anew");
        on_board(&screener, &before, "handling").await;
        let shown = matter(&screener, &before).await;
        for claim in at(&shown, "/routing/claims").as_array().expect("claims") {
            assert_eq!(at(claim, "/holder"), "shuju");
        }
        let papers = at(&shown, "/routing/assignments/0/papers").as_array().expect("papers");
        assert!(!papers.is_empty(), "what the old one wrote stays on the case");
        let queue: Page<Orphan> = screener.get("/api/v1/orphans").await.expect("the queue");
        assert!(queue.items.is_empty());
        office.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_the_office_knows_the_agency_before_routing_answers() {
    let office = Office::start_with(Store::Sqlite, &["renshe"], &[]).await.expect("SQLite");
    let admin = office.person("admin").await;
    admin.post::<Value>("/api/v1/agencies", &shuju()).await.expect("entered");
    let code = "shuju".parse().expect("a code");
    wait_for("the folder knows it", || async { office.suite.site.agencies().contains(&code).then_some(()) })
        .await;
    let office = office
        .restart(
            |folder| {
                let kept = std::fs::read_to_string(folder.join("register.json")).expect("the register");
                assert!(kept.contains("\"shuju\""));
            },
            &[],
        )
        .await;
    assert!(office.suite.site.agencies().contains(&code));
    let (desk, screener) = (office.person("registrar").await, office.person("screener").await);
    let id = register(&desk, "reg-9", &claim()).await.submission_id.to_string();
    screen(&screener, &id, forward_to("shuju")).await.expect("forwarded");
    wait_for("its node has the letter", || async {
        let view = matter(&screener, &id).await;
        (view.pointer("/routing/assignments/0/state").and_then(Value::as_str) == Some("delivered"))
            .then_some(())
    })
    .await;
    office.stop().await;
}
