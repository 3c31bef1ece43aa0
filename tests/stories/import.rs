//! 批量登记: rows of a file become registrations once, whatever is run again; people screen, or one confirms by name.

use std::path::{Path, PathBuf};

use serde_json::Value;
use suite::{
    client::Client,
    import::{self, Outcome, Summary, mapping::Mapping},
};

use crate::{
    architecture::root,
    office::{
        Office, Store,
        seat::{PASSWORD, program, verb_well},
        wait::wait_for,
    },
};

fn example(name: &str) -> PathBuf {
    root().join("deploy/examples/import").join(name)
}

fn wanted(office: &Office, file: PathBuf, desk: &Client) -> import::Wanted {
    import::Wanted {
        file,
        mapping: Mapping::read(&example("letters.toml")).expect("the mapping"),
        dry_run: false,
        report: office.folder.path().join("report.csv"),
        desk: desk.clone(),
        confirmer: None,
    }
}

fn report(path: &Path) -> Vec<(String, String, String)> {
    let mut reader = csv::Reader::from_path(path).expect("a report");
    let lines = reader.records().map(|line| line.expect("a line"));
    lines.map(|l| (l[1].to_owned(), l[2].to_owned(), format!("{}:{}", &l[4], &l[5]))).collect()
}

fn of(summary: &Summary, outcome: Outcome) -> u64 {
    summary.of(outcome)
}

async fn on_the_board(desk: &Client) -> usize {
    let page: Value = desk.get("/api/v1/matters?limit=200").await.expect("the board");
    page["items"].as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_registered_once_and_every_row_is_accounted_for() {
    for store in [Store::Sqlite, Store::Postgres] {
        let Some(office) = Office::start_on(store, &["renshe"]).await else { continue };
        let desk = office.person("desk").await;
        let mut first = wanted(&office, example("sample.csv"), &desk);

        first.dry_run = true;
        let dry = import::run(&first).await.expect("a dry run");
        assert_eq!((of(&dry, Outcome::WouldRegister), of(&dry, Outcome::Wrong)), (9, 2), "{dry}");
        assert_eq!(on_the_board(&desk).await, 0, "a dry run registers nothing");

        first.dry_run = false;
        let done = import::run(&first).await.expect("an import");
        assert_eq!((of(&done, Outcome::Registered), of(&done, Outcome::Wrong)), (9, 2), "{done}");
        assert!(done.is_whole() && done.proposed >= 5, "{done}");
        assert_eq!(done.left_behind, ["county"]);
        let lines = report(&first.report);
        assert_eq!(lines.len(), 11, "a line a row");
        assert_eq!(lines[0], ("import:letters:1".into(), "registered".into(), ":".into()));
        assert_eq!(lines[5].1, "wrong");
        assert_eq!(lines[5].2, "written_on:no_date");
        assert_eq!(lines[10].2, "row_id:key_owed");
        assert_eq!(on_the_board(&desk).await, 9);

        // Another clerk runs the same file: nothing is added.
        let second = wanted(&office, example("sample.csv"), &office.person("registrar").await);
        let again = import::run(&second).await.expect("the same again");
        assert_eq!((of(&again, Outcome::Already), of(&again, Outcome::Registered)), (9, 0), "{again}");
        assert_eq!(on_the_board(&desk).await, 9);
        let view: Value = desk.get("/api/v1/matters?limit=1&sort=received").await.expect("a page");
        assert_eq!(view["items"][0]["received_on"], "2026-08-03", "received now, whenever it was written");
        office.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn denied_columns_stay_behind_and_doubts_wait_for_the_office() {
    let office = Office::start(&[]).await;
    let desk = office.person("desk").await;
    let file = office.folder.path().join("letters.csv");
    let text = "row_id,query_date,title,query,民族,政治面貌,老户\n1,2026-07-01,停水,停水三天了,canary-a,canary-b,canary-c\n2,2010-07-01,停电,停电三天了,,,\n3,2026-07-02,短行\n";
    std::fs::write(&file, text).expect("a file");
    let mut asked = wanted(&office, file, &desk);
    asked.mapping.confirm_warnings.clear();
    let done = import::run(&asked).await.expect("an import");
    assert_eq!(done.denied, ["民族", "政治面貌", "老户"]);
    let all = [Outcome::Registered, Outcome::Doubtful, Outcome::Wrong].map(|o| of(&done, o));
    assert_eq!(all, [1, 1, 1], "{done}");
    let lines = report(&asked.report);
    assert_eq!(lines[1].2, "written_on:written_long_ago");
    assert_eq!(lines[2].2, ":unreadable_row");
    let written = std::fs::read_to_string(&asked.report).expect("a report") + &done.to_string();
    assert!(!written.contains("canary"), "values of denied columns are nowhere");
    // The same key with other words is no second letter.
    let changed = office.folder.path().join("changed.csv");
    std::fs::write(&changed, "row_id,query_date,title,query\n1,2026-07-01,停水,停水四天了\n")
        .expect("a file");
    asked.file = changed;
    let done = import::run(&asked).await.expect("an import");
    assert_eq!(of(&done, Outcome::Refused), 1);
    assert_eq!(report(&asked.report)[0].2, ":idempotency_key_reused");
    office.stop().await;
}

/// Whoever confirmed stands beside each act, as whoever registered does; the chains of the logs cover both.
async fn forwarded_in_the_name_of(office: &Office, login: &str) {
    let (screener, desk) = (office.person("screener").await, office.account("desk").await);
    let page: Value = screener.get("/api/v1/matters?limit=200&state=forwarded").await.expect("the board");
    let forwarded = page["items"].as_array().expect("rows");
    assert!(!forwarded.is_empty());
    for matter in forwarded {
        let id = matter["matter_id"].as_str().expect("an id");
        let view: Value = screener.get(&format!("/api/v1/matters/{id}")).await.expect("a matter");
        for (event, by) in [
            ("submission_registered", desk.clone()),
            ("matter_screened", office.account(login).await),
            ("matter_forwarded", office.account(login).await),
        ] {
            let line = view["timeline"].as_array().expect("lines").iter().find(|l| l["type"] == event);
            assert_eq!(line.expect(event)["detail"]["by"], format!("office/{by}"), "{event}");
        }
    }
    verb_well(office, &["audit", "verify"]);
}

/// A file of this many letters, each its own.
fn letters(office: &Office, rows: usize) -> PathBuf {
    let file = office.folder.path().join("many.csv");
    let line = |n: usize| format!("{n},2026-07-01,路灯不亮 {n},第{n}号路灯已经{n}天不亮\n");
    let text: String = (1..=rows).map(line).collect();
    std::fs::write(&file, format!("row_id,query_date,title,query\n{text}")).expect("a file");
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_killed_in_the_middle_goes_on_where_it_stopped() {
    const ROWS: usize = 150;
    let office = Office::start(&[]).await;
    let desk = office.person("desk").await;
    let asked = wanted(&office, letters(&office, ROWS), &desk);
    let mut program = program(&office);
    program.args(["import", "--login", "desk", "--mapping"]);
    program.arg(example("letters.toml")).arg("--report").arg(&asked.report).arg(&asked.file);
    program.env("LIANXI_PASSWORD", PASSWORD).stdout(std::process::Stdio::null());
    let mut running = program.spawn().expect("lianxi import");
    let before = wait_for("some letters are registered", || async {
        let registered = on_the_board(&desk).await;
        (registered >= 5).then_some(registered)
    })
    .await;
    running.kill().expect("SIGKILL");
    running.wait().expect("ended");
    assert!(before < ROWS, "it was over before it could be killed");

    let done = import::run(&asked).await.expect("the rest");
    let (already, registered) = (of(&done, Outcome::Already), of(&done, Outcome::Registered));
    assert!(done.is_whole() && already >= 5 && registered >= 1, "{done}");
    assert_eq!(already + registered, ROWS as u64, "{done}");
    assert_eq!(on_the_board(&desk).await, ROWS, "each letter once");
    assert_eq!(report(&asked.report).len(), ROWS);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_is_read_and_one_person_confirms_by_name() {
    let office = Office::start(&["renshe"]).await;
    let mut asked = wanted(&office, example("sample.xlsx"), &office.person("desk").await);
    // Whoever confirms needs the right to route.
    asked.confirmer = Some(office.person("registrar").await);
    assert!(import::run(&asked).await.is_err(), "a registrar forwards nothing");
    asked.confirmer = Some(office.person("screener").await);
    let done = import::run(&asked).await.expect("an import");
    assert_eq!((of(&done, Outcome::Already), of(&done, Outcome::Wrong)), (2, 1), "{done}");
    assert_eq!(done.confirmed.get("forwarded").copied(), Some(done.proposed), "{done}");
    assert!(done.proposed >= 1, "{done}");
    forwarded_in_the_name_of(&office, "screener").await;
    let again = import::run(&asked).await.expect("the same again");
    assert_eq!(again.confirmed.get("forwarded"), None, "{again}");
    assert_eq!(again.further_on, done.proposed);
    office.stop().await;
}
