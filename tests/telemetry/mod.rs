//! One trace runs from the console over intake, routing, the bus and the agency's node, as a collector sees it.

mod collector;

use std::{collections::BTreeSet, process::Stdio};

use contracts::intake::commands::Registration;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use suite::{client::Client, demo::sample::Sample, place::Place};
use tokio::process::{Child, Command};

use crate::{
    architecture::root,
    office::{
        config,
        folder::Folder,
        letter::{claim, forward_to, proposed, task},
        prepare,
        program::lianxi,
        wait::wait_for,
    },
};
use collector::Collector;

/// The trace that the caller began, and the caller's own span.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// What must lie on the trace, in the words of `shared/telemetry`: the door, the call over the bus, its owner,
/// the outbox's publish and each consumer of what was published.
const SPANS: &[&str] = &[
    "POST /api/v1/submissions",
    "call svc.intake.register",
    "intake.register",
    "intake.publish",
    "routing-intake.apply",
    "board.apply",
    "POST /api/v1/matters/{id}/screen",
    "call svc.routing.screen",
    "routing.screen",
    "routing.publish",
    "intake.apply",
    "agency.apply",
    // The agency's answer comes back: its receipts are one for many and belong to no single trace, its steps do.
    "POST /api/v1/tasks/{id}/sign",
    "call svc.agency.renshe.sign",
    "agency_renshe.sign",
    "agency_renshe.publish",
    "routing-returns.apply",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_trace_runs_through_all_services_and_the_bus() {
    let collector = Collector::open().await;
    let folder = Folder::new("telemetry");
    let settings = config(folder.path());
    let sample = Sample::read(&settings.profile.dir).expect("the sample");
    prepare(&settings, &sample, &["renshe"]).await;
    let child = run(&folder, &collector.url);
    let place = Place::open(folder.path()).expect("folder");
    let url = wait_for("the console is up", || async {
        place.running().expect("folder").into_iter().find_map(|process| process.console)
    })
    .await;
    let door = Client::new(&url).expect("client");
    let desk = door.sign_in("desk", &sample.password).await.expect("the desk");
    let handler = door.sign_in("renshe.handler", &sample.password).await.expect("the handler");

    let traced = Traced::open(&url, "desk", &sample.password).await;
    let registered: Registration = traced.post("/api/v1/submissions", &claim()).await;
    let Registration::Registered(receipt) = registered else { panic!("{registered:?}") };
    let id = receipt.submission_id.to_string();
    let decision = json!({
        "expected_version": proposed(&desk, &id).await, "purpose": "claim", "category": "labour.wages",
        "route": "R6", "level": "city", "hand_over": forward_to("renshe"),
    });
    let _: Value = traced.post(&format!("/api/v1/matters/{id}/screen"), &decision).await;
    let task = task(&handler, &id, "").await;
    let signs = Traced::open(&url, "renshe.handler", &sample.password).await;
    let path = format!("/api/v1/tasks/{}/sign", task.dispatch.assignment_id);
    let _: Value = signs.post(&path, &json!({ "expected_version": task.version })).await;

    let spans = wait_for("the collector has the whole trace", || async {
        let spans = collector.trace(TRACE);
        let names: BTreeSet<&str> = spans.iter().map(|s| s.name.as_str()).collect();
        let missing: Vec<_> = SPANS.iter().filter(|name| !names.contains(*name)).collect();
        collector.still_missing(&missing, &names);
        missing.is_empty().then_some(spans)
    })
    .await;
    hangs_together(&spans);
    child.stop().await;
}

/// Each span's parent is on the trace or is the caller, so it is one tree.
fn hangs_together(spans: &[collector::Span]) {
    let ids: BTreeSet<&str> = spans.iter().map(|s| s.id.as_str()).collect();
    let parent_of = |name: &str| {
        let span = spans.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no {name}"));
        spans.iter().find(|s| s.id == span.parent).map(|s| s.name.clone()).unwrap_or_default()
    };
    for span in spans {
        let known = ids.contains(span.parent.as_str()) || span.parent == CALLER;
        assert!(known, "{} hangs in the air", span.name);
    }
    assert_eq!(parent_of("intake.register"), "call svc.intake.register");
    assert_eq!(parent_of("call svc.intake.register"), "POST /api/v1/submissions");
    assert_eq!(parent_of("routing.screen"), "call svc.routing.screen");
    assert_eq!(parent_of("agency_renshe.sign"), "call svc.agency.renshe.sign");
}

fn run(folder: &Folder, collector: &str) -> Running {
    let log = std::fs::File::create(folder.path().join("log")).expect("log");
    Command::new(lianxi())
        .args(["run", "--only", "bus,intake,routing,agency,console", "--agency", "renshe"])
        .args(["--bind", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .arg("--profile")
        .arg(root().join("deploy/profiles/sample"))
        .env("LIANXI_TELEMETRY_OTLP_ENDPOINT", collector)
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map(Running)
        .expect("lianxi runs")
}

/// A process that is asked to end as a person would, also when its test fails: it stops its nats-server itself.
struct Running(Child);

impl Running {
    async fn stop(mut self) {
        self.ask();
        assert!(self.0.wait().await.expect("it ends").success(), "it did not end well");
    }

    fn ask(&self) {
        if let Some(pid) = self.0.id() {
            let asked = std::process::Command::new("kill").args(["-INT", &pid.to_string()]).status();
            assert!(asked.expect("kill").success());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.ask();
    }
}

/// A caller whose every request is part of one trace.
struct Traced {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Traced {
    async fn open(url: &str, login: &str, password: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().expect("client");
        let login = json!({ "login": login, "password": password });
        let answer =
            http.post(format!("{url}/api/v1/sessions")).json(&login).send().await.expect("an answer");
        let session: Value = answer.json().await.expect("a session");
        let token = session["token"].as_str().expect("a token").to_owned();
        Self { http, url: url.to_owned(), token }
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> T {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(&self.token).json(body);
        let request = request.header("traceparent", format!("00-{TRACE}-{CALLER}-01"));
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}: {text}"))
    }
}
