//! schemathesis (PyPI) sends what the document allows and what it forbids: no answer is a 5xx, none is undocumented,
//! each has the shape that stands there.

use std::{env, path::PathBuf, process::Stdio};

use serde_json::{Value, json};

use crate::{
    architecture::root,
    office::{
        Office,
        letter::{claim, forward_to, register, screen, task},
    },
};

/// Examples of each operation; more with LIANXI_SCHEMATHESIS_EXAMPLES.
const EXAMPLES: &str = "4";
const SEED: &str = "20260803";
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

fn program() -> PathBuf {
    let venv = env::var_os("LIANXI_VENV").map_or_else(|| root().join(".tools/venv"), PathBuf::from);
    let program = venv.join("bin/st");
    assert!(program.exists(), "no schemathesis at {}: run `make setup-test`", program.display());
    program
}

/// Ids that exist, so that requests get past "there is no such thing".
fn settings(matter: &str, assignment: &str) -> String {
    format!(
        "[[operations]]\ninclude-path-regex = \"^/api/v1/matters/\"\nparameters = {{ \"path.id\" = \"{matter}\" }}\n\
         [[operations]]\ninclude-path-regex = \"^/api/v1/tasks/[{{]id\"\nparameters = {{ \"path.id\" = \"{assignment}\" }}\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemathesis_finds_no_5xx_and_nothing_undocumented() {
    let program = program();
    let office = Office::start(&["renshe"]).await;
    let (desk, screener) = (office.person("desk").await, office.person("screener").await);
    let waiting = register(&desk, "waiting", &claim()).await.submission_id.to_string();
    let sent = register(&desk, "sent", &claim()).await.submission_id.to_string();
    screen(&screener, &sent, forward_to("renshe")).await.expect("forwarded");
    let handler = office.person("renshe.handler").await;
    let held = task(&handler, &sent, "").await.dispatch.assignment_id.to_string();
    let config = office.folder.path().join("schemathesis.toml");
    std::fs::write(&config, settings(&waiting, &held)).expect("settings");
    let url = office.suite.console().expect("a console").to_owned();
    let examples = env::var("LIANXI_SCHEMATHESIS_EXAMPLES").unwrap_or_else(|_| EXAMPLES.to_owned());
    // Those who can do something, from the public to the administrator; each sees other depths.
    for login in ["", "screener", "renshe.handler", "admin"] {
        let mut command = tokio::process::Command::new(&program);
        command.arg("--config-file").arg(&config).arg("run").arg(format!("{url}/api/v1/openapi.json"));
        command.args(["--checks", CHECKS, "--phases", "coverage,fuzzing", "--seed", SEED, "--no-color"]);
        // Signing out would end the run; a new password would, too.
        command.args(["--max-examples", &examples, "--exclude-path", "/api/v1/sessions/current"]);
        command.args(["--exclude-path", "/api/v1/account/password", "--max-failures", "5"]);
        if !login.is_empty() {
            let token = office.token(login).await;
            command.arg("-H").arg(format!("Authorization: Bearer {token}"));
        }
        // Its own files (a database of examples) stay in the folder.
        let ran = command.current_dir(office.folder.path()).stdin(Stdio::null()).output().await;
        let ran = ran.expect("schemathesis runs");
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "as {login:?}:\n{said}\n{}", String::from_utf8_lossy(&ran.stderr));
        assert!(said.contains("0 failed") || said.contains("passed"), "{said}");
    }
    // Whatever came in, the office stands and what was there is there.
    let view: Value = desk.get(&format!("/api/v1/matters/{waiting}")).await.expect("still there");
    assert_eq!(view.pointer("/board/matter_id"), Some(&json!(waiting)));
    office.stop().await;
}
