//! 规则变更: policy rules and a catalogue that come into force while the office runs, each from its day on; a matter keeps
//! the rules of its time.

use calendar::RuleId;
use serde_json::Value;

use crate::office::{
    Office,
    letter::{claim, forward_to, register, screen, task},
    seat::verb,
    wait::wait_for,
};

/// Ten days instead of fifteen, from the fifth of August on.
const POLICY: &str = r#"
version = "story-1"
title = { zh = "云岭市规则集（虚构修订）", en = "Yunling (fictional, amended)" }
[laws.yunling]
zh = "《云岭市信访工作实施细则》（虚构）"
en = "Yunling Petition Rules (fictional)"
[[rules]]
id = "T03"
law = "yunling"
article = "Art. 9"
standing = "local"
days = 10
unit = "natural"
valid_from = "FROM"
"#;

/// A file in the office's folder, and what the program says to it.
fn loaded(office: &Office, verbs: [&str; 2], text: &str) -> (bool, String) {
    let file = office.folder.path().join(format!("{}.toml", verbs[0]));
    std::fs::write(&file, text).expect("a file");
    let told = verb(office, &[verbs[0], verbs[1], file.to_str().expect("a path")]);
    let said = [told.stdout, told.stderr].concat();
    (told.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_that_are_loaded_hold_from_their_day_on_and_a_matter_keeps_those_of_its_time() {
    let office = Office::start(&["renshe"]).await;
    let (desk, screener) = (office.person("registrar").await, office.person("screener").await);
    let handler = office.person("renshe.handler").await;
    let t03 = async |key: &str| {
        let id = register(&desk, key, &claim()).await.submission_id.to_string();
        screen(&screener, &id, forward_to("renshe")).await.expect("forwarded");
        let held = task(&handler, &id, "").await;
        let due = held.dues.iter().find(|due| due.rule == RuleId::T03).expect("T03").clone();
        (due.nominal_on.to_string(), due.profile_version)
    };
    let (well, said) = loaded(&office, ["policy", "load"], &POLICY.replace("FROM", "2026-08-02"));
    assert!(!well && said.contains("T03") && said.contains("valid_from"), "{said}");
    let (well, said) = loaded(&office, ["policy", "load"], &POLICY.replace("FROM", "2026-08-05"));
    assert!(well && said.contains("story-1"), "{said}");
    let law = wait_for("the office computes by the rules", || async {
        let version = office.suite.site.locality.policy.version().to_owned();
        version.ends_with("+story-1").then_some(version)
    })
    .await;

    let catalogue = std::fs::read_to_string(office.suite.site.config.profile.dir.join("catalogue.toml"));
    let amended = catalogue
        .expect("the sample's catalogue")
        .replace("version = \"sample-1\"", "version = \"story-1\"")
        .replacen("valid_from = \"2024-01-01\"", "valid_from = \"2026-08-05\"", 1)
        + "\n[[category]]\ncode = \"urban.story\"\nname_zh = \"虚构新类\"\nname_en = \"Fictional\"\n";
    let (well, said) = loaded(&office, ["catalogue", "load"], &amended);
    assert!(well && said.contains("2026-08-05"), "{said}");
    let listed = async || {
        let page: Value = desk.get("/api/v1/categories?limit=200").await.expect("categories");
        page.to_string().contains("urban.story")
    };

    assert_eq!(t03("rules-1").await, ("2026-08-18".to_owned(), law.clone()), "fifteen days on the third");
    assert!(!listed().await, "not yet in force");
    office.set_clock("2026-08-05T09:00:00+08:00");
    assert_eq!(t03("rules-2").await, ("2026-08-15".to_owned(), law), "ten days on the fifth");
    wait_for("the new category", || async { listed().await.then_some(()) }).await;
    office.stop().await;
}
