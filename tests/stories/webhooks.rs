//! 推送: the example receiver and a foreign library verify what an agency's node announces; nothing of another agency
//! comes; a receiver that was down gets each dispatch once.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use suite::client::Client;

use crate::{
    architecture::root,
    office::{
        Office, Store,
        letter::{claim, code_of, forward_to, register, screen},
        wait::wait_for,
    },
};

fn python() -> PathBuf {
    let python = PathBuf::from(std::env::var("LIANXI_VENV").expect("LIANXI_VENV")).join("bin/python");
    assert!(python.exists(), "no Python for the tests: run deploy/tools/setup.sh calendar");
    python
}

/// The example at work; killed when dropped.
struct Receiver {
    child: Child,
    address: String,
}

impl Receiver {
    fn start(store: &Path, port: u16, secret: &str) -> Self {
        let mut child = Command::new(python())
            .arg(root().join("deploy/examples/webhook-receiver/receiver.py"))
            .args(["--port", &port.to_string(), "--store"])
            .arg(store)
            .env("LIANXI_WEBHOOK_SECRET", secret)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("its address");
        Self { child, address: line.trim().to_owned() }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Another team's verifier (`standardwebhooks` of PyPI): takes one request and says whose it was.
const VERIFIER: &str = r#"
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from standardwebhooks.webhooks import Webhook
class One(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        event = Webhook(os.environ["SECRET"]).verify(body, dict(self.headers))
        self.send_response(204)
        self.end_headers()
        print(event["subject"], flush=True)
HTTPServer(("127.0.0.1", int(sys.argv[1])), One).handle_request()
"#;

/// What the verifier says of the next announcement.
async fn verified(port: u16, secret: &str) -> String {
    let mut command = Command::new(python());
    command.args(["-c", VERIFIER, &port.to_string()]).env("SECRET", secret);
    let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("joined").expect("python");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).trim().to_owned()
}

/// A port that nobody has now.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("bound").port()
}

#[expect(clippy::disallowed_methods, reason = "a foreign program's book, which is none of ours")]
async fn kept(store: &Path) -> Vec<(String, String)> {
    use sqlx::Connection;
    let url = format!("sqlite://{}?mode=ro", store.display());
    let Ok(mut connection) = sqlx::SqliteConnection::connect(&url).await else { return Vec::new() };
    let rows = sqlx::query_as("SELECT id, event FROM dispatch ORDER BY seq").fetch_all(&mut connection).await;
    rows.unwrap_or_default()
}

async fn forwarded(desk: &Client, screener: &Client, key: &str, agency: &str) -> String {
    let id = register(desk, key, &claim()).await.submission_id.to_string();
    screen(screener, &id, forward_to(agency)).await.expect("forwarded");
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_gets_its_own_agencys_dispatches_once_each_and_verifies_them() {
    for store in [Store::Sqlite, Store::Postgres] {
        let any = |config: &mut suite::config::Config| {
            config.agency.webhook_targets = agency::webhooks::Targets::Any;
        };
        let agencies = ["renshe", "jiaotong"];
        let Some(office) = Office::start_changed(store, &agencies, any).await else { continue };
        let (desk, screener) = (office.person("desk").await, office.person("screener").await);
        let head = office.person("renshe.head").await;
        let book = office.folder.path().join("dispatches.db");
        let port = free_port();
        let asked = json!({ "address": format!("http://127.0.0.1:{port}/") });
        let made: Value = head.post("/api/v1/webhooks", &asked).await.expect("an address");
        let secret = made["secret"].as_str().expect("a secret").to_owned();
        let handler = office.person("renshe.handler").await;
        assert_eq!(code_of(handler.get::<Value>("/api/v1/webhooks").await), "not_allowed");
        // The receiver is down: the first attempt fails, and the next one comes after some seconds.
        let own = forwarded(&desk, &screener, "own", "renshe").await;
        let other = forwarded(&desk, &screener, "other", "jiaotong").await;
        wait_for("a first attempt", || async {
            let log: Value = head.get("/api/v1/webhooks/announcements").await.ok()?;
            (log["items"][0]["attempts"][0]["outcome"] == "unreachable").then_some(())
        })
        .await;
        let receiver = Receiver::start(&book, port, &secret);
        assert_eq!(receiver.address, format!("http://127.0.0.1:{port}/"));
        let rows = wait_for("the dispatch", || async {
            let rows = kept(&book).await;
            (!rows.is_empty()).then_some(rows)
        })
        .await;
        assert_eq!(rows.len(), 1, "once, and nothing of jiaotong's");
        let event: Value = serde_json::from_str(&rows[0].1).expect("JSON");
        assert_eq!(event["type"], "lianxi.routing.assignment_dispatched.v1");
        assert_eq!((&event["subject"], &event["data"]["matter_id"]), (&json!(own), &json!(own)));
        assert!(!rows[0].1.contains(&other), "{rows:?}");
        for canary in crate::office::letter::CANARIES {
            assert!(!rows[0].1.contains(canary), "{canary}");
        }
        wait_for("the log says so", || async {
            let log: Value = head.get("/api/v1/webhooks/announcements").await.ok()?;
            (log["items"][0]["state"] == "delivered").then_some(())
        })
        .await;
        // Under a secret that is not the one nothing is kept: the receiver refuses, and says so.
        drop(receiver);
        let stranger = Receiver::start(&book, port, "whsec_c3RyYW5nZXItc3RyYW5nZXItc3RyYW5nZXItMTI=");
        let second = forwarded(&desk, &screener, "second", "renshe").await;
        wait_for("a refusal", || async {
            let log: Value = head.get("/api/v1/webhooks/announcements").await.ok()?;
            (log["items"][0]["attempts"][0]["status"] == 401).then_some(())
        })
        .await;
        assert_eq!(kept(&book).await.len(), 1);
        drop(stranger);
        assert_eq!(
            verified(port, &secret).await,
            second,
            "it is tried again, and another team's code verifies it"
        );
        office.stop().await;
    }
}
