//! The rehearsal that judges an agency's own program: the example passes, and each broken one is told what is wrong.

use std::{path::PathBuf, time::Duration};

use suite::conformance::{Report, Verdict, Wanted, rehearse};

use crate::{
    architecture::root,
    office::{code, config, folder::Folder},
};

const GIVEN: [&str; 12] = [
    "--url",
    "{url}",
    "--agency",
    "{agency}",
    "--nkey",
    "{nkey}",
    "--sealing-key",
    "{sealing_key}",
    "--store",
    "{dir}/book.db",
    "--today",
    "2026-08-03",
];

/// Rehearses with the example, or with the broken one.
async fn judged(fault: Option<&str>) -> Report {
    let folder = Folder::new("conformance");
    let venv = PathBuf::from(std::env::var("LIANXI_VENV").expect("LIANXI_VENV"));
    let example = root().join("deploy/examples/python-agency");
    let mut command = vec![venv.join("bin/python").display().to_string()];
    match fault {
        None => command.push(example.join("agency.py").display().to_string()),
        Some(fault) => command.extend([
            root().join("tests/stories/broken_agency.py").display().to_string(),
            example.display().to_string(),
            fault.to_owned(),
        ]),
    }
    command.extend(GIVEN.map(str::to_owned));
    let wanted = Wanted { agency: code("renshe"), command, within: Duration::from_secs(20) };
    let dir = folder.path().join("office");
    let report = rehearse(&config(folder.path()), &dir, &wanted).await.unwrap_or_else(|e| panic!("{e:#}"));
    if fault.is_none() && report.failed() > 0 {
        eprintln!("{}", std::fs::read_to_string(dir.join("consumer.log")).unwrap_or_default());
    }
    report
}

fn shown(report: &Report) -> String {
    report.findings.iter().map(|f| format!("{f}\n")).collect()
}

/// The first check that failed is this one, and its words name the fault.
fn names(report: &Report, rule: &str, words: &str) {
    let first = report.findings.iter().find(|f| matches!(f.verdict, Verdict::Failed(_)));
    let first = first.unwrap_or_else(|| panic!("nothing was found wrong:\n{}", shown(report)));
    assert!(first.rule.contains(rule) && first.to_string().contains(words), "{}", shown(report));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_in_python_passes_every_check() {
    let report = judged(None).await;
    let passed = report.findings.iter().all(|f| f.verdict == Verdict::Passed);
    assert!(passed && report.findings.len() >= 15, "{}", shown(&report));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_receipts_behind_a_gap_is_told_so() {
    names(&judged(Some("gap")).await, "behind a gap", "never a number behind a gap");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_stops_at_an_unknown_type_is_told_so() {
    names(&judged(Some("unknown")).await, "type that it does not know", "it must block nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_trusts_every_hash_is_told_so() {
    names(&judged(Some("hash")).await, "hash does not fit", "does not count as received");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_answers_after_a_recall_is_told_so() {
    names(&judged(Some("recall")).await, "after a recall", "took it back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_takes_the_leads_steps_is_told_so() {
    names(&judged(Some("co")).await, "takes no step of the lead's", "a co-agency sends `co_answered`");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_does_not_wait_for_a_part_is_told_so() {
    names(&judged(Some("parts")).await, "waits for the parts", "while a part was missing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_forgets_what_it_answered_is_told_so() {
    names(&judged(Some("meeting")).await, "answered once for each notice", "told twice");
}
