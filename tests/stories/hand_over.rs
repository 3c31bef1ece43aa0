//! A hosted agency moves to a site of its own: its books go with it under keys that the office never has, its work
//! goes on where it stood, and its node never runs at the office again.

use std::process::Command;

use serde_json::{Value, json};

use super::own_site::{answered, bus_of, forwarded, told};
use crate::office::{
    Office,
    folder::Folder,
    letter::{at, code_of, matter, notice, on_board, step, task},
    seat::{Bundle, set_site, verb},
    wait::wait_for,
};

const TEXT: &str = "木工";

/// What a verb says that must not go well.
fn refused(office: &Office, words: &[&str]) -> String {
    let told = verb(office, words);
    assert!(!told.status.success(), "{words:?} went well");
    String::from_utf8_lossy(&told.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hosted_agency_moves_to_a_site_of_its_own_with_its_books_and_never_comes_back() {
    let both = ["renshe", "jiaoyu"];
    let hosted = |c: &mut suite::config::Config| set_site(&c.profile.dir, "renshe", "hosted");
    let office = Office::start_beside("renshe", &both, &both, hosted).await;
    let (screener, handler) = (office.person("screener").await, office.person("renshe.handler").await);
    let accepted = forwarded(&office, "move-1", "renshe").await;
    let mut own = task(&handler, &accepted, "").await;
    let open = format!("/api/v1/tasks/{}/open", own.dispatch.assignment_id);
    let asked = json!({ "part": "text", "purpose": "handling" });
    let text: Value = handler.post(&open, &asked).await.expect("opened");
    assert!(text.to_string().contains(TEXT));
    step(&handler, &mut own, "notify_acceptance", notice(), "").await.expect("accepted");
    on_board(&screener, &accepted, "handling").await;

    // The register says so, but the node still works: its books are in use.
    let profile = office.suite.site.config.profile.dir.clone();
    set_site(&profile, "renshe", "own");
    let elsewhere = Folder::new("moved");
    let out = elsewhere.path().join("none").display().to_string();
    let pack = ["agency", "pack", "renshe", "--out", &out, "--url", "nats://x:1", "--hand-over"];
    let why = refused(&office, &pack);
    assert!(why.contains("still runs here"), "{why}");
    assert!(!elsewhere.path().join("none").exists(), "a bundle was begun");

    let office = office.restart(|_| {}, &["jiaoyu"]).await;
    let url = bus_of(&office);
    let bundle = Bundle::pack(&office, "renshe", elsewhere.path().join("site"), &url, &["--hand-over"]).await;
    let why = refused(&office, &pack);
    assert!(why.contains("handed over on 2026-08-03"), "{why}");
    let run = ["--bind", "127.0.0.1:0", "run", "--only", "agency", "--agency", "renshe"];
    // Nor when the register is turned back.
    for site in ["own", "hosted"] {
        set_site(&profile, "renshe", site);
        let why = refused(&office, &run);
        assert!(why.contains("its node does not run here"), "{why}");
    }
    set_site(&profile, "renshe", "own");
    // What opens the agency's books is in the bundle alone, and the office's own key is not in it.
    let kek = |dir: &std::path::Path| std::fs::read_to_string(dir.join("keys/kek-1.key")).expect("a key");
    assert_ne!(kek(&bundle.dir.join("data")), kek(office.folder.path()));
    let second = elsewhere.path().join("second");
    assert!(Command::new("cp").arg("-r").arg(&bundle.dir).arg(&second).status().expect("cp").success());

    // The work goes on where it stood, and what came meanwhile comes.
    let later = forwarded(&office, "move-2", "renshe").await;
    let seat = bundle.start(None, "127.0.0.1:0");
    let (handler, head) = (seat.person("own.handler").await, seat.person("own.head").await);
    let text: Value =
        wait_for("the site reaches the office", || async { handler.post::<Value>(&open, &asked).await.ok() })
            .await;
    assert!(text.to_string().contains(TEXT), "{text}");
    answered(&handler, &head, &accepted).await;
    let screener = office.person("screener").await;
    on_board(&screener, &accepted, "closed").await;
    let mut waiting = task(&handler, &later, "").await;
    step(&handler, &mut waiting, "sign", json!({}), "").await.expect("signed");
    assert_eq!(told(&screener, &later, "assignment_signed").await, 1);
    for id in [&accepted, &later] {
        assert_eq!(told(&screener, id, "assignment_delivered").await, 1);
        let timeline = at(&matter(&screener, id).await, "/timeline").to_string();
        assert!(!timeline.contains("return_set_aside"), "{timeline}");
    }
    // The office speaks no more for its people.
    let old = office.person("renshe.handler").await;
    assert_eq!(code_of(old.get::<Value>("/api/v1/tasks").await), "not_signed_in");
    let (well, said) = Bundle::at(second, "renshe").start(None, "127.0.0.1:0").ended().await;
    assert!(!well && said.contains("Another site has answered for this agency"), "{said}");
    seat.kill();
    office.stop().await;
}
