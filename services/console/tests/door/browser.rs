//! A browser without a browser, and a matter on its way that pages can show.

use axum::{body::Body, http::StatusCode};
use calendar::RuleId;
use kernel::{AssignmentId, ContentId, MatterId, Place, Role};
use serde_json::{Value, json};

use crate::{
    facts::{self, Handed, Teller},
    support::{Answer, PASSWORD, Rig},
};

/// Someone at a browser.
pub struct Person<'r> {
    rig: &'r Rig,
    pub cookie: Option<String>,
}

impl<'r> Person<'r> {
    pub fn public(rig: &'r Rig) -> Self {
        Self { rig, cookie: None }
    }

    pub async fn of(rig: &'r Rig, login: &str, place: Place, roles: &[Role]) -> Self {
        rig.sign_in(login, place, roles).await;
        let mut person = Self::public(rig);
        let answer =
            person.submit("/login", &[("login", login), ("password", PASSWORD), ("back", "/board")]).await;
        assert_eq!((answer.status, location(&answer)), (StatusCode::SEE_OTHER, "/board"));
        let set = answer.headers["set-cookie"].to_str().expect("cookie").to_owned();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
        person.cookie = set.split(';').next().map(str::to_owned);
        person
    }

    pub async fn office(rig: &'r Rig, role: Role) -> Self {
        Self::of(rig, role.code().replace('_', "-").as_str(), Place::Office, &[role]).await
    }

    pub async fn look(&self, path: &str) -> Answer {
        let mut headers = vec![("accept", "text/html")];
        headers.extend(self.cookie.as_deref().map(|cookie| ("cookie", cookie)));
        self.rig.send("GET", path, None, &headers, Body::empty()).await
    }

    /// A page in both languages: rendered, guarded, without a missing text.
    pub async fn sees(&self, path: &str) -> String {
        let mut zh = String::new();
        for lang in ["en", "zh-CN"] {
            let joint = if path.contains('?') { '&' } else { '?' };
            let answer = self.look(&format!("{path}{joint}lang={lang}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
            assert!(!answer.text.contains('⟦'), "{path} lacks a text: {}", around(&answer.text, "⟦"));
            assert!(answer.headers.contains_key("content-security-policy"));
            assert_eq!(answer.headers["cache-control"], "no-store");
            zh = answer.text;
        }
        zh
    }

    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = String::new();
        for (name, value) in fields {
            let encode = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
            form.push_str(&format!("{}={}&", encode(name), encode(value)));
        }
        let mut headers = vec![
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        headers.extend(self.cookie.as_deref().map(|cookie| ("cookie", cookie)));
        self.rig.send("POST", path, None, &headers, Body::from(form)).await
    }
}

pub fn location(answer: &Answer) -> &str {
    answer.headers.get("location").map_or("", |l| l.to_str().expect("text"))
}

pub fn around<'t>(text: &'t str, mark: &str) -> &'t str {
    text.split_once(mark).map_or("", |(_, rest)| rest.split('\n').next().unwrap_or_default())
}

pub fn categories() -> Value {
    json!([
        { "code": "labour", "parent": null, "name_zh": "劳动和社会保障", "name_en": "Labour" },
        { "code": "labour.wages", "parent": "labour", "name_zh": "拖欠工资", "name_en": "Wages" },
    ])
}

pub struct Matter {
    pub id: MatterId,
    pub assignment: AssignmentId,
    pub notice: ContentId,
}

/// A matter that went through to the acceptance, with scripts that know it.
pub async fn accepted(rig: &Rig, teller: &mut Teller) -> Matter {
    let id: MatterId = teller.mint.mint();
    let handed = Handed::new(id, &teller.mint);
    let mint = teller.mint.clone();
    let notice: ContentId = mint.mint();
    teller.say("renshe", &facts::listed("renshe", "人力资源和社会保障局")).await;
    teller.say(id, &facts::registered(id, "XF990102-260803-0001")).await;
    teller.say(id, &facts::opened(id)).await;
    teller.say(id, &facts::proposed(id)).await;
    teller.say(id, &facts::screened(id, false)).await;
    teller.say(id, &handed.forwarded()).await;
    teller.say(id, &handed.delivered()).await;
    teller.say(id, &handed.signed()).await;
    teller.say(id, &handed.accepted(&mint)).await;
    for _ in 0..4 {
        console::parts(&rig.deps).feed.step().await.expect("step");
        rig.clock.advance_ms(10_000);
    }
    rig.scripts.on("routing.categories", |_| Ok(categories()));
    let assignment = handed.id;
    rig.scripts.on("routing.matter", move |_| Ok(routing_view(id, assignment, notice)));
    rig.scripts.on("agency.renshe.task", move |_| Ok(task(id, assignment, notice, "accepted")));
    rig.scripts.on("agency.renshe.tasks", move |_| {
        Ok(json!({ "items": [task(id, assignment, notice, "accepted")] }))
    });
    rig.scripts.on("agency.renshe.counts", |_| {
        Ok(json!({ "agency": "renshe", "by_state": { "accepted": 1, "closed": 2 }, "received": {} }))
    });
    Matter { id, assignment, notice }
}

fn dues() -> Value {
    json!([
        facts::due(RuleId::T03, "2026-08-04"),
        facts::due(RuleId::T04, "2026-08-04"),
        facts::due(RuleId::T06, "2026-08-06"),
    ])
}

fn days() -> Value {
    json!({ "delivered": "2026-08-04", "signed": "2026-08-05", "accepted": "2026-08-06" })
}

pub fn routing_view(id: MatterId, assignment: AssignmentId, notice: ContentId) -> Value {
    json!({
        "matter_id": id, "version": 5, "state": "handling", "restricted": false, "purpose": "claim",
        "category": "labour.wages", "route": "R6", "place_region": "990102", "received_on": "2026-08-03",
        "t01": facts::due(RuleId::T01, "2026-08-03"),
        "categories": [{ "code": "labour.wages", "confidence": 90, "reasons": [{ "rule": "keyword", "detail": "工资" }] }],
        "agencies": [{ "code": "renshe", "confidence": 80, "reasons": [{ "rule": "region", "detail": "990102" }, { "rule": "category_line", "detail": "labour" }] }],
        "claims": [{ "claim_no": 1, "holder": "renshe", "outcome": null }],
        "assignments": [{
            "assignment_id": assignment, "assignment_no": 1, "agency": "renshe", "mode": "forward", "state": "accepted",
            "document_number": "云联信转〔2026〕1号", "legal_ground": "Art. 22(1)", "sent_on": "2026-08-04", "limit_on": null,
            "days": days(), "dues": dues(), "papers": [["acceptance_notice", notice]], "close_code": null,
        }],
    })
}

pub fn task(id: MatterId, assignment: AssignmentId, notice: ContentId, state: &str) -> Value {
    json!({
        "dispatch": {
            "matter_id": id, "assignment_id": assignment, "assignment_no": 1, "agency": "renshe", "mode": "forward",
            "document_number": "云联信转〔2026〕1号", "legal_ground": "Art. 22(1)", "sent_on": "2026-08-04", "claims": [1],
            "restricted": false, "identity_travels": true, "office_contact": "市联席办 0990-8800000",
            "summary": {
                "number": "XF990102-260803-0001", "channel": "letter", "purpose": "claim", "category": "labour.wages",
                "route": "R6", "place_region": "990102", "received_on": "2026-08-03", "heads": 1, "joint": false, "anonymous": false,
            },
        },
        "state": state, "version": 3, "days": days(), "dues": dues(), "papers": [["acceptance_notice", notice]], "outcomes": [],
    })
}

pub fn agency() -> Place {
    Place::Agency("renshe".parse().expect("code"))
}
