//! `kill -9` of services and of nats-server while one process per service and agency works the sample:
//! nothing is lost, nothing is there twice, and every log still verifies.

use std::process::{Output, Stdio};

use suite::demo::count::Counts;
use tokio::process::Command;

use crate::{
    architecture::root,
    office::{folder::Folder, program::lianxi},
};

/// Petitions of the run.
const PETITIONS: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_services_and_a_killed_bus_lose_nothing() {
    let folder = Folder::new("faults");
    let petitions = PETITIONS.to_string();
    let run = run(&folder, "", &["demo", "--once", "--kill", "--petitions", &petitions]).await;
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{told}");
    for victim in ["intake", "routing", "agency:renshe", "nats-server"] {
        assert!(told.contains(&format!("kill -9 {victim}")), "{victim} was not killed:\n{told}");
    }
    let text = String::from_utf8_lossy(&run.stdout).into_owned();
    let last = text.lines().last().expect("a last line");
    // The program itself compares the run in one process, where nothing dies, with the one in many.
    let counts: Counts = serde_json::from_str(last).unwrap_or_else(|e| panic!("{last}: {e}"));
    let wanted = i64::try_from(PETITIONS).expect("a number");
    assert_eq!((counts.registered, counts.lost, counts.duplicated), (wanted, 0, 0), "{last}");
    assert_eq!(counts.closed + counts.attached, counts.registered, "each came to its end: {last}");
    assert_eq!((counts.answered, counts.received), (counts.closed, counts.dispatched), "{last}");
    assert!(counts.agencies >= 12 && counts.recalled >= 1, "{last}");

    let audit = self::run(&folder, "many", &["audit", "verify"]).await;
    let verdicts = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert!(audit.status.success() && !verdicts.contains("BROKEN"), "{verdicts}");
    assert!(verdicts.lines().count() >= 20, "every log was looked at: {verdicts}");
}

/// Runs the program on a folder below the test's own.
async fn run(folder: &Folder, below: &str, words: &[&str]) -> Output {
    Command::new(lianxi())
        .args(words)
        .arg("--data")
        .arg(folder.path().join(below))
        .arg("--profile")
        .arg(root().join("deploy/profiles/sample"))
        .current_dir(root())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("lianxi runs")
}
