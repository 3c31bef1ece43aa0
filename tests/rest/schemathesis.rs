//! schemathesis (PyPI) sends what the document allows and what it forbids: no answer is a 5xx, none is undocumented,
//! each has the shape that stands there. `make test` asks each operation as somebody who may do it, a few times; with
//! `LIANXI_SCHEMATHESIS_EXAMPLES=50` everybody asks everything, so many times.

use std::{env, path::PathBuf, process::Stdio, time::Instant};

use futures::{StreamExt, stream};
use serde_json::{Value, json};
use suite::client::Client;

use crate::{
    architecture::root,
    office::{
        Office,
        letter::{claim, forward_to, matter, register, screen, task},
        wait::wait_for,
    },
};

/// Examples of each operation.
const EXAMPLES: &str = "2";
const SEED: &str = "20260803";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,negative_data_rejection";

/// Who asks, and which operations when not all of them.
const ASKERS: &[(&str, &str)] = &[
    ("", "(sessions|submissions|submissions/check|attachments|lookup|categories)$"),
    (
        "screener",
        "(matters(?!/[{]id[}]/(name_accused|issue_order))|counts|attachments/|agencies|duties|orders$\
        |orders/[{]id[}]$|notices|inbox|query_codes)",
    ),
    ("restricted", "(restricted|matters/[{]id[}]/name_accused)"),
    ("director", "(agenda|meetings|resolution_tasks|matters/[{]id[}]/issue_order|orders/[{]id[}]/)"),
    ("renshe.handler", "tasks"),
    ("renshe.head", "webhooks"),
    ("admin", "(users|keys|status)"),
];

fn program() -> PathBuf {
    let venv = env::var_os("LIANXI_VENV").map_or_else(|| root().join(".tools/venv"), PathBuf::from);
    let program = venv.join("bin/st");
    assert!(program.exists(), "no schemathesis at {}: run `make setup-test`", program.display());
    program
}

/// Ids that exist, so that requests get past "there is no such thing".
fn settings(ids: &[(&str, &str)]) -> String {
    ids.iter()
        .map(|(path, id)| {
            format!("[[operations]]\ninclude-path-regex = \"^/api/v1/{path}/[{{]id\"\nparameters = {{ \"path.id\" = \"{id}\" }}\n")
        })
        .collect()
}

/// An office with a matter that waits, one that an agency holds and one that stands on the agenda.
async fn furnished() -> (Office, String) {
    let office = Office::start(&["renshe"]).await;
    let (desk, screener) = (office.person("desk").await, office.person("screener").await);
    let waiting = register(&desk, "waiting", &claim()).await.submission_id.to_string();
    let sent = register(&desk, "sent", &claim()).await.submission_id.to_string();
    screen(&screener, &sent, forward_to("renshe")).await.expect("forwarded");
    let handler = office.person("renshe.handler").await;
    let held = task(&handler, &sent, "").await.dispatch.assignment_id.to_string();
    let proposed = json!({ "matter_id": sent, "parties": ["renshe"] });
    let item = wait_for("meetings knows the matter", || async {
        screener.post::<Value>("/api/v1/agenda", &proposed).await.ok()
    });
    let item = item.await;
    let item = item["item_id"].as_str().expect("an id").to_owned();
    let director = office.person("director").await;
    let meeting = called(&director).await;
    let order = issued(&director, &sent, &held).await;
    let notice = wait_for("the desk has a notice", || async {
        let page: Value =
            suite::client::patiently(desk.get(&format!("/api/v1/matters/{waiting}/notices")).await)
                .expect("notices")?;
        page.pointer("/items/0/notice_id").and_then(Value::as_str).map(str::to_owned)
    })
    .await;
    for (path, id) in [("orders", &order), ("meetings", &meeting)] {
        wait_for("the agency has it", || async {
            handler.get::<Value>(&format!("/api/v1/tasks/{path}/{id}")).await.ok()
        })
        .await;
    }
    let ids = settings(&[
        ("matters", &waiting),
        ("tasks", &held),
        ("agenda", &item),
        ("meetings", &meeting),
        ("tasks/meetings", &meeting),
        ("orders", &order),
        ("tasks/orders", &order),
        ("notices", &notice),
    ]);
    std::fs::write(office.folder.path().join("schemathesis.toml"), ids).expect("settings");
    (office, waiting)
}

/// A meeting with an agency.
async fn called(director: &Client) -> String {
    let plan = json!({
        "starts_at": "2026-08-13T09:00:00+08:00",
        "ends_at": "2026-08-13T11:00:00+08:00",
        "place": "市民中心A座301会议室",
        "reply_by": "2026-08-10",
        "agencies": [{ "agency": "renshe", "required": true }],
        "items": [],
    });
    let call = json!({ "body": "shilianxi", "kind": "working", "plan": plan });
    let called: Value = director.post("/api/v1/meetings", &call).await.expect("called");
    called["meeting_id"].as_str().expect("an id").to_owned()
}

/// An order about a task.
async fn issued(director: &Client, matter: &str, assignment: &str) -> String {
    let issue = json!({
        "assignment_id": assignment, "cause": "delay", "owed": "report", "due_on": "2026-08-20",
    });
    let path = format!("/api/v1/matters/{matter}/issue_order");
    let issued = wait_for("supervision knows the task", || async {
        match director.post::<Value>(&path, &issue).await {
            Ok(issued) => Some(issued),
            Err(error) if suite::client::problem_code(&error).is_some_and(|code| code.starts_with("no_")) => {
                None
            }
            Err(error) => panic!("{error:#}"),
        }
    });
    issued.await["order_id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemathesis_finds_no_5xx_and_nothing_undocumented() {
    let (office, waiting) = furnished().await;
    match env::var("LIANXI_SCHEMATHESIS_EXAMPLES") {
        Ok(examples) => {
            for (login, _) in ASKERS {
                ask(&office, login, None, &examples).await;
            }
        }
        Err(_) => {
            // Two at a time, each a process of its own: its threads are not safe under every Python.
            let of = |(login, some): &'static (&str, &str)| ask(&office, login, Some(some), EXAMPLES);
            let asked: Vec<usize> = stream::iter(ASKERS.iter().map(of)).buffer_unordered(2).collect().await;
            let asked: usize = asked.iter().sum();
            let document: Value = office.door.get("/api/v1/openapi.json").await.expect("the document");
            let paths = document["paths"].as_object().expect("paths").values();
            let operations: usize = paths.map(|path| path.as_object().map_or(0, serde_json::Map::len)).sum();
            assert_eq!(
                asked,
                operations - 2,
                "each operation once, without signing out and the own password"
            );
        }
    }
    // Whatever came in, the office stands and what was there is there.
    let desk = office.person("desk").await;
    assert_eq!(matter(&desk, &waiting).await.pointer("/board/matter_id"), Some(&json!(waiting)));
    office.stop().await;
}

/// Asks in somebody's name; gives how many operations were asked for.
async fn ask(office: &Office, login: &str, some: Option<&str>, examples: &str) -> usize {
    let started = Instant::now();
    let url = office.suite.console().expect("a console");
    let mut command = tokio::process::Command::new(program());
    command.args(["--config-file", "schemathesis.toml", "run"]).arg(format!("{url}/api/v1/openapi.json"));
    command.args(["--checks", CHECKS, "--phases", "coverage,fuzzing", "--seed", SEED, "--no-color"]);
    // Signing out would end the run; a new password would, too.
    command.args(["--max-examples", examples, "--exclude-path", "/api/v1/sessions/current"]);
    command.args(["--exclude-path", "/api/v1/account/password", "--max-failures", "5"]);
    if let Some(some) = some {
        command.arg("--include-path-regex").arg(format!("^/api/v1/{some}"));
    }
    if !login.is_empty() {
        command.arg("-H").arg(format!("Authorization: Bearer {}", office.token(login).await));
    }
    // Its own files (a database of examples) stay in the folder.
    let ran = command.current_dir(office.folder.path()).stdin(Stdio::null()).output().await;
    let ran = ran.expect("schemathesis runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "as {login:?}:\n{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    let tested = said.lines().find_map(|line| line.trim().strip_prefix("Tested: ")?.parse::<usize>().ok());
    println!("{login:?}: {tested:?} operations in {:?}", started.elapsed());
    tested.filter(|n| *n > 0).unwrap_or_else(|| panic!("as {login:?} nothing was asked:\n{said}"))
}
