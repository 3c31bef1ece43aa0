//! The pages as a browser sees them: signing in, forms that keep what was typed, every page in both
//! languages without a missing text.

use axum::{body::Body, http::StatusCode};
use calendar::RuleId;
use console::accounts;
use kernel::{MatterId, Place, Role};
use serde_json::json;

use crate::{
    browser::{Matter, Person, accepted, agency, around, categories, location, task},
    facts::{self, Teller},
    support::{PASSWORD, Rig},
};

#[tokio::test]
async fn a_visitor_is_led_to_the_sign_in_and_back_and_out() {
    let (rig, fresh) = Rig::fresh().await;
    let public = Person::public(&rig);
    let answer = public.look("/board?tab=all").await;
    assert_eq!(location(&answer), "/login?back=%2Fboard%3Ftab%3Dall");
    assert_eq!(location(&public.look("/").await), "/portal");
    public.sees("/login").await;
    let answer = public.submit("/login", &[("login", "nobody"), ("password", "wrong")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("value=\"nobody\""), "the login stays");
    assert!(!answer.text.contains("wrong\""), "the password does not");
    let screener = Person::office(&rig, Role::Screener).await;
    for evil in ["https://evil.example/", "//evil.example/", "/\\evil.example"] {
        let fields = [("login", "screener"), ("password", PASSWORD), ("back", evil)];
        assert_eq!(location(&public.submit("/login", &fields).await), "/", "{evil}");
    }
    assert_eq!(location(&screener.look("/").await), "/board");
    let mut foreign = vec![("accept", "text/html"), ("sec-fetch-site", "cross-site")];
    foreign.extend(screener.cookie.as_deref().map(|cookie| ("cookie", cookie)));
    let answer = rig.send("POST", "/logout", None, &foreign, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "another site cannot sign anybody out");
    let answer = screener.submit("/logout", &[]).await;
    assert!(answer.headers["set-cookie"].to_str().expect("cookie").contains("Max-Age=0"));
    assert!(location(&screener.look("/board").await).starts_with("/login"));
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn every_page_of_the_office_is_whole_in_both_languages() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, notice, .. } = accepted(&rig, &mut teller).await;
    let desk = Person::of(&rig, "desk", Place::Office, &[Role::Registrar, Role::Screener]).await;
    let board = desk.sees("/board?tab=all").await;
    assert!(board.contains("XF990102-260803-0001") && board.contains("人力资源和社会保障局"));
    for path in [
        "/board",
        "/board?tab=handling&sort=updated",
        "/board?due=overdue&tab=all",
        "/board?q=XF990102&tab=all",
        "/register",
        "/account",
    ] {
        desk.sees(path).await;
    }
    let page = desk.sees(&format!("/matters/{id}")).await;
    assert!(page.contains("云联信转〔2026〕1号") && page.contains("《信访工作条例》第二十三条"), "{page}");
    desk.sees(&format!("/matters/{id}/screen")).await;
    assert_eq!(
        location(&desk.look(&format!("/matters/{id}/recall")).await),
        format!("/matters/{id}"),
        "too late"
    );
    let letter = desk.sees(&format!("/matters/{id}/print/letter-1")).await;
    assert!(letter.contains("《信访工作条例》第二十二条第一项"));
    rig.scripts.on("intake.paper", move |_| {
        let body = json!({ "kind": "acceptance_notice", "handler": "何川", "telephone": "0990-8800100", "notice": "已受理", "accepted_on": "2026-08-06", "document_number": "云人社信告〔2026〕1号" });
        Ok(json!({ "content_id": notice, "body": body.to_string(), "sha256": "00" }))
    });
    assert!(desk.sees(&format!("/matters/{id}/print/{notice}")).await.contains("云人社信告〔2026〕1号"));
    let officer = Person::office(&rig, Role::RestrictedOfficer).await;
    let row = json!({ "items": [{ "matter_id": id, "state": "registered", "received_on": "2026-08-03", "t01": facts::due(RuleId::T01, "2026-08-03") }] });
    rig.scripts.on("routing.restricted_queue", move |_| Ok(row.clone()));
    assert!(officer.sees("/restricted").await.contains(&id.to_string()));
    Person::office(&rig, Role::Operator).await.sees("/status").await;
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn an_accusation_has_a_page_for_its_officer() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let id: MatterId = teller.mint.mint();
    teller.say(id, &facts::accusation(id)).await;
    console::parts(&rig.deps).feed.step().await.expect("step");
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    let officer = Person::office(&rig, Role::RestrictedOfficer).await;
    officer.sees(&format!("/matters/{id}")).await;
    rig.scripts.on("routing.matter", move |_| {
        Ok(json!({
            "matter_id": id, "version": 1, "state": "registered", "restricted": true, "purpose": "accusation",
            "category": null, "route": null, "place_region": null, "received_on": "2026-08-03",
            "t01": facts::due(RuleId::T01, "2026-08-03"), "categories": [], "agencies": [],
            "claims": [{ "claim_no": 1, "holder": "office", "outcome": null }], "assignments": [],
        }))
    });
    officer.sees(&format!("/matters/{id}")).await;
    officer.sees(&format!("/matters/{id}/screen")).await;
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_seal_is_opened_for_one_answer_with_a_purpose() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, .. } = accepted(&rig, &mut teller).await;
    rig.scripts.on("intake.content", move |got| {
        assert_eq!(got.body["purpose"], "screening");
        Ok(json!({ "submission_id": id, "number": "XF1", "title": "拖欠工资", "text": "三个月没有发工资", "claims": ["支付工资"],
            "attachments": [{ "attachment_id": "at_01k1v7f5r00000000000000000", "name": "合同.pdf", "media_type": "application/pdf", "size": 12, "sha256": "00" }],
            "purpose": "claim", "place_region": "990102", "received_on": "2026-08-03" }))
    });
    rig.scripts.on("intake.reveal", |_| {
        Ok(json!({ "petitioners": [{ "name": "王小明", "id_number": "990000199001010017", "telephone": "13800138000" }] }))
    });
    let screener = Person::office(&rig, Role::Screener).await;
    let before = screener.sees(&format!("/matters/{id}")).await;
    assert!(!before.contains("三个月"));
    let answer = screener.submit(&format!("/matters/{id}/content"), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "no purpose, no text");
    let answer = screener.submit(&format!("/matters/{id}/content"), &[("purpose", "screening")]).await;
    assert!(answer.text.contains("三个月没有发工资") && answer.text.contains("合同.pdf"), "{}", answer.text);
    let answer = screener.submit(&format!("/matters/{id}/identity"), &[("purpose", "contacting")]).await;
    assert!(answer.text.contains("王小明") && answer.text.contains("**************0017"), "{}", answer.text);
    assert!(!answer.text.contains("990000199001010017"));
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_registration_keeps_what_was_typed_until_it_is_done() {
    let (rig, fresh) = Rig::fresh().await;
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    let registrar = Person::office(&rig, Role::Registrar).await;
    let typed = [
        ("key", "k-1"),
        ("channel", "letter"),
        ("received_on", "2026-08-03"),
        ("place_region", "990102"),
        ("purpose", "claim"),
        ("title", "拖欠工资三个月"),
        ("text", "事实"),
        ("claim-1", "支付工资"),
        ("claim-2", "赔偿损失"),
        ("petitioner_kind", "citizen"),
        ("name", "王小明"),
        ("id_kind", "citizen_id"),
        ("id_number", "990000199001010018"),
        ("co-1-name", "李四"),
    ];
    let more = [&typed[..], &[("add_claim", "1"), ("remove_co", "1")]].concat();
    let answer = registrar.submit("/register/rows", &more).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(
        answer.text.contains("claim-3") && answer.text.contains("赔偿损失") && !answer.text.contains("李四")
    );

    rig.scripts
        .on("intake.register", |_| Err(web::errors::MALFORMED_INPUT.refuse().at("petitioner.id_number")));
    let answer = registrar.submit("/register", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in ["拖欠工资三个月", "赔偿损失", "李四", "990000199001010018", "value=\"k-1\"", "#id_number"]
    {
        assert!(answer.text.contains(kept), "{kept}");
    }
    rig.scripts.on("intake.register", |_| {
        Ok(json!({ "outcome": "unconfirmed", "warnings": [{ "field": "petitioner.id_number", "code": "id_check_digit" }] }))
    });
    let answer = registrar.submit("/register", &typed).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.text.contains("warnings_confirmed") && !answer.text.contains('⟦'),
        "{}",
        around(&answer.text, "⟦")
    );

    let id: MatterId = rig.deps.mint.mint();
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    teller.say(id, &facts::registered(id, "XF9")).await;
    console::parts(&rig.deps).feed.step().await.expect("step");
    rig.scripts.on("intake.register", move |got| {
        assert_eq!(got.body["claims"], json!(["支付工资", "赔偿损失"]));
        assert_eq!(got.body["co_petitioners"][0]["name"], "李四");
        assert_eq!((&got.body["heads"], &got.body["warnings_confirmed"]), (&json!(2), &json!(true)));
        Ok(json!({ "outcome": "registered", "submission_id": id, "number": "XF9", "query_code": "K7M-RQ4X-2WD",
            "registered_at": "2026-08-03T09:00:00+08:00", "received_on": "2026-08-03", "channel": "letter", "claims": 2,
            "attachments": 0, "t01": facts::due(RuleId::T01, "2026-08-03"), "version": 1 }))
    });
    let confirmed = [&typed[..], &[("warnings_confirmed", "true")]].concat();
    let answer = registrar.submit("/register", &confirmed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let next = location(&answer).to_owned();
    assert!(registrar.sees(&next).await.contains("K7M-RQ4X-2WD"));
    let receipt = registrar.sees(&format!("{next}/receipt")).await;
    assert!(receipt.contains("<svg") && receipt.contains("xf.example.test"));
    assert_eq!(location(&Person::public(&rig).look(&next).await), "/", "only for the one who registered");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn the_public_registers_and_looks_up() {
    let (rig, fresh) = Rig::fresh().await;
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    let public = Person::public(&rig);
    public.sees("/portal").await;
    public.sees("/portal/register").await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, .. } = accepted(&rig, &mut teller).await;
    rig.scripts.on("intake.lookup", move |_| {
        Ok(json!({ "submission_id": id, "matter_id": id, "number": "XF1", "registered_at": "2026-08-03T09:00:00+08:00",
            "received_on": "2026-08-03", "restricted": false,
            "openings": [{ "unit": { "at": "agency", "agency": "renshe" }, "part": "contact", "purpose": "contacting", "at": "2026-08-03T10:00:00+08:00" }] }))
    });
    let answer = public.submit("/portal", &[("number", "XF1"), ("query_code", "K7M-RQ4X-2WD")]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.text.contains("人力资源和社会保障局") && !answer.text.contains('⟦'));
    assert!(!answer.text.contains("K7M"), "the code is not repeated");
    rig.scripts.on("intake.lookup", |_| Err(web::errors::PAGE_NOT_FOUND.refuse()));
    let answer = public.submit("/portal", &[("number", "XF2"), ("query_code", "x")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("value=\"XF2\""));
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn an_agency_sees_its_list_and_takes_its_steps() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, assignment, notice } = accepted(&rig, &mut teller).await;
    let handler = Person::of(&rig, "renshe.handler", agency(), &[Role::Handler]).await;
    assert_eq!(location(&handler.look("/").await), "/tasks");
    assert!(handler.sees("/tasks").await.contains("XF990102-260803-0001"));
    handler.sees("/tasks?tab=done").await;
    let path = format!("/tasks/{assignment}");
    handler.sees(&path).await;
    handler.sees(&format!("{path}/print/letter")).await;
    assert_eq!(handler.look("/board").await.status, StatusCode::FORBIDDEN);
    assert_eq!(handler.look(&format!("/matters/{id}")).await.status, StatusCode::FORBIDDEN);

    let head = Person::of(&rig, "renshe.head", agency(), &[Role::AgencyHead]).await;
    assert!(head.sees(&path).await.contains("outcome-1"), "the head signs the opinion");
    rig.scripts.on("agency.renshe.issue_opinion", |_| Err(web::errors::MALFORMED_INPUT.refuse().at("basis")));
    let fields = [
        ("expected_version", "3"),
        ("outcome-1", "supported"),
        ("opinion-1", "支持"),
        ("facts", "查明事实"),
        ("basis", ""),
        ("review_unit", "市政府"),
        ("signer", "局长"),
    ];
    let answer = head.submit(&format!("{path}/issue_opinion"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("查明事实") && answer.text.contains("basis-problem"), "{}", answer.text);
    rig.scripts.on("agency.renshe.issue_opinion", move |got| {
        assert_eq!(got.body["answers"][0]["outcome"], "supported");
        assert!(got.body.get("on_behalf_paper").is_none());
        Ok(json!({ "matter_id": id, "version": 4, "state": "opinion_issued" }))
    });
    let answer = head.submit(&format!("{path}/issue_opinion"), &fields).await;
    assert_eq!(location(&answer), format!("{path}?notice=opinion_issued"));
    for (state, mark) in [
        ("delivered", "sign"),
        ("signed", "handler"),
        ("opinion_issued", "served_on"),
        ("served", "close_code"),
        ("closed", "XF990102"),
    ] {
        rig.scripts.on("agency.renshe.task", move |_| Ok(task(id, assignment, notice, state)));
        assert!(handler.sees(&path).await.contains(mark), "{state}");
    }
    rig.scripts.on("agency.renshe.open", |_| {
        Ok(json!({ "part": "contact", "value": { "petitioners": [{ "name": "王小明" }] } }))
    });
    let answer = handler.submit(&format!("{path}/open/contact"), &[("purpose", "contacting")]).await;
    assert!(answer.text.contains("王小明"));
    rig.scripts.on("agency.renshe.paper", |_| {
        Ok(json!({ "kind": "opinion", "facts": "f", "basis": "b", "answers": [{ "claim_no": 1, "outcome": "supported", "opinion": "o" }],
            "review_unit": "市政府", "signer": "局长", "issued_on": "2026-08-20", "document_number": "云人社信意〔2026〕1号" }))
    });
    assert!(
        handler.sees(&format!("{path}/print/{notice}")).await.contains("王小明"),
        "the addressee of a served paper"
    );
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn the_office_records_a_step_from_a_paper() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, .. } = accepted(&rig, &mut teller).await;
    let desk = Person::of(&rig, "desk", Place::Office, &[Role::Registrar, Role::Screener]).await;
    let path = format!("/matters/{id}/on-behalf");
    desk.sees(&path).await;
    rig.scripts.on("agency.renshe.issue_opinion", |got| {
        assert_eq!(got.body.get("on_behalf_paper"), None);
        Err(web::errors::MALFORMED_INPUT.refuse().at("on_behalf_paper"))
    });
    let fields = [
        ("expected_version", "3"),
        ("outcome-1", "supported"),
        ("opinion-1", "支持"),
        ("facts", "查明"),
        ("basis", "条例"),
        ("review_unit", "市政府"),
        ("signer", "局长"),
    ];
    let answer = desk.submit(&format!("{path}?step=issue_opinion"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    rig.scripts.on("agency.renshe.issue_opinion", move |got| {
        assert_eq!(got.body["on_behalf_paper"], "at_01k1v7f5r00000000000000000");
        Ok(json!({ "matter_id": id, "version": 4, "state": "opinion_issued" }))
    });
    let kept = [
        &fields[..],
        &[("kept_file", "at_01k1v7f5r00000000000000000"), ("kept_name", "scan.pdf"), ("kept_size", "9")],
    ]
    .concat();
    let answer = desk.submit(&format!("{path}?step=issue_opinion"), &kept).await;
    assert_eq!(location(&answer), format!("/matters/{id}?notice=on_behalf_recorded"), "{}", answer.text);
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn a_screening_is_sent_as_decided_and_kept_when_refused() {
    let (rig, fresh) = Rig::fresh().await;
    let mut teller = Teller::new(&rig.memory, &rig.clock);
    let Matter { id, .. } = accepted(&rig, &mut teller).await;
    let screener = Person::office(&rig, Role::Screener).await;
    let path = format!("/matters/{id}/screen");
    let fields = [
        ("expected_version", "7"),
        ("purpose", "claim"),
        ("category", "labour.wages"),
        ("route", "R6"),
        ("level", "city"),
        ("mode", "assign"),
        ("agency", "renshe"),
        ("limit_on", "2026-09-01"),
    ];
    rig.scripts.on("routing.screen", |_| Err(web::errors::MALFORMED_INPUT.refuse().at("hand_over.limit_on")));
    let answer = screener.submit(&path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("2026-09-01") && answer.text.contains("limit_on-problem"));
    rig.scripts.on("routing.screen", move |got| {
        assert_eq!(
            got.body["hand_over"],
            json!({ "agency": "renshe", "mode": "assign", "limit_on": "2026-09-01" })
        );
        assert_eq!(got.body["expected_version"], 7);
        Ok(json!({ "matter_id": id, "version": 1 }))
    });
    assert_eq!(location(&screener.submit(&path, &fields).await), format!("/matters/{id}?notice=assigned"));
    screener.sees(&format!("/matters/{id}?notice=assigned")).await;
    screener.sees(&format!("/matters/{id}?notice=nonsense")).await;
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn an_administrator_keeps_accounts_and_an_issued_password_is_changed_first() {
    let (rig, fresh) = Rig::fresh().await;
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    let admin = Person::office(&rig, Role::Administrator).await;
    assert_eq!(location(&admin.look("/").await), "/status");
    admin.sees("/users").await;
    let wrong = admin
        .submit(
            "/users",
            &[("login", "Bad Login"), ("name", "新人"), ("unit", "office"), ("roles", "registrar")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Bad Login") && wrong.text.contains("新人"));
    let made = admin
        .submit(
            "/users",
            &[("login", "newcomer"), ("name", "新人"), ("unit", "office"), ("roles", "registrar")],
        )
        .await;
    let issued = made
        .text
        .split_once("class=\"big\">")
        .map(|(_, rest)| rest.split('<').next().expect("password").to_owned())
        .expect("issued");
    let mut newcomer = Person::public(&rig);
    let answer = newcomer
        .submit("/login", &[("login", "newcomer"), ("password", &issued), ("back", "/register")])
        .await;
    assert_eq!(location(&answer), "/account");
    newcomer.cookie =
        answer.headers["set-cookie"].to_str().expect("cookie").split(';').next().map(str::to_owned);
    assert_eq!(location(&newcomer.look("/register").await), "/account", "first things first");
    newcomer.sees("/account").await;
    let change = |again: &'static str| {
        [
            ("current", issued.clone()),
            ("password", "一句好记的新口令在这里".to_owned()),
            ("password_again", again.to_owned()),
        ]
    };
    let send = async |fields: &[(&str, String)]| {
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        newcomer.submit("/account", &fields).await
    };
    assert_eq!(send(&change("另一句")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = send(&change("一句好记的新口令在这里")).await;
    assert_eq!(location(&answer), "/account?notice=password_changed", "{}", answer.text);
    newcomer.sees("/register").await;
    let account = accounts::list(&rig.deps.db, None)
        .await
        .expect("list")
        .into_iter()
        .find(|a| a.login == "newcomer")
        .expect("there");
    let version = account.version.to_string();
    let path = format!("/users/{}/disabled", account.id);
    let answer = admin.submit(&path, &[("expected_version", &version), ("disabled", "true")]).await;
    assert_eq!(location(&answer), "/users?notice=user_changed", "{}", answer.text);
    assert!(location(&newcomer.look("/register").await).starts_with("/login"), "out at once");
    fresh.discard().await.expect("discarded");
}

#[tokio::test]
async fn the_first_administrator_comes_through_the_link() {
    let (rig, fresh) = Rig::fresh().await;
    let path = console::first_run(&rig.deps).await.expect("link").expect("no account yet");
    let public = Person::public(&rig);
    public.sees(&path).await;
    let fields = [("name", "秦简"), ("login", "admin"), ("password", "short"), ("password_again", "short")];
    let answer = public.submit(&path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"秦简\"") && !answer.text.contains("value=\"short\""));
    let fields = [("name", "秦简"), ("login", "admin"), ("password", PASSWORD), ("password_again", PASSWORD)];
    assert_eq!(location(&public.submit(&path, &fields).await), "/users");
    assert_eq!(public.look(&path).await.status, StatusCode::NOT_FOUND, "used up");
    fresh.discard().await.expect("discarded");
}
