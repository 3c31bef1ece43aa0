//! schemathesis (PyPI) sends what the document allows and what it forbids: no answer is a 5xx, none is undocumented,
//! each has the shape that stands there. `make test` asks each operation as somebody who may do it, a few times; with
//! `LIANXI_SCHEMATHESIS_EXAMPLES=50` everybody asks everything, so many times (hours), and with
//! `LIANXI_SCHEMATHESIS_OWN=1` too, what they may.

use std::{env, path::PathBuf, process::Stdio, time::Instant};

use futures::{StreamExt, stream};
use serde_json::{Value, json};

use super::furnished::{Furnished, furnished};
use crate::{
    architecture::root,
    office::{Office, letter::matter},
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
        |orders/[{]id[}]$|notices|inbox|query_codes|orphans)",
    ),
    ("restricted", "(restricted|matters/[{]id[}]/name_accused)"),
    (
        "director",
        "(agenda|meetings|suggestions|resolution_tasks|matters/[{]id[}]/issue_order|orders/[{]id[}]/)",
    ),
    ("renshe.handler", "tasks"),
    ("renshe.head", "webhooks"),
    ("admin", "(users|keys|status|agency_register)"),
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

/// Writes the ids that exist where schemathesis reads them.
fn name_what_there_is(there: &Furnished) {
    let ids = settings(&[
        ("matters", &there.waiting),
        ("tasks", &there.held),
        ("agenda", &there.item),
        ("meetings", &there.meeting),
        ("tasks/meetings", &there.meeting),
        ("orders", &there.order),
        ("tasks/orders", &there.order),
        ("notices", &there.notice),
    ]);
    std::fs::write(there.office.folder.path().join("schemathesis.toml"), ids).expect("settings");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemathesis_finds_no_5xx_and_nothing_undocumented() {
    let there = furnished().await;
    name_what_there_is(&there);
    let Furnished { office, waiting, .. } = there;
    match env::var("LIANXI_SCHEMATHESIS_EXAMPLES") {
        Ok(examples) => {
            let own = env::var_os("LIANXI_SCHEMATHESIS_OWN").is_some();
            for (login, some) in ASKERS {
                ask(&office, login, own.then_some(*some), &examples).await;
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
