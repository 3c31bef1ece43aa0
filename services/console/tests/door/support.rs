//! A console at its desk: clock, bus in memory, scripted services, and a browser without a browser.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};
use web::SuiteActor;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use bus::{Bus, Call, MemoryBus, Reply, Service, Serving};
use calendar::{Calendar, Profile};
use console::{
    Config, Deps,
    accounts::{self, NewAccount},
    board::BoardWatch,
    config::{Office, Region},
};
use db::{Db, testing};
use kernel::{Actor, Clock, IdMint, ManualClock, Place, Refusal, Role};
use serde_json::Value;
use telemetry::Health;
use tower::ServiceExt;
use trust::{ActorSigner, ActorVerifier, IssuerScope, Secret32, TrustedIssuer};

pub const PASSWORD: &str = "a sentence to remember";

/// A command that a scripted service got.
#[derive(Clone, Debug)]
pub struct Got {
    pub subject: String,
    pub actor: Actor,
    pub key: Option<String>,
    pub body: Value,
}

type Script = Box<dyn Fn(&Got) -> Result<Value, Refusal> + Send + Sync>;

/// What services answer, by subject, and what they got.
#[derive(Default)]
pub struct Scripts {
    answers: Mutex<BTreeMap<String, Script>>,
    got: Mutex<Vec<Got>>,
}

impl Scripts {
    /// From now on a subject answers so.
    pub fn on(&self, subject: &str, script: impl Fn(&Got) -> Result<Value, Refusal> + Send + Sync + 'static) {
        self.answers.lock().expect("scripts").insert(subject.to_owned(), Box::new(script));
    }

    /// What came on a subject, in order.
    pub fn got(&self, subject: &str) -> Vec<Got> {
        self.got.lock().expect("got").iter().filter(|g| g.subject == subject).cloned().collect()
    }
}

pub struct Rig {
    pub clock: Arc<ManualClock>,
    pub memory: MemoryBus,
    pub deps: Deps,
    pub app: Router,
    pub scripts: Arc<Scripts>,
    _serving: Vec<Serving>,
}

const COMMANDS: &[(&str, &[&str])] = &[
    (
        "intake",
        &[
            "register",
            "receipt",
            "content",
            "reveal",
            "lookup",
            "attach",
            "fetch_attachment",
            "like",
            "link_repeat",
            "masked",
            "paper",
        ],
    ),
    (
        "routing",
        &[
            "screen",
            "why_proposed",
            "suggestions",
            "learn_now",
            "switch_suggestions",
            "agreement",
            "forward",
            "recall",
            "name_accused",
            "matter",
            "restricted_queue",
            "agencies",
            "categories",
            "agencies_page",
            "agency",
            "add_agency",
            "change_agency",
            "end_agency",
            "orphans",
            "reassign",
        ],
    ),
    (
        "agency.renshe",
        &[
            "tasks",
            "task",
            "counts",
            "sign",
            "open",
            "notify_acceptance",
            "issue_opinion",
            "record_service",
            "complete",
            "paper",
            "orders",
            "acknowledge_order",
            "reply_order",
        ],
    ),
    (
        "supervision",
        &["duties", "matter_duties", "counts", "orders", "issue_order", "drop_order", "judge_order"],
    ),
    (
        "notification",
        &[
            "list",
            "of_matter",
            "print",
            "post",
            "deliver",
            "return",
            "send_again",
            "count",
            "inbox",
            "read",
            "unread",
            "mark",
        ],
    ),
];

impl Rig {
    pub async fn on(db: Db, clock: Arc<ManualClock>) -> Self {
        let clocks = db.clocks().clone();
        let technical: Arc<dyn Clock> = clock.clone();
        let mint = IdMint::seeded(technical.clone(), 9);
        let office = Arc::new(ActorSigner::new(&Secret32::from([7; 32]), Place::Office));
        let own = Arc::new(ActorSigner::new(&Secret32::from([8; 32]), Place::Suite));
        let hosted = BTreeSet::from(["renshe".parse().expect("code")]);
        let verifier = ActorVerifier::new([
            TrustedIssuer { key: office.public_key(), scope: IssuerScope::Office { hosted } },
            TrustedIssuer { key: own.public_key(), scope: IssuerScope::Suite },
        ]);
        let memory = MemoryBus::new(technical.clone());
        let admin = Bus::Memory(memory.clone());
        bus::streams::ensure(&admin, &["renshe".parse().expect("code")]).await.expect("streams");
        let scripts = Arc::new(Scripts::default());
        let serving = serve(&memory, &scripts, &Arc::new(verifier), &technical).await;
        let deps = Deps {
            watch: BoardWatch::new(db.clone()),
            db,
            bus: Bus::Memory(memory.core("console")),
            clocks,
            signer: office,
            suite: SuiteActor::new(own, &mint, technical),
            mint,
            policy: Arc::new(Profile::national().expect("profile")),
            calendar: Arc::new(Calendar::shipped()),
            config: Arc::new(config()),
            health: Health::new(),
        };
        let app = console::router(&deps).expect("router");
        Self { clock, memory, deps, app, scripts, _serving: serving }
    }

    /// The same with other settings.
    pub fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = (*self.deps.config).clone();
        change(&mut config);
        self.deps.config = Arc::new(config);
        self.app = console::router(&self.deps).expect("router");
        self
    }

    /// A console on a fresh SQLite file.
    pub async fn fresh() -> (Self, testing::Fresh) {
        let (clock, clocks) = testing::clocks();
        let fresh =
            testing::Fresh::sqlite(&[&console::MIGRATIONS], IdMint::system(), clocks).await.expect("fresh");
        (Self::on(fresh.db.clone(), clock).await, fresh)
    }

    /// Makes an account and signs it in; gives its token.
    pub async fn sign_in(&self, login: &str, place: Place, roles: &[Role]) -> String {
        let new = NewAccount {
            login: login.into(),
            display: login.into(),
            place,
            roles: roles.to_vec(),
            password: PASSWORD.into(),
            must_change: false,
        };
        accounts::add(&self.deps.db, new).await.expect("account");
        let body = serde_json::json!({ "login": login, "password": PASSWORD });
        let answer = self.post("/api/v1/sessions", None, &body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["token"].as_str().expect("token").to_owned()
    }

    pub async fn office(&self, login: &str, role: Role) -> String {
        self.sign_in(login, Place::Office, &[role]).await
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.send("GET", path, token, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let bytes = serde_json::to_vec(body).expect("body");
        self.send("POST", path, token, &[("content-type", "application/json")], Body::from(bytes)).await
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.app.clone().oneshot(request.body(body).expect("request")).await.expect("answer");
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.expect("body");
        Answer {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
}

async fn serve(
    memory: &MemoryBus,
    scripts: &Arc<Scripts>,
    verifier: &Arc<ActorVerifier>,
    technical: &Arc<dyn Clock>,
) -> Vec<Serving> {
    let mut serving = Vec::new();
    for (name, commands) in COMMANDS {
        let (hand, mut service) = match name.strip_prefix("agency.") {
            Some(code) => {
                let code = code.parse().expect("code");
                (memory.agency(&code), Service::agency(&code, "0.1.0", "scripted"))
            }
            None => (memory.core(name), Service::core(name, "0.1.0", "scripted")),
        };
        for command in *commands {
            let subject = format!("{name}.{command}");
            let (scripts, verifier, technical) = (scripts.clone(), verifier.clone(), technical.clone());
            let handler = move |call: Call| {
                let reply = answer(&subject, call, &scripts, &verifier, technical.as_ref());
                Box::pin(std::future::ready(reply)) as db::BoxFuture<'static, Reply>
            };
            service = service.command(command, Arc::new(handler));
        }
        serving.push(Bus::Memory(hand).serve(service).await.expect("serving"));
    }
    serving
}

fn answer(
    subject: &str,
    call: Call,
    scripts: &Scripts,
    verifier: &ActorVerifier,
    technical: &dyn Clock,
) -> Reply {
    let token = call.actor.expect("every command carries an actor");
    let claims = verifier.verify(&token, technical.now()).expect("a good signature");
    let body = serde_json::from_slice(&call.body).expect("JSON");
    let got =
        Got { subject: subject.to_owned(), actor: claims.actor.clone(), key: call.idempotency_key, body };
    scripts.got.lock().expect("got").push(got.clone());
    match scripts.answers.lock().expect("scripts").get(subject) {
        Some(script) => script(&got).map(|value| serde_json::to_vec(&value).expect("reply")),
        // Pages of matters and tasks ask for orders; there are none unless a test says so.
        None if subject.ends_with(".orders") => Ok(br#"{"items":[]}"#.to_vec()),
        None => Err(web::errors::PAGE_NOT_FOUND.refuse()),
    }
}

fn config() -> Config {
    let region = |code: &str, zh: &str, en: &str| Region {
        code: code.parse().expect("region"),
        name_zh: zh.into(),
        name_en: en.into(),
    };
    Config {
        office: Office {
            name_zh: "云岭市信访工作联席会议办公室".into(),
            name_en: "Office of the Yunling Joint Conference".into(),
            region: "990100".parse().expect("region"),
            telephone: "0990-8800000".into(),
            address: "云岭市明湖区政通路1号".into(),
        },
        regions: vec![region("990100", "云岭市", "Yunling"), region("990102", "青岩县", "Qingyan")],
        own: None,
        tls: false,
        public_origin: Some("https://xf.example.test".into()),
        trusted_proxies: Arc::new([]),
        samples: Vec::new(),
        problems: &[],
        clock_hand: None,
    }
}
